using Busbar.Cryptography;
using Busbar.Device.Boards;
using Busbar.Device.Deliveries;
using Busbar.Device.Tests.Testing;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Device.Tests.Deliveries;

/// <summary>Deliveries as scripts of seconds on a whole meter.</summary>
public sealed class DeliveryControlTests
{
    // What the published prototype's meter showed for a load of 200 W: the exact energy to the nearest mWh, which floor would not give.
    [Theory]
    [InlineData(224, 12_444)]
    [InlineData(595, 33_056)]
    [InlineData(3603, 200_167)]
    public void Session_OfAConstantLoad_HasSecondsAndEnergy(int seconds, long milliwattHours)
    {
        using var rig = new DeliveryRig();
        Assert.IsType<DeliveryTold.Taken>(rig.Open());

        rig.Run(seconds - 1);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        rig.Say(rig.Order(OrderKind.Cancel));

        Assert.Equal((StopReason.Cancelled, seconds, milliwattHours), Of(rig.Stopped));
        Assert.Equal(milliwattHours, rig.Stopped.Span.Report.Energy.MilliwattHours);
        Assert.Equal(Duration.FromSeconds(seconds), rig.Stopped.Span.Report.Duration);
        Assert.True(rig.Stopped.Span.IsGenuine(TestReadings.Domain));
        Assert.Equal(rig.Meter.Id, rig.Stopped.Span.Report.Meter);
        Assert.Equal(RelayState.Open, rig.Trading.Delivery.ReadBack);
    }

    [Fact]
    public void Session_OnASimulatedBoardWithoutARelayOfItsOwn_IsTheSame()
    {
        using var rig = new DeliveryRig(board: new SimulatedBoard(() => 200));
        rig.Open();
        rig.Run(594);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        rig.Say(rig.Order(OrderKind.Cancel));

        Assert.Equal((StopReason.Cancelled, 595, 33_056), Of(rig.Stopped));
        Assert.Equal(RelayState.Closed, ((SimulatedBoard)rig.Board).ReadBack);
    }

    [Fact]
    public void Amount_IsReached_StopsByItselfAtExactlyIt()
    {
        using var rig = new DeliveryRig();
        rig.Open(amount: 10_000);

        rig.Run(300);

        Assert.Equal((StopReason.AmountReached, 180, 10_000), Of(rig.Stopped));
        Assert.Equal(RelayState.Open, rig.Trading.Delivery.ReadBack);
        Assert.Equal(10_000, rig.Meter.Registers.Import.MilliwattHours);
    }

    [Fact]
    public void Amount_PassedWithinASample_NoMoreThanOrderedIsSigned()
    {
        using var rig = new DeliveryRig(watts: 7_000);
        rig.Open(amount: 10_000);

        rig.Run(10);

        Assert.Equal((StopReason.AmountReached, 6, 10_000), Of(rig.Stopped));
        Assert.Equal(11_667, rig.Meter.Registers.Import.MilliwattHours);
    }

    [Fact]
    public void Raised_GoesOnWithoutTheRelayMoving_UpToTheNewAmount_AlsoAfterARestart()
    {
        using var rig = new DeliveryRig();
        var open = rig.Opening(10_000);
        rig.Say(open);
        rig.Run(170);
        var moved = 0;
        rig.Trading.Delivery.Commanded = _ => moved++;

        Assert.IsType<DeliveryTold.Taken>(rig.Say(open with { Number = rig.Order(OrderKind.Open).Number, Amount = 20_000 }));
        rig.Run(170);
        Assert.Equal(0, moved);
        rig.Restart();
        rig.Run(300);

        Assert.Equal((StopReason.AmountReached, 20_000L), (rig.Stopped.Reason, rig.Stopped.Energy.MilliwattHours));
        Assert.Equal(20_000, rig.Stopped.Span.Report.Energy.MilliwattHours);
        Assert.Single(rig.Told.OfType<DeliveryTold.Stopped>().Select(stopped => stopped.Report).Distinct());
        Assert.Equal(RelayState.Open, rig.Trading.Delivery.ReadBack);
    }

    [Fact]
    public void Raised_ByALaterDeadline_LastsLonger()
    {
        using var rig = new DeliveryRig();
        var open = rig.Opening(1_000_000, seconds: 60);
        rig.Say(open);
        rig.Run(50);

        rig.Say(open with { Number = rig.Order(OrderKind.Open).Number, Deadline = open.Deadline + Duration.FromSeconds(60) });
        rig.Run(100);

        Assert.Equal((StopReason.DeadlinePassed, 120L), (rig.Stopped.Reason, rig.Stopped.Seconds));
    }

