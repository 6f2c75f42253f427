using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Busbar.Domain.Tests.Testing;
using NodaTime;

namespace Busbar.Domain.Tests.Supply;

public sealed class PermitPlanTests
{
    private static readonly MeterId Meter = new(Sample.Key.Address);
    private static readonly DateTimeZone India = DateTimeZoneProviders.Tzdb["Asia/Kolkata"];
    private static readonly Instant Now = Sample.Noon;

    [Fact]
    public void Next_FirstPermit_ReachesAsFarAsTheLedgerLets()
    {
        var permit = Next(Fact(Now + Duration.FromDays(12)));

        Assert.Equal(new SupplyPermit(Meter, 1, Now, Now + Duration.FromDays(12)) { Offset = 19_800 }, permit);
    }

    [Fact]
    public void Next_NothingEndsIt_ReachesNoFurtherThanTheLongest() => Assert.Equal(Now + PermitPlan.Longest, Next(Fact(null)).Until);

    [Fact]
    public void Next_NothingNew_IsTheSameUntilItIsToBeRenewed()
    {
        var first = Next(Fact(null));

        Assert.Same(first, Next(Fact(null), first, Now + Duration.FromDays(7)));

        var second = Next(Fact(null), first, Now + Duration.FromDays(7) + Duration.FromSeconds(1));
        Assert.Equal(2u, second.Sequence);
        Assert.Equal(Now + Duration.FromDays(42) + Duration.FromSeconds(1), second.Until);
    }

    [Fact]
    public void Next_PaidInTime_IsTheSameUntilItsEnd()
    {
        var fact = Fact(Now + Duration.FromDays(20));
        var first = Next(fact);

        Assert.Same(first, Next(fact, first, Now + Duration.FromDays(19)));
        Assert.Same(first, Next(fact, first, Now + Duration.FromDays(25)));
    }

    [Fact]
    public void Next_LedgerShortensIt_IsTold()
    {
        var first = Next(Fact(null));

        var second = Next(Fact(Now - Duration.FromDays(1)), first, Now + Duration.FromDays(2));

        Assert.Equal(new SupplyPermit(Meter, 2, Now + Duration.FromDays(2), Now - Duration.FromDays(1)) { Offset = 19_800 }, second);
    }

    [Fact]
    public void Next_Flags_AreToldAndTakenBack()
    {
        var fact = Fact(null) with { IsProtected = true, HasTheftTrip = true, EmergencyUntil = Now + Duration.FromHours(1) };

        var first = Next(fact, trips: SupplyFlags.SafetyTrip);
        var second = Next(fact, first, Now + Duration.FromHours(1), SupplyFlags.SafetyTrip);
        var third = Next(Fact(null), second, Now + Duration.FromHours(1));

        Assert.Equal(SupplyFlags.Protected | SupplyFlags.TheftTrip | SupplyFlags.Emergency | SupplyFlags.SafetyTrip, first.Flags);
        Assert.Equal(SupplyFlags.Protected | SupplyFlags.TheftTrip | SupplyFlags.SafetyTrip, second.Flags);
        Assert.Equal(SupplyFlags.None, third.Flags);
        Assert.Equal(3u, third.Sequence);
    }

    [Fact]
    public void Next_ClockGoesBack_SequenceGrows()
    {
        var first = Next(Fact(null));

        Assert.Equal(2u, Next(Fact(Now), first, Now - Duration.FromDays(400)).Sequence);
    }

    [Fact]
    public void Next_MeterHoldsAHigherNumber_IsIssuedAnewAboveIt()
    {
        var first = Next(Fact(null));

        var second = Next(Fact(null), first, held: 12);

        Assert.Equal(13u, second.Sequence);
        Assert.Same(second, Next(Fact(null), second, held: 13));
    }

    [Fact]
    public void Next_IssuedByAClockThatRanAhead_IsIssuedAnew()
    {
        var first = Next(Fact(Now));

        var second = Next(Fact(Now), first, Now - Duration.FromDays(1));

        Assert.Equal((2UL, Now - Duration.FromDays(1)), (second.Sequence, second.IssuedAt));
    }

    [Fact]
    public void NoTripBefore_EndInAHoliday_IsTheNextDaysBeginning()
    {
        // 1 March 12:00 UTC is 17:30 in India; its day ends at 18:30 UTC.
        var calendar = new SupplyCalendar(India) { Holidays = new HashSet<LocalDate> { new(2026, 3, 1) } };

        Assert.Equal(Instant.FromUtc(2026, 3, 1, 18, 30), calendar.NoTripBefore(Now));
        Assert.Null(calendar.NoTripBefore(Now - Duration.FromDays(1)));
    }

    [Fact]
    public void NoTripBefore_QuietNightBeforeAHoliday_LeadsIntoIt()
    {
        var calendar = new SupplyCalendar(India)
        {
            Quiet = new(17 * 60, 6 * 60),
            Holidays = new HashSet<LocalDate> { new(2026, 3, 2), new(2026, 3, 3) },
        };

        // To midnight, then quiet until six, then the two days, then quiet until six: the days' end is told, the night the meter keeps.
        Assert.Equal(Instant.FromUtc(2026, 3, 3, 18, 30), calendar.NoTripBefore(Now));
    }

