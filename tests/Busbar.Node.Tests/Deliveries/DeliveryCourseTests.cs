using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ledger.Trading;
using Busbar.Node.Deliveries;
using NodaTime;

namespace Busbar.Node.Tests.Deliveries;

/// <summary>When meters are ordered and called off, and what the ledger is asked.</summary>
public sealed class DeliveryCourseTests
{
    private static readonly Instant Bought = Instant.FromUtc(2026, 6, 1, 12, 0);

    [Fact]
    public void New_SourceIsOrdered_SinkWhenTheSourceObeys()
    {
        var session = Session();
        Assert.True(IsToOrder(session, session.Source));
        Assert.False(IsToOrder(session, session.Sink));
        Take(session.Source);
        Assert.False(IsToOrder(session, session.Source));
        Assert.True(IsToOrder(session, session.Sink));
        session.Source.IsForgotten = true;
        Assert.False(IsToOrder(session, session.Sink));
    }

    [Fact]
    public void OnDiskAndNotAnswered_IsOrderedAgain()
    {
        var session = Session();
        session.Source.Order = OrderFor(session.Source, session);
        Assert.True(IsToOrder(session, session.Source));
    }

    [Fact]
    public void Refused_IsOrderedAgainAfterThePause()
    {
        var session = Session();
        Take(session.Source);
        (session.Source.Refusal, session.Source.NotBefore) = ("NotPermitted", Bought + DeliveryCourse.Pause);
        Assert.False(IsToOrder(session, session.Source));
        Assert.False(IsToOrder(session, session.Sink));
        Assert.True(IsToOrder(session, session.Source, at: DeliveryCourse.Pause));
    }

    [Fact]
    public void AfterTheDeadlineOrTheEnd_NothingIsOrderedAndWhatIsSaidIsGivenUp()
    {
        var session = Session();
        var late = session.Terms.Deadline - Bought;
        Assert.True(IsToOrder(session, session.Source, at: late - Duration.FromSeconds(1)));
        Assert.False(IsToOrder(session, session.Source, at: late));
        using var stopping = new CancellationTokenSource();
        session.Source.Errand = new(OrderKind.Open, Task.FromResult<DeliveryAnswer>(new DeliveryAnswer.Taken()), stopping);
        Assert.False(DeliveryCourse.IsToGiveUp(session, session.Source, Bought));
        Assert.True(DeliveryCourse.IsToGiveUp(session, session.Source, session.Terms.Deadline));
        session.IsOpen = false;
        Assert.True(DeliveryCourse.IsToGiveUp(session, session.Source, Bought));
        session.Source.Errand = null;
        Assert.False(IsToOrder(session, session.Source));
    }

    [Theory]
    [InlineData(true, true, false, true)]
    [InlineData(true, false, true, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, false, false, true)]
    public void BusyMeters_AStoreServesManyBuyersAndABuyerOneDelivery(bool isStored, bool sameSource, bool sameSink, bool mayBegin)
    {
        var first = Session(isStored);
        Take(first.Source);
        Take(first.Sink);
        var second = Session(isStored, source: sameSource ? first.Terms.Source : Meter(30), sink: sameSink ? first.Terms.Sink : Meter(40));
        Assert.Equal(mayBegin, IsToOrder(second, second.Source, others: first));
        first.Source.End = first.Sink.End = Stopped(first, first.Sink, StopReason.AmountReached);
        Assert.True(IsToOrder(second, second.Source, others: first));
    }

    [Fact]
    public void Store_ServesSoManyAtATime()
    {
        var running = Enumerable.Range(0, DeliveryCourse.MostAtAStore).Select(place => Session(sink: Meter((byte)(100 + place)))).ToArray();
        foreach (var session in running)
            Take(session.Source);
        var next = Session(sink: Meter(99));
        Assert.False(IsToOrder(next, next.Source, others: running));
        running[3].Source.End = Stopped(running[3], running[3].Source, StopReason.Cancelled);
        Assert.True(IsToOrder(next, next.Source, others: running));
    }

