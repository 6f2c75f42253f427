using Busbar.Domain.Supply;
using Busbar.Domain.Tests.Testing;
using NodaTime;

namespace Busbar.Domain.Tests.Supply;

public sealed class SupplyRuleTests
{
    private static readonly Instant End = Sample.Noon;

    private static readonly SupplyPermit Permit = new(new(Sample.Key.Address), 7, End - Duration.FromDays(10), End);

    [Fact]
    public void Decide_NoPermitEver_Supplies() =>
        AssertDecides(RelayState.Closed, SupplyReason.NoPermitYet, new(null, End) { IsCutOff = true });

    [Fact]
    public void Decide_TheSecondBeforeTheEnd_Supplies() =>
        AssertDecides(RelayState.Closed, SupplyReason.PermitHeld, new(Permit, End - Duration.FromSeconds(1)));

    [Fact]
    public void Decide_TheEnd_Trips() => AssertDecides(RelayState.Open, SupplyReason.PermitEnded, new(Permit, End));

    [Fact]
    public void Decide_NoPermitAtAll_TripsAtOnceEvenWhenCutOff() =>
        AssertDecides(RelayState.Open, SupplyReason.PermitEnded, new(Permit with { Until = null }, End) { IsCutOff = true });

    [Fact]
    public void Decide_CutOff_SuppliesUntilTheGraceIsOver()
    {
        var over = End + SupplyPermit.DefaultGrace;

        AssertDecides(RelayState.Closed, SupplyReason.WithinGrace, new(Permit, over - Duration.FromSeconds(1)) { IsCutOff = true });
        AssertDecides(RelayState.Open, SupplyReason.PermitEnded, new(Permit, over) { IsCutOff = true });
    }

    [Fact]
    public void Decide_TrippedThenCutOff_StaysOpen() =>
        AssertDecides(RelayState.Open, SupplyReason.PermitEnded, new(Permit, End + Duration.FromHours(1)) { IsCutOff = true, TrippedUnder = 7 });

    [Fact]
    public void Decide_QuietHours_BeginNoTrip()
    {
        // 12:00 UTC is 17:30 in India.
        var quiet = Permit with { Quiet = new(17 * 60, 6 * 60), Offset = 19_800 };

        AssertDecides(RelayState.Closed, SupplyReason.QuietHours, new(quiet, End));
        AssertDecides(RelayState.Closed, SupplyReason.QuietHours, new(quiet, End + Duration.FromMinutes((12 * 60) + 29)));
        AssertDecides(RelayState.Open, SupplyReason.PermitEnded, new(quiet, End + Duration.FromMinutes((12 * 60) + 30)));
    }

    [Fact]
    public void Decide_TrippedBeforeQuietHours_StaysOpenInThem() => AssertDecides(
        RelayState.Open, SupplyReason.PermitEnded, new(Permit with { Quiet = new(12 * 60, 13 * 60) }, End) { TrippedUnder = 7 });

    [Fact]
    public void Decide_BeforeTheEarliestTrip_Supplies()
    {
        var later = Permit with { NoTripBefore = End + Duration.FromHours(5) };

        AssertDecides(RelayState.Closed, SupplyReason.NoTripYet, new(later, End + Duration.FromHours(5) - Duration.FromSeconds(1)));
        AssertDecides(RelayState.Open, SupplyReason.PermitEnded, new(later, End + Duration.FromHours(5)));
    }

    [Theory]
    [InlineData(SupplyFlags.Protected, SupplyReason.Protected)]
    [InlineData(SupplyFlags.Emergency, SupplyReason.Emergency)]
    public void Decide_ProtectedOrEmergency_SuppliesWithoutAPermit(SupplyFlags flags, SupplyReason reason)
    {
        AssertDecides(RelayState.Closed, reason, new(Permit with { Flags = flags, Until = null }, End));
        AssertDecides(RelayState.Closed, reason, new(Permit with { Flags = flags }, End + Duration.FromDays(400)) { TrippedUnder = 7 });
    }

    [Theory]
    [InlineData(SupplyFlags.SafetyTrip, SupplyReason.SafetyTrip)]
    [InlineData(SupplyFlags.TheftTrip, SupplyReason.TheftTrip)]
    public void Decide_SafetyOrTheft_TripsWhateverElseHolds(SupplyFlags flags, SupplyReason reason)
    {
        var paid = Permit with { Flags = flags | SupplyFlags.Protected | SupplyFlags.Emergency, Quiet = new(0, 1439), NoTripBefore = End };

        AssertDecides(RelayState.Open, reason, new(paid, End - Duration.FromDays(1)));
        AssertDecides(RelayState.Open, reason, new(paid, null) { IsCutOff = true });
    }

    [Fact]
    public void Decide_LocalTrip_OutranksEverything() => AssertDecides(
        RelayState.Open, SupplyReason.LocalTrip, new(Permit with { Flags = SupplyFlags.Protected }, End - Duration.FromDays(1)) { HasLocalTrip = true });

    [Fact]
    public void Decide_ClockUnknown_LeavesTheRelayAsItIs()
    {
        AssertDecides(RelayState.Closed, SupplyReason.ClockUnknown, new(Permit with { Until = null }, null));
        AssertDecides(RelayState.Open, SupplyReason.ClockUnknown, new(Permit, null) { TrippedUnder = 7 });
    }

    [Fact]
    public void Decide_ClockUnknownAndANewerPermit_Returns()
    {
        AssertDecides(RelayState.Closed, SupplyReason.ClockUnknown, new(Permit with { Sequence = 8 }, null) { TrippedUnder = 7 });
        AssertDecides(RelayState.Open, SupplyReason.ClockUnknown, new(Permit with { Sequence = 8, IssuedAt = End }, null) { TrippedUnder = 7 });
    }

    private static void AssertDecides(RelayState relay, SupplyReason reason, SupplySituation situation) =>
        Assert.Equal(new SupplyDecision(relay, reason), SupplyRule.Decide(situation));
}