    [Fact]
    public void Next_GraceEndsInAHoliday_LastsOverIt()
    {
        var calendar = new SupplyCalendar(India) { Holidays = new HashSet<LocalDate> { new(2026, 3, 4) } };

        var permit = new PermitPlan(calendar).Next(Meter, Fact(Now), SupplyFlags.None, last: null, held: 0, Now);

        Assert.Equal(Duration.FromHours(78.5), permit.Grace);
        Assert.Null(permit.NoTripBefore);
    }

    [Fact]
    public void Next_UnpaidOnAHoliday_IsToldToWaitAndAfterwardsNot()
    {
        var plan = new PermitPlan(new SupplyCalendar(India) { Holidays = new HashSet<LocalDate> { new(2026, 3, 1) } });
        var fact = Fact(Now - Duration.FromDays(3));

        var first = plan.Next(Meter, fact, SupplyFlags.None, last: null, held: 0, Now);
        var second = plan.Next(Meter, fact, SupplyFlags.None, first, held: 0, Now + Duration.FromHours(1));
        var third = plan.Next(Meter, fact, SupplyFlags.None, second, held: 0, Now + Duration.FromHours(7));

        Assert.Equal(Instant.FromUtc(2026, 3, 1, 18, 30), first.NoTripBefore);
        Assert.Same(first, second);
        Assert.Null(third.NoTripBefore);
    }

    [Theory]
    [InlineData(-6, -6)]
    [InlineData(-5, 5)]
    [InlineData(-1, 5)]
    [InlineData(4, 5)]
    [InlineData(5, 5)]
    [InlineData(7, 7)]
    public void Next_NodeWasAwayForFiveHours_WhoHadNoTimeToPayIsGivenIt(int untilHours, int tripHours)
    {
        var until = Now + Duration.FromHours(untilHours);
        var plan = new PermitPlan(new SupplyCalendar(India), new NodeOutage(Now - Duration.FromHours(5), Now));

        var permit = plan.Next(Meter, Fact(until), SupplyFlags.None, last: null, held: 0, Now);

        Assert.Equal(until, permit.Until);
        Assert.Equal(untilHours == tripHours ? null : Now + Duration.FromHours(tripHours), permit.NoTripBefore);
        Assert.Equal(Now + Duration.FromHours(tripHours), plan.TripAfter(until));
        Assert.Same(permit, plan.Next(Meter, Fact(until), SupplyFlags.None, permit, held: 0, Now + Duration.FromHours(6)));
    }

    [Fact]
    public void TripAfter_NodeWasAwayForAMonth_NoMoreThanTheGraceIsGiven() => Assert.Equal(
        Now + SupplyPermit.DefaultGrace,
        new PermitPlan(new SupplyCalendar(India), new NodeOutage(Now - Duration.FromDays(30), Now)).TripAfter(Now - Duration.FromDays(20)));

    [Fact]
    public void TripAfter_AwayAgainInTheTimeThatWasGiven_IsGivenThatTimeToo()
    {
        var first = new NodeOutage(Now - Duration.FromHours(10), Now - Duration.FromHours(5));
        var second = new NodeOutage(Now - Duration.FromHours(3), Now);

        Assert.Equal(Now + Duration.FromHours(3), new PermitPlan(new SupplyCalendar(India), first, second).TripAfter(Now - Duration.FromHours(9)));
    }

    [Fact]
    public void Next_GivenTimeEndsOnAHoliday_NoTripBeforeItIsOver()
    {
        var calendar = new SupplyCalendar(India) { Holidays = new HashSet<LocalDate> { new(2026, 3, 2) } };
        var plan = new PermitPlan(calendar, new NodeOutage(Now - Duration.FromHours(24), Now));

        Assert.Equal(
            Instant.FromUtc(2026, 3, 2, 18, 30),
            plan.Next(Meter, Fact(Now - Duration.FromHours(1)), SupplyFlags.None, last: null, held: 0, Now).NoTripBefore);
    }

    [Fact]
    public void Between_ShortOrBackwards_IsNoOutage()
    {
        Assert.Null(NodeOutage.Between(mark: null, Now));
        Assert.Null(NodeOutage.Between(Now - NodeOutage.Shortest + Duration.FromSeconds(1), Now));
        Assert.Null(NodeOutage.Between(Now + Duration.FromDays(1), Now));
        Assert.Equal(new NodeOutage(Now - NodeOutage.Shortest, Now), NodeOutage.Between(Now - NodeOutage.Shortest, Now));
    }

    private static SupplyFact Fact(Instant? paidUntil) => new(new(Sample.Hash(1)), [Meter], paidUntil);

    private static SupplyPermit Next(SupplyFact fact, SupplyPermit? last = null, Instant? now = null, SupplyFlags trips = SupplyFlags.None, ulong held = 0) =>
        new PermitPlan(new SupplyCalendar(India)).Next(Meter, fact, trips, last, held, now ?? Now);
}
