using NodaTime;

namespace Busbar.Domain.Supply;

/// <summary>All that a meter knows when it decides whether to supply.</summary>
/// <param name="Permit">The newest permit that it believes; null when it never had one.</param>
/// <param name="Now">The time; null while its clock is not set.</param>
public sealed record SupplySituation(SupplyPermit? Permit, Instant? Now)
{
    /// <summary>Whether it is cut off from its node, or the node has not yet said on this connection what the newest permit is.</summary>
    public bool IsCutOff { get; init; }

    /// <summary>The sequence number of the permit under whose end it was tripped for debt; null while it is not.</summary>
    public ulong? TrippedUnder { get; init; }

    /// <summary>Whether the meter's own safety sensors have tripped it.</summary>
    public bool HasLocalTrip { get; init; }
}
