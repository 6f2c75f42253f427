using System.Collections.Concurrent;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Trading;
using Busbar.Node.Deliveries;
using Busbar.Store.Deliveries;
using NodaTime;

namespace Busbar.Node.Channels;

/// <summary>
/// The energy of payment channels. While a payer is there and the vouchers allow more, a turn runs: the payee's meter gives, the payer's takes,
/// as in a delivery that was bought, and no further than one block ahead of the vouchers. What both signed is then taken off the bills of the
/// two. Not thread safe but for <see cref="FlowOf"/> and <see cref="IsAwaited"/>: the delivery desk is.
/// </summary>
internal sealed class ChannelTurns(PayeeDesk payees, ChannelDeeds deeds, SqliteTurns store)
{
    /// <summary>A turn ends after so long, so that what flowed comes off the bills of its time.</summary>
    public static readonly Duration Longest = Duration.FromHours(24);

    /// <summary>For less the relays are not moved.</summary>
    public static readonly Energy Least = Energy.FromMilliwattHours(1_000);

    // As good as without a bound: what a turn delivers is bounded by the vouchers.
    private static readonly Energy Most = Energy.FromMilliwattHours(1_000_000_000_000);

    private readonly ConcurrentDictionary<ChannelId, Course> _courses = new();

    /// <summary>Where the energy of a channel stands. Safe for concurrent callers.</summary>
    public ChannelFlow FlowOf(ChannelId id) => _courses.GetValueOrDefault(id)?.Flow ?? ChannelFlow.None;

    /// <summary>Whether what meters signed of a channel is still to be counted. Safe for concurrent callers.</summary>
    public bool IsAwaited(ChannelId id) => _courses.GetValueOrDefault(id) is { Turn: not null };

    /// <summary>Takes up what is on disk.</summary>
    /// <returns>The turns of which something is still to be done.</returns>
    public async Task<IReadOnlyList<DeliverySession>> RestoreAsync(CancellationToken cancellation)
    {
        var sessions = new List<DeliverySession>();
        foreach (var (terms, arrived) in await store.NeededAsync(cancellation))
        {
            var course = CourseOf(new(terms.Origin));
            var isDone = arrived is not null;
            var session = new DeliverySession(terms.Id(), terms) { Allowed = Energy.Zero, IsDone = isDone, IsOpen = !isDone };
            sessions.Add(session);
            (course.Turn, course.Before) = (arrived is null ? session : null, terms.Before + (arrived ?? Energy.Zero));
        }

        return sessions;
    }

    /// <summary>Begins, allows more, and ends turns as the vouchers and the market want it. A turn is on disk before it is returned.</summary>
    /// <param name="active">All deliveries that are under way.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Gives up waiting for the disk.</param>
    /// <returns>The turns that begin.</returns>
    public async Task<IReadOnlyList<DeliverySession>> FollowAsync(
        IReadOnlyCollection<DeliverySession> active, Instant now, CancellationToken cancellation)
    {
        var there = payees.There().ToDictionary(standing => standing.Channel.Channel.Id);
        foreach (var (id, course) in _courses)
        {
            if (course.Turn is { } turn)
                Lead(course, turn, there.GetValueOrDefault(id), payees.Find(id), active);
        }

        var begun = new List<DeliverySession>();
        foreach (var (id, standing) in there)
        {
            var course = CourseOf(id);
            if (course.Turn is not null || now < course.NotBefore)
                continue;
            if (await BeginAsync(course, standing, [.. active, .. begun], now, cancellation) is { } session)
                begun.Add(session);
        }

        Tell(there.Keys.ToHashSet());
        return begun;
    }

    /// <summary>Ends turns that are over: what both meters signed is counted on the ledger, then the turn is done, on disk.</summary>
    /// <returns>Whether the ledger was asked to count.</returns>
    public async Task<bool> EndAsync(Instant now, CancellationToken cancellation)
    {
        var counted = false;
        foreach (var (id, course) in _courses)
        {
            if (course.Turn is not { } turn || !IsOver(turn, now))
                continue;
            var arrived = ArrivedOf(turn);
            if (arrived > Energy.Zero && turn is { Source.End: { } source, Sink.End: { } sink }
                && payees.Find(id) is { Channel: { Ending: null } channel })
            {
                if (now < turn.NotBefore)
                    continue;
                var refusal = await deeds.CountAsync(channel.Channel.Terms, turn.Terms, source.Span, sink.Span, now, cancellation);
                turn.Trouble = refusal;
                if (refusal is not null)
                {
                    turn.NotBefore = now + DeliveryCourse.Pause;
                    continue;
                }

                counted = true;
            }

            await store.PutAsync(new(turn.Terms, arrived), cancellation);
            (turn.IsDone, turn.IsOpen, course.Turn) = (true, false, null);
            course.Before = turn.Terms.Before + arrived;
            // What came to nothing would come to nothing again.
            course.NotBefore = arrived == Energy.Zero ? now + DeliveryCourse.Pause : now + Duration.FromSeconds(1);
        }

        return counted;
    }