    [Fact]
    public void Raised_WhatIsLowerOrOtherOrOver_IsAlreadyOpen()
    {
        using var rig = new DeliveryRig();
        var open = rig.Opening(10_000);
        rig.Say(open);
        DeliveryOrder[] wrong =
        [
            open,
            open with { Amount = 9_999, Deadline = open.Deadline + Duration.FromSeconds(1) },
            open with { Amount = 20_000, Deadline = open.Deadline - Duration.FromSeconds(1) },
            open with { Amount = 20_000, Flow = EnergyFlow.Export },
            open with { Amount = 20_000, NotBefore = open.NotBefore + Duration.FromSeconds(1) },
        ];

        Assert.All(wrong, order => Assert.Equal("AlreadyOpen", Reason(order)));
        rig.Say(rig.Order(OrderKind.Cancel));
        Assert.Equal("AlreadyOpen", Reason(open with { Amount = 20_000 }));
        Assert.Equal(0, rig.Stopped.Energy.MilliwattHours);

        string Reason(DeliveryOrder order) =>
            rig.Say(order with { Number = rig.Order(OrderKind.Open).Number }) is DeliveryTold.Refused refused ? refused.Reason : "Taken";
    }

    [Fact]
    public void Export_IsCountedByItsOwnRegister()
    {
        using var rig = new DeliveryRig(watts: -200);
        rig.Open(amount: 5_000, flow: EnergyFlow.Export);
        rig.Open(amount: 5_000, subject: Keccak256.Hash("import"u8));

        rig.Run(100);

        Assert.Equal((StopReason.AmountReached, 90, 5_000), Of(rig.Stopped));
        Assert.Equal(EnergyFlow.Export, rig.Stopped.Span.Report.Flow);
        Assert.Single(rig.Told.OfType<DeliveryTold.Stopped>().Distinct());
    }

    [Fact]
    public void Deadline_Passes_StopsThen()
    {
        using var rig = new DeliveryRig();
        rig.Open(seconds: 36);

        rig.Run(60);

        Assert.Equal((StopReason.DeadlinePassed, 36, 2_000), Of(rig.Stopped));
    }

    [Fact]
    public void NotBefore_IsWaitedFor()
    {
        using var rig = new DeliveryRig();
        rig.Say(rig.Opening(1000, wait: 30));
        rig.Run(29);
        Assert.Equal(RelayState.Open, rig.Trading.Delivery.ReadBack);

        rig.Run(1);

        Assert.Equal(rig.Now, Assert.IsType<DeliveryTold.Started>(rig.Last).Opened);
        Assert.Equal(RelayState.Closed, rig.Trading.Delivery.ReadBack);
    }

    [Fact]
    public void Relay_IsCommandedAfterTheOpeningIsOnDisk_AndReadBackBeforeItIsSaidToRun()
    {
        using var rig = new DeliveryRig();
        DeliverySession? atCommand = null;
        rig.Trading.Delivery.IsStuck = true;
        rig.Trading.Delivery.Commanded = _ => atCommand ??= new DeliveryFile(Path.GetDirectoryName(rig.File)!).Load().Sessions.Single();

        rig.Open();

        Assert.Equal(rig.Now.ToUnixTimeSeconds(), atCommand!.Opened);
        Assert.DoesNotContain(rig.Told, told => told is DeliveryTold.Started);
        rig.Trading.Delivery.IsStuck = false;
        rig.Run(2);
        Assert.IsType<DeliveryTold.Started>(rig.Last);
    }

    [Fact]
    public void Relay_Sticks_StopsWithNothing()
    {
        using var rig = new DeliveryRig();
        rig.Trading.Delivery.IsStuck = true;
        rig.Open();

        rig.Run(11);

        Assert.Equal((StopReason.RelayStuck, 10, 0), Of(rig.Stopped));
    }

    [Fact]
    public void Relay_OpensByItself_Stops()
    {
        using var rig = new DeliveryRig();
        rig.Open();
        rig.Run(18);
        rig.Trading.Delivery.ReadBack = RelayState.Open;
        rig.Run(1);

        Assert.Equal((StopReason.RelayOpened, 19, 1_000), Of(rig.Stopped));
    }

    [Fact]
    public void Voltage_IsGone_Stops()
    {
        using var rig = new DeliveryRig();
        rig.Open();
        rig.Run(18);
        rig.Trading.Volts = 0;
        rig.Run(1);

        Assert.Equal(StopReason.PowerFailed, rig.Stopped.Reason);
    }

    [Fact]
    public void Permit_Ends_StopsAndNoTradeSwitchesOn()
    {
        using var rig = new DeliveryRig();
        rig.Permit(rig.Now + Duration.FromSeconds(18));
        rig.Open();
        rig.Run(30);

        Assert.Equal((StopReason.NotPermitted, 18, 1_000), Of(rig.Stopped));
        var refused = Assert.IsType<DeliveryTold.Refused>(rig.Open(subject: Keccak256.Hash("another"u8)));
        Assert.Equal(("NotPermitted", false), (refused.Reason, refused.IsTransient));
        Assert.Equal((RelayState.Open, RelayState.Open), (rig.Trading.ReadBack, rig.Trading.Delivery.ReadBack));
    }

    [Fact]
    public void Permit_EndsBeforeItBegins_IsOverWithNothing()
    {
        using var rig = new DeliveryRig();
        rig.Permit(rig.Now + Duration.FromSeconds(18));
        rig.Say(rig.Opening(1000, wait: 30));

        rig.Run(31);

        Assert.Equal((StopReason.NotPermitted, 0, 0), Of(rig.Stopped));
    }

