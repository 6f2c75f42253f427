using Busbar.Device.Tests.Testing;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Device.Tests.Deliveries;

/// <summary>A meter that dies at each step of a delivery, and one whose clock jumps.</summary>
public sealed class RestartTests
{
    [Fact]
    public void Killed_AfterTakingTheOrder_BeginsAfterwards()
    {
        using var rig = new DeliveryRig();
        var order = rig.Opening(1000);
        rig.Say(DeliveryOrderJson.Encode(SignedOrder.Sign(order, TestReadings.Domain, DeliveryRig.Community)));
        Assert.DoesNotContain(rig.Told, told => told is DeliveryTold.Started);

        rig.Restart();
        rig.Run(20);

        Assert.Equal((StopReason.AmountReached, 1000), (rig.Stopped.Reason, rig.Stopped.Energy.MilliwattHours));
    }

    [Fact]
    public void Killed_BetweenTheOpeningAndTheRelay_GoesOnFromThatOpening()
    {
        using var rig = new DeliveryRig();
        rig.Trading.Delivery.Commanded = _ => throw new PowerCutException();
        Assert.Throws<PowerCutException>(() => rig.Open());
        var opened = rig.Now;
        rig.Trading.Delivery.Commanded = null;
        rig.Time.Advance(TimeSpan.FromMinutes(5));

        rig.Restart();
        rig.Run(18);
        rig.Say(rig.Order(OrderKind.Cancel));

        Assert.Equal((opened, 1000, 318), (rig.Stopped.Span.Report.Opened, rig.Stopped.Energy.MilliwattHours, rig.Stopped.Seconds));
    }

    [Fact]
    public void Killed_WhileItRuns_GoesOnWithTheSameOpeningAndLosesAtMostTenSeconds()
    {
        using var rig = new DeliveryRig();
        rig.Run(100);
        rig.Open(amount: 100_000);
        var opening = rig.Told.OfType<DeliveryTold.Started>().Single().Opening;
        rig.Run(109);

        rig.Restart();
        Assert.Equal(RelayState.Closed, rig.Trading.Delivery.ReadBack);
        rig.Run(91);
        rig.Say(rig.Order(OrderKind.Cancel));

        var span = rig.Stopped.Span.Report;
        Assert.Equal((opening, 200), (span.Opening, rig.Stopped.Seconds));
        Assert.InRange(span.Energy.MilliwattHours, 11_111 - 556, 11_111);
    }

    [Fact]
    public void Killed_AfterAnInterimReport_NothingIsReportedTwice()
    {
        using var rig = new DeliveryRig();
        rig.Open();
        rig.Run(9);
        rig.Say(rig.Order(OrderKind.Report));
        var first = rig.Told.OfType<DeliveryTold.Reported>().First().Span.Report;
        File.Delete(Path.Combine(Path.GetDirectoryName(rig.File)!, "state.json"));

        rig.Restart();
        Assert.Equal(first.Closing, rig.Meter.Registers.Import);
        Assert.Equal(first, rig.Told.OfType<DeliveryTold.Reported>().Last().Span.Report);
        rig.Run(9);
        rig.Say(rig.Order(OrderKind.Cancel));

        Assert.Equal((first.Closed, first.Closing), (rig.Stopped.Span.Report.Opened, rig.Stopped.Span.Report.Opening));
        Assert.Equal((18, 1000), (rig.Stopped.Seconds, rig.Stopped.Energy.MilliwattHours));
    }

    [Fact]
    public void Killed_BetweenTheReportAndTheRelay_TheRelayOpensAtTheNextStart()
    {
        using var rig = new DeliveryRig();
        rig.Open();
        rig.Run(18);
        rig.Trading.Delivery.Commanded = _ => throw new PowerCutException();
        Assert.Throws<PowerCutException>(() => rig.Say(rig.Order(OrderKind.Cancel)));
        Assert.Equal(RelayState.Closed, rig.Trading.Delivery.ReadBack);
        rig.Trading.Delivery.Commanded = null;

        rig.Restart();

        Assert.Equal(RelayState.Open, rig.Trading.Delivery.ReadBack);
        Assert.Equal((StopReason.Cancelled, 1000), (rig.Stopped.Reason, rig.Stopped.Energy.MilliwattHours));
    }

    [Fact]
    public void Killed_AndBackAfterTheDeadline_StopsWithWhatWasCountedBefore()
    {
        using var rig = new DeliveryRig();
        rig.Open(seconds: 100);
        rig.Run(18);
        rig.Run(2);
        rig.Time.Advance(TimeSpan.FromHours(1));

        rig.Restart();
        rig.Run(10);

        Assert.Equal((StopReason.DeadlinePassed, 100), (rig.Stopped.Reason, rig.Stopped.Seconds));
        Assert.InRange(rig.Stopped.Energy.MilliwattHours, 500, 1_111);
        Assert.Equal(RelayState.Open, rig.Trading.Delivery.ReadBack);
    }

    [Fact]
    public void Killed_AndBackWithoutAClock_WhatFlowsUntilItKnowsTheTimeIsNotBeforeTheDeadline()
    {
        using var rig = new DeliveryRig(ownClock: false);
        rig.Meter.Clock.Set(rig.Now);
        rig.Run(1);
        rig.Open(seconds: 100);
        rig.Run(20);
        rig.Time.Advance(TimeSpan.FromHours(1));

        rig.Restart();
        rig.Run(60);
        rig.Meter.Clock.Set(rig.Now);
        rig.Run(1);

        Assert.Equal(StopReason.DeadlinePassed, rig.Stopped.Reason);
        Assert.InRange(rig.Stopped.Energy.MilliwattHours, 500, 1_111);
    }

    [Fact]
    public void Clock_JumpsBeyondTheDeadline_IsNotBelieved()
    {
        using var rig = new DeliveryRig(ownClock: false);
        rig.Meter.Clock.Set(rig.Now);
        rig.Run(1);
        rig.Open(seconds: 100);
        rig.Meter.Clock.Set(rig.Now + Duration.FromDays(3));
        rig.Run(50);
        Assert.Equal(1, rig.Meter.Deliveries.Open);

        rig.Run(50);

        Assert.Equal((StopReason.DeadlinePassed, 100, 5_556), (rig.Stopped.Reason, rig.Stopped.Seconds, rig.Stopped.Energy.MilliwattHours));
    }

    [Fact]
    public void File_IsTorn_OrdersOfBeforeAreJudgedByTheirDeadline()
    {
        using var rig = new DeliveryRig();
        var order = rig.Opening(1000, seconds: 30);
        rig.Say(order);
        rig.Run(40);
        File.WriteAllText(rig.File, "{ torn");

        rig.Restart();

        Assert.Equal(0, rig.Meter.Deliveries.Open);
        Assert.Equal("Expired", Assert.IsType<DeliveryTold.Refused>(rig.Say(order)).Reason);
    }

    private sealed class PowerCutException : Exception;
}
