using NodaTime;

namespace Busbar.Domain.Supply;

/// <summary>
/// Decides whether a meter supplies. What hinders a trip for debt (quiet hours, a named day, being cut off, a clock that is not set) only
/// keeps closed what is closed: a relay that is open for debt comes back with a permit and not otherwise, so that nobody gains by pulling
/// a network cable.
/// </summary>
public static class SupplyRule
{
    /// <summary>Decides.</summary>
    public static SupplyDecision Decide(SupplySituation situation)
    {
        ArgumentNullException.ThrowIfNull(situation);
        if (situation.HasLocalTrip)
            return SupplyDecision.Open(SupplyReason.LocalTrip);
        if (situation.Permit is not { } permit)
            return SupplyDecision.Closed(SupplyReason.NoPermitYet);
        if (permit.Flags.HasFlag(SupplyFlags.SafetyTrip))
            return SupplyDecision.Open(SupplyReason.SafetyTrip);
        if (permit.Flags.HasFlag(SupplyFlags.TheftTrip))
            return SupplyDecision.Open(SupplyReason.TheftTrip);
        if (permit.Flags.HasFlag(SupplyFlags.Protected))
            return SupplyDecision.Closed(SupplyReason.Protected);
        if (permit.Flags.HasFlag(SupplyFlags.Emergency))
            return SupplyDecision.Closed(SupplyReason.Emergency);
        if (situation.Now is not { } now)
            return WithoutClock(permit, situation.TrippedUnder);
        if (permit.HoldsAt(now))
            return SupplyDecision.Closed(SupplyReason.PermitHeld);
        if (situation.TrippedUnder is not null)
            return SupplyDecision.Open(SupplyReason.PermitEnded);
        return Ended(permit, now, situation.IsCutOff);
    }

    private static SupplyDecision Ended(SupplyPermit permit, Instant now, bool isCutOff)
    {
        if (now < permit.NoTripBefore)
            return SupplyDecision.Closed(SupplyReason.NoTripYet);
        if (permit.Quiet.Contains(now, permit.Offset))
            return SupplyDecision.Closed(SupplyReason.QuietHours);
        // Grace lengthens a permit; where there was none there is nothing to lengthen.
        if (isCutOff && permit.Until is { } until && now < until + permit.Grace)
            return SupplyDecision.Closed(SupplyReason.WithinGrace);
        return SupplyDecision.Open(SupplyReason.PermitEnded);
    }

    // Without a clock the instant of issue is all that is known of the time. A permit that held then, and that is newer than the one that
    // was tripped under, brings the supply back; else turning the meter off and on would.
    private static SupplyDecision WithoutClock(SupplyPermit permit, ulong? trippedUnder) =>
        trippedUnder is { } tripped && (permit.Sequence <= tripped || !permit.HoldsAt(permit.IssuedAt))
            ? SupplyDecision.Open(SupplyReason.ClockUnknown)
            : SupplyDecision.Closed(SupplyReason.ClockUnknown);
}
