using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Supply;

/// <summary>What the ledger says of the supply of a premises.</summary>
/// <param name="Premises">Which.</param>
/// <param name="Meters">The meters through which it is supplied.</param>
/// <param name="PaidUntil">Until when it may be supplied; null when nothing ends it.</param>
public sealed record SupplyFact(PremisesId Premises, IReadOnlyList<MeterId> Meters, Instant? PaidUntil)
{
    /// <summary>Whether it is never tripped for debt.</summary>
    public bool IsProtected { get; init; }

    /// <summary>Until when an emergency is declared for it; null when none is.</summary>
    public Instant? EmergencyUntil { get; init; }

    /// <summary>Whether supplying it is dangerous.</summary>
    public bool HasSafetyTrip { get; init; }

    /// <summary>Whether energy is stolen there.</summary>
    public bool HasTheftTrip { get; init; }
}
