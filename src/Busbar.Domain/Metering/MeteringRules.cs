using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Metering;

/// <summary>What a community decides about metering. What is open when it changes goes on under the new rules from then on.</summary>
public sealed record MeteringRules
{
    /// <summary>The length of intervals. Default 15 minutes.</summary>
    public IntervalLength Length { get; init; } = IntervalLength.Default;

    /// <summary>How long after an interval's end missing readings are waited for. Default 5 minutes.</summary>
    public Duration Waiting { get; init; } = Duration.FromMinutes(5);

    /// <summary>How long a closed interval gathers late readings before it is corrected by a new version. Default 1 minute.</summary>
    public Duration CorrectionDelay { get; init; } = Duration.FromMinutes(1);

    /// <summary>How far ahead of the node's clock a meter's may be. Default 2 minutes.</summary>
    public Duration ClockTolerance { get; init; } = Duration.FromMinutes(2);

    /// <summary>How old a reading may be and still correct its interval. Default 35 days, what a meter keeps.</summary>
    public Duration LateLimit { get; init; } = Duration.FromDays(35);

    /// <summary>The most that a connection carries unless <see cref="Connections"/> says otherwise. Default 25 kW.</summary>
    public Power Connection { get; init; } = Power.FromWatts(25_000);

    /// <summary>The most that the connections of single meters carry.</summary>
    public IReadOnlyDictionary<MeterId, Power> Connections { get; init; } = new Dictionary<MeterId, Power>();

    /// <summary>The most that a meter's connection carries.</summary>
    public Power ConnectionOf(MeterId meter) => Connections.GetValueOrDefault(meter, Connection);
}
