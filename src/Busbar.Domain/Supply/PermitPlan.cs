using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Supply;

/// <summary>What a node tells a meter of the ledger's facts, and when it has to tell it anew.</summary>
/// <param name="calendar">When no trip for debt begins.</param>
/// <param name="outages">When the node was not running, oldest first.</param>
public sealed class PermitPlan(SupplyCalendar calendar, params IReadOnlyList<NodeOutage> outages)
{
    /// <summary>The longest that a permit reaches: a meter that is lost to its node trips some day.</summary>
    public static readonly Duration Longest = Duration.FromDays(35);

    /// <summary>A permit that the ledger would let reach further is made anew when less than this is left of it.</summary>
    public static readonly Duration RenewedBelow = Duration.FromDays(28);

    /// <summary>The permit that a meter must have now.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="fact">What the ledger says.</param>
    /// <param name="trips">Trips that the operator commanded.</param>
    /// <param name="last">The permit that it was given last; null when it never was.</param>
    /// <param name="held">The highest sequence number that it is known to hold: more than the last one's where a node was restored from a backup.</param>
    /// <param name="now">The time.</param>
    /// <returns>The last one when it still says what is to be said, else the next.</returns>
    /// <exception cref="OverflowException">The sequence numbers are used up.</exception>
    public SupplyPermit Next(MeterId meter, SupplyFact fact, SupplyFlags trips, SupplyPermit? last, ulong held, Instant now)
    {
        ArgumentNullException.ThrowIfNull(fact);
        var until = Until(fact.PaidUntil, last, now);
        var wanted = new SupplyPermit(meter, checked(Math.Max(last?.Sequence ?? 0, held) + 1), WholeSecond(now), until)
        {
            Grace = GraceOf(until),
            Flags = FlagsOf(fact, trips, now),
            Quiet = calendar.Quiet,
            Offset = calendar.OffsetAt(Instant.Max(until, now)),
            NoTripBefore = NoTripBefore(until, now),
        };
        return last is not null && wanted with { Sequence = last.Sequence, IssuedAt = last.IssuedAt } == last && IsGood(last, held, now)
            ? last
            : wanted;
    }

    /// <summary>When premises are tripped whose permit ends at an instant: later by what outages of the node took of the time to pay.</summary>
    public Instant TripAfter(Instant until) => outages.Aggregate(until, (end, outage) => outage.TripAfter(end, calendar.Grace));

    private Instant? NoTripBefore(Instant until, Instant now)
    {
        var end = TripAfter(until);
        return calendar.NoTripBefore(Instant.Max(end, now)) ?? (end > until ? WholeSecond(end) : null);
    }

    // One that was issued by a clock that ran ahead is refused by every meter, and one below what the meter holds too.
    private static bool IsGood(SupplyPermit last, ulong held, Instant now) =>
        last.Sequence >= held && last.IssuedAt <= now + PermitJudge.Ahead;

    private static Instant Until(Instant? paidUntil, SupplyPermit? last, Instant now)
    {
        // The first second of the epoch would mean none on the wire, and what is longer past than that is no more past.
        var end = Instant.Max(WholeSecond(paidUntil ?? Instant.MaxValue), Instant.FromUnixTimeSeconds(1));
        if (end <= now + Longest)
            return end;
        return last?.Until is { } kept && kept <= end && kept - now >= RenewedBelow ? kept : WholeSecond(now + Longest);
    }

    // A meter that is cut off trips when its grace is over; when that is a holiday, its grace lasts over it.
    private Duration GraceOf(Instant until) =>
        calendar.NoTripBefore(until + calendar.Grace) is { } after ? after - until : calendar.Grace;

    private static SupplyFlags FlagsOf(SupplyFact fact, SupplyFlags trips, Instant now) =>
        (trips & (SupplyFlags.SafetyTrip | SupplyFlags.TheftTrip))
        | (fact.HasSafetyTrip ? SupplyFlags.SafetyTrip : SupplyFlags.None)
        | (fact.HasTheftTrip ? SupplyFlags.TheftTrip : SupplyFlags.None)
        | (fact.IsProtected ? SupplyFlags.Protected : SupplyFlags.None)
        | (fact.EmergencyUntil > now ? SupplyFlags.Emergency : SupplyFlags.None);

    private static Instant WholeSecond(Instant instant) => Instant.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}