    [Theory]
    [InlineData(StopReason.AmountReached, 0, false)]
    [InlineData(StopReason.AmountReached, 5, true)]
    [InlineData(StopReason.DeadlinePassed, 0, true)]
    [InlineData(StopReason.PowerFailed, 0, true)]
    public void SinkHasEnded_SourceIsCalledOff(StopReason reason, int seconds, bool isCalledOff)
    {
        var session = Session();
        Take(session.Source);
        Take(session.Sink);
        Assert.False(DeliveryCourse.IsToCancel(session, session.Source, Bought));
        session.Sink.End = Stopped(session, session.Sink, reason);
        Assert.Equal(isCalledOff, DeliveryCourse.IsToCancel(session, session.Source, Bought + Duration.FromSeconds(seconds)));
    }

    [Theory]
    [InlineData(StopReason.AmountReached, false)]
    [InlineData(StopReason.RelayOpened, true)]
    [InlineData(StopReason.PowerFailed, true)]
    public void SourceHasEnded_SinkIsCalledOffUnlessAllWasGiven(StopReason reason, bool isCalledOff)
    {
        var session = Session();
        Take(session.Source);
        Take(session.Sink);
        session.Source.End = Stopped(session, session.Source, reason);
        Assert.Equal(isCalledOff, DeliveryCourse.IsToCancel(session, session.Sink, Bought));
        session.Sink.IsCancelled = true;
        Assert.False(DeliveryCourse.IsToCancel(session, session.Sink, Bought));
    }

    [Fact]
    public void Deeds_BothReported_BuyerSilent_NobodyReported()
    {
        var session = Session();
        var (deadline, patience) = (session.Terms.Deadline, session.Terms.Patience);
        Assert.Equal(LedgerDeed.None, DeliveryCourse.DeedFor(session, session.Terms.FreedFrom - Duration.FromSeconds(1)));
        Assert.Equal(LedgerDeed.Expire, DeliveryCourse.DeedFor(session, session.Terms.FreedFrom));
        session.Source.End = Stopped(session, session.Source, StopReason.DeadlinePassed);
        // Nothing says that the buyer's meter ever began.
        Assert.Equal(LedgerDeed.None, DeliveryCourse.DeedFor(session, deadline + patience));
        session.Sink.Opened = Bought;
        Assert.Equal(LedgerDeed.None, DeliveryCourse.DeedFor(session, deadline + patience - Duration.FromSeconds(1)));
        Assert.Equal(LedgerDeed.SettleWithoutSink, DeliveryCourse.DeedFor(session, deadline + patience));
        session.Sink.End = Stopped(session, session.Sink, StopReason.DeadlinePassed);
        Assert.Equal(LedgerDeed.Settle, DeliveryCourse.DeedFor(session, Bought));
        session.NotBefore = Bought + Duration.FromSeconds(1);
        Assert.Equal(LedgerDeed.None, DeliveryCourse.DeedFor(session, Bought));
        (session.NotBefore, session.IsOpen) = (Bought, false);
        Assert.Equal(LedgerDeed.None, DeliveryCourse.DeedFor(session, Bought));
    }

    [Fact]
    public void Amounts_SellerGivesTheLossToo_AStoreCountsOn()
    {
        var direct = Session(isStored: false);
        Assert.Equal(direct.Terms.Energy, direct.AmountOf(direct.Sink));
        Assert.Equal(direct.Terms.WithLoss(direct.Terms.Energy), direct.AmountOf(direct.Source));
        var stored = Session(isStored: true);
        Assert.True(stored.AmountOf(stored.Source) > Energy.FromMilliwattHours(100_000_000_000));
    }

    [Fact]
    public void Turn_IsRaisedWhileItRuns_AndNotOnceASideHasEnded()
    {
        var turn = Turn(allowed: 10_000);
        Take(turn.Source);
        turn.Sink.Order = OrderFor(turn.Sink, turn) with { Amount = 10_000 };
        turn.Sink.IsTaken = true;
        Assert.False(DeliveryCourse.IsToRaise(turn, turn.Sink));

        turn.Allowed = Energy.FromMilliwattHours(12_000);
        Assert.True(DeliveryCourse.IsToRaise(turn, turn.Sink));
        turn.IsOpen = false;
        Assert.False(DeliveryCourse.IsToRaise(turn, turn.Sink));
        turn.IsOpen = true;
        turn.Source.End = Stopped(turn, turn.Source, StopReason.PowerFailed);
        Assert.False(DeliveryCourse.IsToRaise(turn, turn.Sink));
        Assert.True(DeliveryCourse.IsToCancel(turn, turn.Sink, Bought));
        Assert.Equal(LedgerDeed.None, DeliveryCourse.DeedFor(turn, turn.Terms.FreedFrom));
    }