    private async Task<DeliverySession?> BeginAsync(
        Course course, ChannelStanding standing, IReadOnlyCollection<DeliverySession> active, Instant now, CancellationToken cancellation)
    {
        var channel = standing.Channel.Channel;
        course.Trouble = null;
        // A voucher is awaited, or what is locked is used up.
        if (standing.MayFlow - course.Before < Least)
            return null;
        if (deeds.MetersOf(channel.Terms) is not { } meters)
        {
            course.Trouble = "payer and payee have no meters in one microgrid";
            return null;
        }

        var opened = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var deadline = Instant.Min(channel.End, opened + Longest);
        var turn = new ChannelTurn(
            channel.Terms, meters.Microgrid, meters.Source, meters.Sink, Most, course.Before, opened, deadline, meters.LossShare);
        if (turn.Opened < channel.Terms.Opened || turn.Deadline <= turn.Opened)
            return null;
        var session = new DeliverySession(turn.Id, turn.Terms) { Allowed = standing.MayFlow - course.Before };
        if (DeliveryCourse.Yields(session, active) || DeliveryCourse.IsHeld(session, active))
        {
            course.Trouble = "one of the two meters is busy with another delivery";
            return null;
        }

        await store.PutAsync(new(turn.Terms, null), cancellation);
        return course.Turn = session;
    }

    private static void Lead(
        Course course, DeliverySession turn, ChannelStanding? there, ChannelStanding? standing, IReadOnlyCollection<DeliverySession> active)
    {
        var refusal = turn.Sides.Select(side => side.Refusal).FirstOrDefault(refused => refused is not null);
        course.Trouble = refusal ?? turn.Trouble;
        var hasBegun = turn.Sink.Order is not null;
        if (refusal is not null || standing is not { Channel.Ending: null } open || (there is null && !hasBegun)
            || DeliveryCourse.Yields(turn, active))
        {
            turn.IsOpen = false;
            return;
        }

        var allowed = open.MayFlow - turn.Terms.Before;
        if (turn.Sides.All(side => side.End is null) && allowed > turn.Allowed)
            turn.Allowed = allowed;
        // After its end a channel allows nothing: what was not ordered before a restart is not any more.
        turn.IsOpen = turn.Allowed > Energy.Zero;
    }

    // A meter that never comes back is given up when nothing of it counts any more.
    private static bool IsOver(DeliverySession turn, Instant now) => now >= turn.Terms.Deadline + OpenChannel.Grace
        || (!turn.Sides.Any(side => side.IsUnderWay)
            && (!turn.IsOpen || now >= turn.Terms.Deadline || turn.Sides.Any(side => side.End is not null)));

    /// <summary>What has arrived in a turn, as its meters told last: the lower of what both show, the source's less the loss.</summary>
    private static Energy ArrivedOf(DeliverySession turn)
    {
        var (sent, arrived) = (turn.Terms.LessLoss(turn.Source.Counted), turn.Sink.Counted);
        return sent < arrived ? sent : arrived;
    }

    private void Tell(HashSet<ChannelId> there)
    {
        foreach (var (id, course) in _courses)
        {
            var arrived = course.Turn is { } turn ? turn.Terms.Before + ArrivedOf(turn) : course.Before;
            var phase = course.Turn is { Sink: { Opened: not null, End: null } } ? ChannelFlowPhase.Flowing
                : there.Contains(id) ? ChannelFlowPhase.Waiting : ChannelFlowPhase.Idle;
            course.Flow = new(phase, arrived, phase == ChannelFlowPhase.Flowing ? null : course.Trouble);
        }
    }

    private Course CourseOf(ChannelId id) => _courses.GetOrAdd(id, static _ => new());

    /// <summary>What is known of a channel's energy.</summary>
    private sealed class Course
    {
        private volatile DeliverySession? _turn;
        private volatile ChannelFlow _flow = ChannelFlow.None;

        /// <summary>The turn that is not done; null when there is none.</summary>
        public DeliverySession? Turn
        {
            get => _turn;
            set => _turn = value;
        }

        public ChannelFlow Flow
        {
            get => _flow;
            set => _flow = value;
        }

        /// <summary>What arrived in the turns that are done.</summary>
        public Energy Before { get; set; }

        public Instant NotBefore { get; set; } = Instant.MinValue;

        public string? Trouble { get; set; }
    }
}
