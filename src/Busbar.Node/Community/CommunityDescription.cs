using Busbar.Cryptography;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Supply;
using NodaTime;

namespace Busbar.Node.Community;

/// <summary>What a community is made of, as its operator describes it.</summary>
public sealed record CommunityDescription
{
    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The zone of its civil time.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>Its rules of metering.</summary>
    public MeteringRules Rules { get; init; } = new();

    /// <summary>When no trip for debt begins, and the grace of meters that are cut off; null for no quiet hours, no holidays and 72 hours.</summary>
    public SupplyCalendar? Supply { get; init; }

    /// <summary>
    /// The people who regulate it from its first block on, none twice, never the node's own owner; empty for the node's own key. Afterwards
    /// the ledger has the word.
    /// </summary>
    public IReadOnlyList<Address> Regulators { get; init; } = [];

    /// <summary>Its microgrids, one or more.</summary>
    public required IReadOnlyList<MicrogridDescription> Microgrids { get; init; }

    /// <summary>All meters with their microgrids.</summary>
    public IEnumerable<(MicrogridDescription Microgrid, MeterDescription Meter)> AllMeters =>
        Microgrids.SelectMany(microgrid => microgrid.Meters.Select(meter => (microgrid, meter)));
}

/// <summary>One microgrid.</summary>
/// <param name="Id">Its number on the ledger.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Meters">Its meters as far as they are described; regulators may register more.</param>
public sealed record MicrogridDescription(MicrogridId Id, string Name, IReadOnlyList<MeterDescription> Meters);

/// <summary>One meter.</summary>
/// <param name="Meter">Its key.</param>
/// <param name="Name">Its name, for people; never on the ledger.</param>
/// <param name="Kind">What it measures.</param>
public sealed record MeterDescription(MeterId Meter, string Name, MeterKind Kind)
{
    /// <summary>Whose it is; null for the community's own.</summary>
    public Address? Participant { get; init; }

    /// <summary>Whether its participant only takes, or also gives.</summary>
    public bool Produces { get; init; }

    /// <summary>The most that its connection carries; null for the community's default.</summary>
    public Power? Connection { get; init; }

    /// <summary>The firmware that it is registered with.</summary>
    public Hash256 Firmware { get; init; }

    /// <summary>The directory's entry of this meter; what the description does not say stays as it was.</summary>
    internal House ToHouse(MicrogridId microgrid, NodeKeys keys, House? before) =>
        new(Meter, Name, Kind, microgrid, Participant is null ? default : keys.PremisesOf(Meter))
        {
            District = before?.District ?? "",
            Feeder = before?.Feeder ?? "",
            Connection = Connection,
        };
}
