using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Node.Deliveries;

/// <summary>What the ledger is to be asked about a delivery.</summary>
internal enum LedgerDeed
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>To pay for what both meters signed, and give the rest back.</summary>
    Settle,

    /// <summary>To pay for what the source's meter signed: the buyer's has begun, and was waited for in vain.</summary>
    SettleWithoutSink,

    /// <summary>To give all of it back: nobody settled it in time.</summary>
    Expire,
}

/// <summary>The rules by which a delivery is carried out: a meter is ordered, called off, and the ledger asked. Without state of its own.</summary>
internal static class DeliveryCourse
{
    /// <summary>How many deliveries out of one store run at a time; the others wait for their turn.</summary>
    public const int MostAtAStore = 24;

    /// <summary>After a refusal, a meter is ordered again.</summary>
    public static readonly Duration Pause = Duration.FromMinutes(1);

    // So much longer a source counts when the sink has all: the two did not begin in the same moment. A store's meter counts without an end
    // of its own; a seller's stops when it has given all.
    private static readonly Duration StoreGrace = Duration.FromSeconds(5);
    private static readonly Duration SellerGrace = Duration.FromMinutes(1);

    /// <summary>
    /// Whether a side is to be ordered now. A meter's register counts everything, so a buyer's meter, and a seller's own, carry out one
    /// delivery after the other, the oldest first; a store's serves many. The sink is told when the source has said that it obeys.
    /// </summary>
    /// <param name="session">The delivery.</param>
    /// <param name="side">One of its sides.</param>
    /// <param name="all">All deliveries that are under way.</param>
    /// <param name="now">The time.</param>
    public static bool IsToOrder(DeliverySession session, DeliverySide side, IReadOnlyCollection<DeliverySession> all, Instant now)
    {
        var mayBegin = session.IsOpen && now < session.Terms.Deadline && now >= side.NotBefore && side is { End: null, Errand: null, IsForgotten: false };
        // What is on disk and was not answered is said again: after a restart, or because too much waited for the meter.
        if (!mayBegin || (side.IsTaken && side.Refusal is null) || IsSpoiled(session, side, now))
            return false;
        if (side == session.Sink)
            return session.Source is { IsTaken: true, Refusal: null };
        var others = all.Where(other => other != session);
        return session.Terms.IsStored
            ? !others.Any(other => HoldsSink(other, session)) && others.Count(other => other.Source.Meter == side.Meter && other.Source.IsUnderWay) < MostAtAStore
            : !others.Any(other => HoldsSink(other, session) || HoldsSource(other, session));
    }

    /// <summary>Whether a side that counts may count more than it was ordered to.</summary>
    public static bool IsToRaise(DeliverySession session, DeliverySide side) =>
        session is { IsTurn: true, IsOpen: true } && side is { IsTaken: true, IsUnderWay: true, IsCancelled: false, Errand: null, Order: { } order }
        && session.Sides.All(other => other.End is null) && session.AmountOf(side).MilliwattHours > order.Amount;

    /// <summary>
    /// Whether a side is to be called off: a source whose sink has ended, and a sink whose source failed. A source that gave all leaves
    /// the sink its time.
    /// </summary>
    public static bool IsToCancel(DeliverySession session, DeliverySide side, Instant now)
    {
        if (!side.IsUnderWay || side.IsCancelled || side.Errand is { Kind: OrderKind.Cancel })
            return false;
        return !session.IsOpen || IsSpoiled(session, side, now);
    }

    /// <summary>Whether what is being said to a meter has lost its sense: it is not to begin any more.</summary>
    public static bool IsToGiveUp(DeliverySession session, DeliverySide side, Instant now) =>
        side.Errand is { Kind: OrderKind.Open } && (!session.IsOpen || now >= session.Terms.Deadline || IsToCancel(session, side, now));

    /// <summary>What the ledger is to be asked now.</summary>
    public static LedgerDeed DeedFor(DeliverySession session, Instant now)
    {
        if (!session.IsOpen || session.IsTurn || now < session.NotBefore)
            return LedgerDeed.None;
        if (session.Source.End is not null)
        {
            if (session.Sink.End is not null)
                return LedgerDeed.Settle;
            // Of a buyer's meter that never began nobody can say that anything reached it.
            if (session.Sink.Opened is not null && now >= session.Terms.Deadline + session.Terms.Patience)
                return LedgerDeed.SettleWithoutSink;
        }

        return now >= session.Terms.FreedFrom ? LedgerDeed.Expire : LedgerDeed.None;
    }

    /// <summary>
    /// Whether a turn of a channel has to give way: something was bought for its payer's meter, or out of its payee's, and its meters would take part.
    /// </summary>
    public static bool Yields(DeliverySession turn, IReadOnlyCollection<DeliverySession> all) => all.Any(other => !other.IsTurn && other.IsOpen
        && (other.Sink.Meter == turn.Sink.Meter || (!other.Terms.IsStored && other.Source.Meter == turn.Source.Meter))
        && other.Sides.All(side => side is { Refusal: null, IsForgotten: false, End: null }));

    /// <summary>Whether other turns have one of the meters of this one.</summary>
    public static bool IsHeld(DeliverySession turn, IReadOnlyCollection<DeliverySession> all) =>
        all.Any(other => other != turn && (HoldsSink(other, turn) || HoldsSource(other, turn)));

    // The other side's end is this one's.
    private static bool IsSpoiled(DeliverySession session, DeliverySide side, Instant now) => side == session.Source
        ? session.Sink.End is { } end && (end.Reason != StopReason.AmountReached || now >= end.Span.Report.Closed + GraceOf(session))
        : session.Source.IsForgotten || session.Source.End is { } ended && (session.IsTurn || ended.Reason != StopReason.AmountReached);

    private static Duration GraceOf(DeliverySession session) => session.Terms.IsStored || session.IsTurn ? StoreGrace : SellerGrace;

    private static bool HoldsSink(DeliverySession other, DeliverySession session) =>
        other.Sink.Meter == session.Sink.Meter && (IsWithdrawn(other) ? other.Sink.IsUnderWay : IsBusy(other));

    private static bool HoldsSource(DeliverySession other, DeliverySession session) => !other.Terms.IsStored
        && other.Source.Meter == session.Source.Meter && (IsWithdrawn(other) ? other.Source.IsUnderWay : IsBusy(other));

    // A turn that ends holds each of its meters until that one has; a meter that is away would hold the other's owner up.
    private static bool IsWithdrawn(DeliverySession other) => other is { IsTurn: true, IsOpen: false };

    // One whose meter refuses for now leaves its turn to the next.
    private static bool IsBusy(DeliverySession other) => other.Source.IsUnderWay || other.Sink.IsUnderWay;
}
