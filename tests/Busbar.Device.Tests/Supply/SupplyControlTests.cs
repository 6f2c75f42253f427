using Busbar.Cryptography;
using Busbar.Device.Boards;
using Busbar.Device.Clock;
using Busbar.Device.Supply;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Busbar.Tests;
using NodaTime;

namespace Busbar.Device.Tests.Supply;

/// <summary>A meter's supply as a script of seconds on a fake clock.</summary>
public sealed class SupplyControlTests : IDisposable
{
    private static readonly PrivateKey Community = PrivateKey.FromSeed("a community"u8);
    private static readonly MeterId Meter = new(TestReadings.Key.Address);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<SupplyEvent> _events = [];
    private readonly SimulatedBoard _board = new(() => 1000);
    private readonly MeterClock _clock;
    private SupplyControl _control;

    public SupplyControlTests()
    {
        _clock = new(_time, ownIsTrusted: false);
        _clock.Set(Start);
        _control = Open();
    }

    private static Instant Start => Instant.FromUtc(2026, 1, 1, 0, 0);

    private Instant Now => Instant.FromDateTimeOffset(_time.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Step_FreshlyInstalled_Supplies()
    {
        Run(TimeSpan.FromDays(400), TimeSpan.FromDays(1));

        Assert.Equal(new SupplyReport(RelayState.Closed, SupplyReason.NoPermitYet, null), _control.Report);
        Assert.Empty(_events);
    }

    [Fact]
    public void Take_PermitEndsThenANewOne_TripsAndReturns()
    {
        Take(Permit(1, Start + Duration.FromHours(1)));
        Run(TimeSpan.FromMinutes(59));
        Assert.Equal(new SupplyReport(RelayState.Closed, SupplyReason.PermitHeld, 1), _control.Report);

        Run(TimeSpan.FromMinutes(1));
        Assert.Equal(new SupplyReport(RelayState.Open, SupplyReason.PermitEnded, 1), _control.Report);
        Assert.Equal(0, _board.Power.Watts);

        Take(Permit(2, Now + Duration.FromDays(30)));
        Assert.Equal(new SupplyReport(RelayState.Closed, SupplyReason.PermitHeld, 2), _control.Report);
        Assert.Equal(1000, _board.Power.Watts);
        Assert.Equal(
            [
                new SupplyEvent.RelaySwitched(RelayState.Open, SupplyReason.PermitEnded, 1),
                new SupplyEvent.RelaySwitched(RelayState.Closed, SupplyReason.PermitHeld, 2),
            ],
            _events);
    }

    [Fact]
    public void Take_WhatIsNotToBeBelieved_IsRefusedByNameAndChangesNothing()
    {
        Take(Permit(5, Start + Duration.FromDays(10)));
        var before = _control.Report;

        _control.Take("{}"u8);
        Take(Permit(4, null));
        Take(Permit(5, null));
        Take(Permit(6, null) with { Meter = new(Community.Address) });
        Take(Permit(6, null) with { IssuedAt = Start + Duration.FromHours(1) });
        _control.Take(SupplyPermitJson.Encode(SignedPermit.Sign(Permit(6, null), TestReadings.Domain, TestReadings.Key)));

        Assert.Equal(before, _control.Report);
        Assert.Equal(
            [(null, "Malformed"), (4, "Replayed"), (5, "Replayed"), (6, "WrongMeter"), (6, "IssuedInFuture"), (6UL, "WrongSigner")],
            _events.Cast<SupplyEvent.PermitRefused>().Select(refused => (refused.Sequence, refused.Refused.Reason)));
        Assert.All(_events.Cast<SupplyEvent.PermitRefused>(), refused => Assert.Equal(5UL, refused.Newest));
    }

    [Fact]
    public void Take_TheNewestOnceMore_IsNotRefused()
    {
        Take(Permit(5, Start + Duration.FromDays(10)));
        Take(Permit(5, Start + Duration.FromDays(10)));

        Assert.Empty(_events);
    }

    [Fact]
    public void Take_IssuedInFuture_IsObeyedWhenItsTimeHasCome()
    {
        Take(Permit(1, null) with { IssuedAt = Start + Duration.FromHours(1) });
        Run(TimeSpan.FromMinutes(49));
        Assert.Equal(RelayState.Closed, _board.ReadBack);

        Run(TimeSpan.FromMinutes(1));

        Assert.Equal(new SupplyReport(RelayState.Open, SupplyReason.PermitEnded, 1), _control.Report);
    }

    [Fact]
    public void Step_CutOff_TripsByItselfWhenTheGraceIsOver()
    {
        Take(Permit(1, Start + Duration.FromHours(1)) with { Grace = Duration.FromHours(2) });
        _control.CutOff();

        Run(TimeSpan.FromHours(3) - TimeSpan.FromMinutes(1));
        Assert.Equal(SupplyReason.WithinGrace, _control.Report.Reason);
        Run(TimeSpan.FromMinutes(1));
        Assert.Equal(new SupplyReport(RelayState.Open, SupplyReason.PermitEnded, 1), _control.Report);
    }

    [Fact]
    public void CutOff_AfterTheTrip_BringsNothingBack()
    {
        Take(Permit(1, Start));

        _control.CutOff();
        Run(TimeSpan.FromHours(1));

        Assert.Equal(RelayState.Open, _board.ReadBack);
    }

    [Fact]
    public void CutOff_LinkIsBackButTheNodeSaysNothing_GraceGoesOn()
    {
        Take(Permit(1, Start + Duration.FromHours(1)));
        _control.CutOff();
        Run(TimeSpan.FromHours(2));
        Assert.Equal(SupplyReason.WithinGrace, _control.Report.Reason);

        Take(Permit(1, Start + Duration.FromHours(1)));

        Assert.Equal(SupplyReason.PermitEnded, _control.Report.Reason);
    }

    [Fact]
    public void Open_AfterATrip_IsOpenFromTheFirstMoment()
    {
        Take(Permit(3, Start) with { Quiet = new(60, 120) });
        Assert.Equal(RelayState.Open, _board.ReadBack);
        Run(TimeSpan.FromMinutes(90));

        _board.Switch(RelayState.Closed);
        _control = Open();

        Assert.Equal(new SupplyReport(RelayState.Open, SupplyReason.PermitEnded, 3), _control.Report);
        Take(Permit(2, Now + Duration.FromDays(30)));
        Assert.Equal(RelayState.Open, _board.ReadBack);
        Assert.IsType<PermitRefused.Replayed>(Assert.IsType<SupplyEvent.PermitRefused>(_events[^1]).Refused);
    }

    [Fact]
    public void Open_SafetyTrip_OutlivesTheRestartAndIsLiftedByItsReset()
    {
        Take(Permit(1, Start + Duration.FromDays(30)) with { Flags = SupplyFlags.SafetyTrip });
        _control = Open();
        Assert.Equal(SupplyReason.SafetyTrip, _control.Report.Reason);

        Take(Permit(2, Start + Duration.FromDays(60)) with { Flags = SupplyFlags.SafetyTrip });
        Assert.Equal(RelayState.Open, _board.ReadBack);

        Take(Permit(3, Start + Duration.FromDays(60)));
        Assert.Equal(RelayState.Closed, _board.ReadBack);
    }

    [Fact]
    public void SetLocalTrip_OutlivesTheRestartAndEveryPermit()
    {
        _control.SetLocalTrip(true);
        _control = Open();
        Take(Permit(1, Start + Duration.FromDays(30)));
        Assert.Equal(new SupplyReport(RelayState.Open, SupplyReason.LocalTrip, 1), _control.Report);

        _control.SetLocalTrip(false);

        Assert.Equal(RelayState.Closed, _board.ReadBack);
    }

    [Fact]
    public void Step_RelaySticks_IsTriedAgainAndToldOnce()
    {
        _board.StickRelay();
        Take(Permit(1, Start));
        Run(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1));

        Assert.Equal([new SupplyEvent.RelayStuck(RelayState.Open, RelayState.Closed, RelayDriver.StuckAfter)], _events);
        Assert.Equal(new SupplyReport(RelayState.Closed, SupplyReason.PermitEnded, 1), _control.Report);

        _board.FreeRelay();
        Run(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.Equal(new SupplyReport(RelayState.Open, SupplyReason.PermitEnded, 1), _control.Report);
        Assert.Equal(new SupplyEvent.RelaySwitched(RelayState.Open, SupplyReason.PermitEnded, 1), _events[^1]);
    }

    [Fact]
    public void Step_SomebodySwitchesTheRelay_IsSwitchedBack()
    {
        Take(Permit(1, Start));
        _board.Switch(RelayState.Closed);

        Run(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        Assert.Equal(RelayState.Open, _board.ReadBack);
    }

    [Fact]
    public void Step_ClockJumpsADayForward_DoesNotTrip()
    {
        Take(Permit(1, Start + Duration.FromHours(2)));
        _clock.Set(Start + Duration.FromDays(1));

        Run(TimeSpan.FromMinutes(119));
        Assert.Equal(SupplyReason.PermitHeld, _control.Report.Reason);
        Assert.Equal([new SupplyEvent.ClockJumped(Duration.FromDays(1))], _events);

        Run(TimeSpan.FromMinutes(1));
        Assert.Equal(SupplyReason.PermitEnded, _control.Report.Reason);
    }

    [Fact]
    public void Step_ClockJumpsADayBack_TripsInTime()
    {
        Take(Permit(1, Start + Duration.FromHours(2)));
        _clock.Set(Start - Duration.FromDays(1));

        Run(TimeSpan.FromHours(2));

        Assert.Equal(SupplyReason.PermitEnded, _control.Report.Reason);
    }

    [Fact]
    public void Step_NodeConfirmsTheJump_ClockIsBelievedAgain()
    {
        Take(Permit(1, Start + Duration.FromHours(2)));
        _clock.Set(Start + Duration.FromDays(1));
        Run(TimeSpan.FromMinutes(1));
        for (var message = 0; message < 2; message++)
            _control.HearTime(_clock.Now);

        Run(TimeSpan.FromMinutes(1));

        Assert.Equal("ClockJumped ClockAgreed RelaySwitched", string.Join(' ', _events.Select(happened => happened.Name)));
        Assert.Equal(SupplyReason.PermitEnded, _control.Report.Reason);
    }

    [Fact]
    public void Take_DiskFails_IsRefusedAndNotObeyed()
    {
        Directory.CreateDirectory(_folder.File("supply.json.new"));
        Directory.CreateDirectory(_folder.File("supply.json.new/full"));

        Take(Permit(1, null));

        Assert.Equal("NotKept", Assert.IsType<SupplyEvent.PermitRefused>(Assert.Single(_events)).Refused.Reason);
        Assert.Null(_control.Permit);
        Assert.Equal(RelayState.Closed, _board.ReadBack);
    }

    [Fact]
    public void Open_MemoryDamaged_StartsAsAFreshMeter()
    {
        Take(Permit(1, Start));
        File.WriteAllText(_folder.File("supply.json"), "{ torn");

        _control = Open();

        Assert.Equal(SupplyReason.NoPermitYet, _control.Report.Reason);
    }

    private static SupplyPermit Permit(ulong sequence, Instant? until) => new(Meter, sequence, Start, until);

    private void Take(SupplyPermit permit) => _control.Take(SupplyPermitJson.Encode(SignedPermit.Sign(permit, TestReadings.Domain, Community)));

    private SupplyControl Open()
    {
        var control = new SupplyControl(
            _folder.Path, new(Meter, TestReadings.Domain, Community.Address), _board, _clock, _time, (happened, _) => _events.Add(happened), () => { });
        control.Step();
        return control;
    }

    private void Run(TimeSpan span, TimeSpan? step = null)
    {
        var each = step ?? TimeSpan.FromMinutes(1);
        for (var passed = TimeSpan.Zero; passed < span; passed += each)
        {
            _time.Advance(each);
            _control.Step();
        }
    }
}