    [Theory]
    [InlineData(SupplyFlags.SafetyTrip)]
    [InlineData(SupplyFlags.TheftTrip)]
    public void Trip_Wins(SupplyFlags trip)
    {
        using var rig = new DeliveryRig();
        rig.Open();
        rig.Run(5);
        rig.Permit(rig.Now + Duration.FromDays(1), trip);
        rig.Run(1);

        Assert.Equal(StopReason.Tripped, rig.Stopped.Reason);
        Assert.Equal(RelayState.Open, rig.Trading.Delivery.ReadBack);
        Assert.Equal("NotPermitted", Assert.IsType<DeliveryTold.Refused>(rig.Open(subject: Keccak256.Hash("2"u8))).Reason);
    }

    [Fact]
    public void Reports_OnDemand_FollowEachOtherWithoutGapOrOverlap()
    {
        using var rig = new DeliveryRig();
        rig.Open();
        for (var report = 0; report < 3; report++)
        {
            rig.Run(7);
            rig.Say(rig.Order(OrderKind.Report));
        }

        rig.Run(7);
        rig.Say(rig.Order(OrderKind.Cancel));

        var reported = rig.Told.OfType<DeliveryTold.Reported>().DistinctBy(told => told.Report).ToList();
        var spans = reported.Select(told => told.Span.Report).Append(rig.Stopped.Span.Report).ToList();
        Assert.Equal([1, 2, 3, 4], reported.Select(told => told.Report).Append(rig.Stopped.Report));
        foreach (var (earlier, later) in spans.Zip(spans.Skip(1)))
            Assert.Equal((earlier.Closed, earlier.Closing), (later.Opened, later.Opening));
        Assert.Equal(rig.Stopped.Energy.MilliwattHours, spans.Sum(span => span.Energy.MilliwattHours));
        Assert.Equal(28, rig.Stopped.Seconds);
    }

    [Fact]
    public void Reports_TwiceInASecond_TheSecondIsASecondLater()
    {
        using var rig = new DeliveryRig();
        rig.Open();
        rig.Say(rig.Order(OrderKind.Report));
        Assert.DoesNotContain(rig.Told, told => told is DeliveryTold.Reported);

        rig.Run(1);

        Assert.Equal(Duration.FromSeconds(1), Assert.IsType<DeliveryTold.Reported>(rig.Last).Span.Report.Duration);
    }

    [Fact]
    public void Acknowledged_ReportsAreForgottenAndTheRestStays()
    {
        using var rig = new DeliveryRig();
        rig.Open();
        rig.Run(5);
        rig.Say(rig.Order(OrderKind.Report));
        rig.Say(rig.Order(OrderKind.Acknowledge) with { Amount = 1 });
        rig.Run(5);
        rig.Say(rig.Order(OrderKind.Cancel));
        rig.Told.Clear();

        rig.Restart();
        Assert.Equal(2, Assert.IsType<DeliveryTold.Stopped>(Assert.Single(rig.Told)).Report);

        rig.Say(rig.Order(OrderKind.Acknowledge) with { Amount = 2 });
        rig.Told.Clear();
        rig.Restart();
        Assert.Empty(rig.Told);
    }

    [Fact]
    public void Stopped_IsToldAgainUntilAcknowledged()
    {
        using var rig = new DeliveryRig();
        rig.Open(amount: 1_000);
        rig.Run(20);
        rig.Told.Clear();

        rig.Run(95);

        Assert.Equal(3, rig.Told.OfType<DeliveryTold.Stopped>().Count());
    }

    [Fact]
    public void Progress_IsToldWhileItRuns()
    {
        using var rig = new DeliveryRig();
        rig.Open();
        rig.Run(18);

        Assert.Equal(
            [(5L, 278L), (10, 556), (15, 833)],
            rig.Told.OfType<DeliveryTold.Progress>().Select(told => (told.Seconds, told.Energy.MilliwattHours)));
    }

    [Fact]
    public void Sessions_SeveralAtATime_AreEachCountedAndEndForThemselves()
    {
        using var rig = new DeliveryRig();
        for (var session = 1; session <= 8; session++)
            Assert.IsType<DeliveryTold.Taken>(rig.Open(amount: 1_000 * session, subject: Keccak256.Hash([(byte)session])));

        rig.Run(54);
        Assert.Equal(3, rig.Told.OfType<DeliveryTold.Stopped>().DistinctBy(told => told.Span.Report.Subject).Count());
        Assert.Equal(RelayState.Closed, rig.Trading.Delivery.ReadBack);

        rig.Run(90);
        var stopped = rig.Told.OfType<DeliveryTold.Stopped>().DistinctBy(told => told.Span.Report.Subject).ToList();
        Assert.Equal(Enumerable.Range(1, 8).Select(session => 1_000L * session), stopped.Select(told => told.Energy.MilliwattHours));
        Assert.Equal(RelayState.Open, rig.Trading.Delivery.ReadBack);
    }

    private static (StopReason Reason, int Seconds, long Energy) Of(DeliveryTold.Stopped stopped) =>
        (stopped.Reason, (int)stopped.Seconds, stopped.Energy.MilliwattHours);
}
