namespace Busbar.Domain.Supply;

/// <summary>Whether a premises is supplied, and why. The default is no decision.</summary>
/// <param name="Relay">What the relay is to be.</param>
/// <param name="Reason">Why.</param>
public readonly record struct SupplyDecision(RelayState Relay, SupplyReason Reason)
{
    internal static SupplyDecision Closed(SupplyReason reason) => new(RelayState.Closed, reason);

    internal static SupplyDecision Open(SupplyReason reason) => new(RelayState.Open, reason);
}

/// <summary>The relay between the mains and a premises.</summary>
public enum RelayState
{
    /// <summary>Not known.</summary>
    None,

    /// <summary>Closed: the premises is supplied.</summary>
    Closed,

    /// <summary>Open: it is not.</summary>
    Open,
}

/// <summary>Why a relay is to be as it is. The names are on the wire and in stores: none is ever renamed.</summary>
public enum SupplyReason
{
    /// <summary>Not known.</summary>
    None,

    /// <summary>Closed: the meter never had a permit, as one that is freshly installed.</summary>
    NoPermitYet,

    /// <summary>Closed: its permit holds.</summary>
    PermitHeld,

    /// <summary>Closed: the premises is never tripped for debt.</summary>
    Protected,

    /// <summary>Closed: an emergency is declared.</summary>
    Emergency,

    /// <summary>Closed, though the permit has ended: no trip for debt begins in quiet hours.</summary>
    QuietHours,

    /// <summary>Closed, though the permit has ended: no trip for debt begins before a day that the community has named.</summary>
    NoTripYet,

    /// <summary>Closed, though the permit has ended: the meter is cut off from its node, which is not the household's doing.</summary>
    WithinGrace,

    /// <summary>As it was: the clock is not set, so nobody can tell whether the permit holds.</summary>
    ClockUnknown,

    /// <summary>Open: the permit has ended, or there is none.</summary>
    PermitEnded,

    /// <summary>Open: supplying the premises is dangerous.</summary>
    SafetyTrip,

    /// <summary>Open: energy is stolen there.</summary>
    TheftTrip,

    /// <summary>Open: the meter's own sensors say that supplying is dangerous.</summary>
    LocalTrip,
}