    [Fact]
    public void Turn_BoughtIsNeverRaised()
    {
        var session = Session();
        Take(session.Sink);
        Assert.False(DeliveryCourse.IsToRaise(session, session.Sink));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Turn_GivesWayToWhatWasBoughtForThePayersMeter_UnlessThatCannotBegin(bool takesPart, bool givesWay)
    {
        var turn = Turn(allowed: 10_000);
        var bought = Session(sink: turn.Sink.Meter);
        bought.Sink.Refusal = takesPart ? null : "NotPermitted";
        Assert.Equal(givesWay, DeliveryCourse.Yields(turn, [turn, bought]));
        bought.IsOpen = false;
        Assert.False(DeliveryCourse.Yields(turn, [turn, bought]));
    }

    [Fact]
    public void Turn_GivesWayToWhatIsSoldOutOfThePayeesOwnMeter_NotOutOfAStoreThere()
    {
        var turn = Turn(allowed: 10_000);
        Assert.True(DeliveryCourse.Yields(turn, [Session(isStored: false, source: turn.Source.Meter, sink: Meter(77))]));
        Assert.False(DeliveryCourse.Yields(turn, [Session(isStored: true, source: turn.Source.Meter, sink: Meter(77))]));
    }

    [Fact]
    public void Turn_ThatWasCalledOff_HoldsTheBuyersMeterNoLongerThanThatMeterNeeds()
    {
        var turn = Turn(allowed: 10_000);
        Take(turn.Source);
        var bought = Session(sink: turn.Sink.Meter);
        Assert.False(IsToOrder(bought, bought.Source, others: turn));
        // The payee's meter is away; the payer's was not even asked.
        turn.IsOpen = false;
        Assert.True(IsToOrder(bought, bought.Source, others: turn));
        Take(turn.Sink);
        Assert.False(IsToOrder(bought, bought.Source, others: turn));
        turn.Sink.End = Stopped(turn, turn.Sink, StopReason.Cancelled);
        Assert.True(IsToOrder(bought, bought.Source, others: turn));
    }

    private static DeliverySession Turn(long allowed)
    {
        var session = Session(isStored: false, source: Meter(30), sink: Meter(40));
        return new(session.Id, session.Terms) { Allowed = Energy.FromMilliwattHours(allowed) };
    }

    private static bool IsToOrder(DeliverySession session, DeliverySide side, Duration at = default, params DeliverySession[] others) =>
        DeliveryCourse.IsToOrder(session, side, [.. others, session], Bought + at);

    private static DeliverySession Session(bool isStored = true, MeterId? source = null, MeterId? sink = null)
    {
        var terms = new DeliveryTerms
        {
            Seller = new(Enumerable.Repeat((byte)1, 20).ToArray()),
            Buyer = new(Enumerable.Repeat((byte)2, 20).ToArray()),
            Source = source ?? Meter(10),
            Sink = sink ?? Meter(20),
            Microgrid = new(1),
            Energy = Energy.FromMilliwattHours(1_000_000),
            Before = Energy.FromMilliwattHours(1_000_000),
            Share = Coin.FromCoins(1),
            Tax = Coin.Zero,
            Opened = Bought,
            Deadline = Bought + Duration.FromHours(3),
            Patience = Duration.FromDays(1),
            LossShare = 200,
            IsStored = isStored,
            Origin = default,
        };
        return new(terms.Id(), terms);
    }

    private static MeterId Meter(byte seed) => new(new Address(Enumerable.Repeat(seed, 20).ToArray()));

    private static void Take(DeliverySide side) => (side.Order, side.IsTaken) = (OrderFor(side, null), true);

    private static DeliveryOrder OrderFor(DeliverySide side, DeliverySession? session) => new(side.Meter, 1, OrderKind.Open, session?.Id ?? default, Bought);

    private static DeliveryTold.Stopped Stopped(DeliverySession session, DeliverySide side, StopReason reason)
    {
        var register = MeterRegister.FromMilliwattHours(0);
        var span = new SpanReport(session.Id, side.Meter, side.Flow, Bought, Bought, register, register);
        return new(1, new(span, default), reason, 0, Energy.Zero);
    }
}
