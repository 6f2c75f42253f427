using System.Collections.Concurrent;
using System.Threading.Channels;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Trading;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Trading;
using Busbar.Node.Channels;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Deliveries;

/// <summary>
/// Carries out what was bought: orders both meters of each delivery, keeps what they sign, settles it on the ledger, and frees what its time has
/// left behind. The ledger says what is under way and the disk what was ordered, so that it goes on after a restart of any part. Thread safe.
/// </summary>
internal sealed partial class DeliveryDesk : IDeliveryStandings, IDisposable
{
    private const int MostTold = 4_096;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly Duration TidyEvery = Duration.FromSeconds(15);

    // As a device that is there answers in milliseconds; real time, also of a stepped run.
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    private readonly DeliverySurroundings _around;
    private readonly MarketDeeds _deeds;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly ConcurrentDictionary<Hash256, DeliverySession> _sessions = new();

    // Those that still need something, in the ledger's order; touched by who looks alone.
    private readonly List<DeliverySession> _active = [];

    // Meters say again what was not acknowledged, so one that finds no place is not lost.
    private readonly Channel<(MeterId Meter, DeliveryTold Told)> _told = Channel.CreateBounded<(MeterId, DeliveryTold)>(
        new BoundedChannelOptions(MostTold) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Instant _tidyFrom = Instant.MinValue;

    private DeliveryDesk(DeliverySurroundings around)
    {
        _around = around;
        _deeds = new(around.Chain, around.Contracts, around.View, around.Operator);
        _log = around.Log;
        around.Link.Heard = Hear;
    }

    /// <summary>Opens the desk with what is on disk.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public static async Task<DeliveryDesk> OpenAsync(DeliverySurroundings around, CancellationToken cancellation)
    {
        var desk = new DeliveryDesk(around);
        foreach (var turn in around.Turns is { } turns ? await turns.RestoreAsync(cancellation) : [])
            desk._sessions[turn.Id] = turn;
        foreach (var stored in await around.Store.AllAsync(cancellation))
        {
            if (desk._sessions.GetValueOrDefault(stored.Order.Subject) is not { } session)
            {
                if (around.View.Delivery(stored.Order.Subject) is not { } delivery)
                    continue;
                session = desk._sessions[delivery.Id] = new(delivery.Id, delivery.Terms) { IsOpen = false };
            }

            session.Sides.First(side => side.Flow == stored.Order.Flow).Restore(stored);
        }

        desk._active.AddRange(desk._sessions.Values.Where(session => session.IsOpen || session.Sides.Any(NeedsMeter)));
        return desk;
    }

    /// <inheritdoc />
    public DeliveryStanding? Of(Hash256 id) => _sessions.GetValueOrDefault(id)?.Standing;

    /// <summary>Something of the market has changed: there may be a delivery to carry out.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Looks after every delivery, whenever something comes and every second, until cancelled.</summary>
    public Task RunAsync(TimeProvider time, CancellationToken stopping) => Task.WhenAll(LookOnWakeAsync(stopping), WakeAsync(time, stopping));

    /// <summary>Looks after every delivery once: hears, orders, settles; when it returns, what it settled is in the view.</summary>
    /// <exception cref="StoreException">The disk is full or failing; nothing was said or settled that is not on it.</exception>
    /// <exception cref="ChainException">The ledger is out of reach.</exception>
    /// <exception cref="EngineException">The ledger's engine is out of order.</exception>
    public Task LookAsync(CancellationToken cancellation) => LookAsync(settles: true, cancellation);

    /// <summary>
    /// Looks until the meters that are online have answered all that they were ordered, or none has for <see cref="AnswerPatience"/>, and settles
    /// only then: for stepped runs, in which nothing comes by itself, and which are to settle the same together whenever they are run.
    /// </summary>
    public async Task FollowedAsync(Func<MeterId, bool> isOnline, CancellationToken cancellation)
    {
        while (true)
        {
            await LookAsync(settles: false, cancellation);
            if (_active.SelectMany(session => session.Sides).Any(side => isOnline(side.Meter) && side.IsAwaited) && await HeardAsync(cancellation))
                continue;
            if (!await LookAsync(settles: true, cancellation))
                return;
        }
    }

    public void Dispose()
    {
        foreach (var side in _active.SelectMany(session => session.Sides))
            GiveUp(side);
        _one.Dispose();
    }

    // A meter that is online and says nothing must not hold the clock for everybody.
    private async Task<bool> HeardAsync(CancellationToken cancellation)
    {
        var answers = _active.SelectMany(session => session.Sides).Select(side => side.Errand?.Answer).OfType<Task>();
        try
        {
            await Task.WhenAny([.. answers, _told.Reader.WaitToReadAsync(cancellation).AsTask()])
                .WaitAsync(AnswerPatience, TimeProvider.System, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<bool> LookAsync(bool settles, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var now = _around.Clock.GetCurrentInstant();
            FollowLedger();
            await HearAsync(cancellation);
            if (_around.Turns is { } turns)
                await TakeTurnsAsync(turns, now, cancellation);
            await DirectAsync(now, cancellation);
            var hasSettled = settles && await SettleAsync(now, cancellation);
            _active.RemoveAll(session => (session.IsTurn ? session.IsDone : !session.IsOpen) && !session.Sides.Any(NeedsMeter));
            return hasSettled;
        }
        finally
        {
            _one.Release();
        }
    }

    private static bool NeedsMeter(DeliverySide side) => side.Errand is not null || side is { End: not null, IsAcknowledged: false };

    private async Task LookOnWakeAsync(CancellationToken stopping)
    {
        do
        {
            _wake.Reader.TryRead(out _);
            try
            {
                await LookAsync(stopping);
            }
            catch (Exception failed) when (failed is ChainException or EngineException or StoreException)
            {
                // The next look tries again.
                LogTrouble(failed.Message);
            }
        }
        while (await _wake.Reader.WaitToReadAsync(stopping));
    }

    private async Task WakeAsync(TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stopping))
            Wake();
    }

    private void Hear(MeterId meter, DeliveryTold told)
    {
        if (told is DeliveryTold.Taken or DeliveryTold.Refused)
            return;
        _told.Writer.TryWrite((meter, told));
        Wake();
    }

    private void FollowLedger()
    {
        var open = new HashSet<Hash256>();
        foreach (var delivery in _around.View.OpenDeliveries)
        {
            if (delivery.Stage != DeliveryStage.UnderWay)
                continue;
            open.Add(delivery.Id);
            var session = _sessions.GetOrAdd(delivery.Id, _ => new(delivery.Id, delivery.Terms));
            session.IsOpen = true;
            if (!_active.Contains(session))
                _active.Add(session);
        }

        foreach (var session in _active.Where(session => session is { IsOpen: true, IsTurn: false } && !open.Contains(session.Id)))
            (session.IsOpen, session.Trouble) = (false, null);
    }

    private async Task TakeTurnsAsync(ChannelTurns turns, Instant now, CancellationToken cancellation)
    {
        if (await turns.EndAsync(now, cancellation))
            await _around.CatchUp(CancellationToken.None);
        foreach (var session in await turns.FollowAsync(_active, now, cancellation))
        {
            _sessions[session.Id] = session;
            _active.Add(session);
        }
    }

    private async Task HearAsync(CancellationToken cancellation)
    {
        while (_told.Reader.TryRead(out var one))
        {
            var (meter, told) = one;
            var subject = told switch
            {
                DeliveryTold.Started started => started.Subject,
                DeliveryTold.Progress progress => progress.Subject,
                DeliveryTold.Stopped stopped => stopped.Span.Report.Subject,
                _ => default,
            };
            // Of what the ledger does not know, or nobody ordered, nothing is kept.
            if (!_sessions.TryGetValue(subject, out var session) || session.SideOf(told, meter) is not { Order: not null } side)
                continue;
            await TakeAsync(session, side, told, cancellation);
        }
    }

    private async Task TakeAsync(DeliverySession session, DeliverySide side, DeliveryTold told, CancellationToken cancellation)
    {
        switch (told)
        {
            case DeliveryTold.Started started when side.End is null:
                (side.IsTaken, side.Refusal) = (true, null);
                if (side.Opened == started.Opened)
                    break;
                side.Opened = started.Opened;
                await _around.Store.PutAsync(side.Stored!, cancellation);
                break;
            case DeliveryTold.Progress progress when side.End is null:
                (side.IsTaken, side.Seconds, side.Energy) = (true, progress.Seconds, progress.Energy);
                break;
            case DeliveryTold.Stopped stopped when side.End is null:
                await _around.Store.PutAsync(side.Stored! with { End = stopped }, cancellation);
                (side.End, side.IsTaken, side.Refusal) = (stopped, true, null);
                LogStopped(session.Id, side.Meter, stopped.Reason, stopped.Seconds, stopped.Energy.MilliwattHours);
                if (!_active.Contains(session))
                    _active.Add(session);
                break;
            case DeliveryTold.Stopped:
                // It did not hear that its report is safe.
                side.IsAcknowledged = false;
                if (!_active.Contains(session))
                    _active.Add(session);
                break;
        }
    }

    private async Task DirectAsync(Instant now, CancellationToken cancellation)
    {
        foreach (var session in _active)
        {
            foreach (var side in session.Sides)
            {
                await AnsweredAsync(session, side, now, cancellation);
                if (DeliveryCourse.IsToGiveUp(session, side, now))
                    GiveUp(side);
                if (DeliveryCourse.IsToOrder(session, side, _active, now))
                    await OrderAsync(session, side, now, cancellation);
                else if (DeliveryCourse.IsToRaise(session, side))
                    await RaiseAsync(session, side, now, cancellation);
                else if (DeliveryCourse.IsToCancel(session, side, now))
                    Say(side, Order(OrderKind.Cancel, session, side, now));
                else if (side is { End: { } end, IsAcknowledged: false, Errand: null })
                    Say(side, Order(OrderKind.Acknowledge, session, side, now) with { Amount = end.Report });
            }
        }
    }

    private async Task OrderAsync(DeliverySession session, DeliverySide side, Instant now, CancellationToken cancellation)
    {
        // After a restart the order that is on disk is said again, under its number: it is obeyed once.
        var order = side is { Order: { } known, Refusal: null } ? known : Order(OrderKind.Open, session, side, now) with
        {
            Flow = side.Flow,
            Amount = session.AmountOf(side).MilliwattHours,
            NotBefore = session.Terms.Opened,
            Deadline = session.Terms.Deadline,
        };
        await _around.Store.PutAsync(new(order, null, null, IsAcknowledged: false), cancellation);
        (side.Order, side.Refusal) = (order, null);
        Say(side, order);
    }

    private async Task RaiseAsync(DeliverySession session, DeliverySide side, Instant now, CancellationToken cancellation)
    {
        var order = side.Order! with
        {
            Number = _around.Link.NextNumber(side.Meter),
            Amount = session.AmountOf(side).MilliwattHours,
            IssuedAt = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds()),
        };
        await _around.Store.PutAsync(side.Stored! with { Order = order }, cancellation);
        side.Order = order;
        Say(side, order);
    }

    private DeliveryOrder Order(OrderKind kind, DeliverySession session, DeliverySide side, Instant now) => new(
        side.Meter, _around.Link.NextNumber(side.Meter), kind, session.Id, Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds()));

    private void Say(DeliverySide side, DeliveryOrder order)
    {
        var stopping = new CancellationTokenSource();
        var answer = _around.Link.SendAsync(order, stopping.Token);
        side.Errand = new(order.Kind, answer, stopping);
        _ = answer.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task AnsweredAsync(DeliverySession session, DeliverySide side, Instant now, CancellationToken cancellation)
    {
        if (side.Errand is not { Answer.IsCompleted: true } errand)
            return;
        side.Errand = null;
        errand.Stopping.Dispose();
        if (!errand.Answer.IsCompletedSuccessfully)
            return;
        switch (errand.Kind, await errand.Answer)
        {
            case (OrderKind.Open, DeliveryAnswer.Taken):
            case (OrderKind.Open, DeliveryAnswer.Refused { Reason: nameof(OrderRefused.AlreadyOpen) }):
                side.IsTaken = true;
                break;
            case (OrderKind.Open, DeliveryAnswer.Refused refused):
                (side.Refusal, side.NotBefore) = ($"{refused.Reason}: {refused.Detail}", now + DeliveryCourse.Pause);
                LogRefused(session.Id, side.Meter, refused.Reason, refused.Detail);
                break;
            case (OrderKind.Cancel, DeliveryAnswer.Taken):
                side.IsCancelled = true;
                break;
            case (OrderKind.Cancel, DeliveryAnswer.Refused { Reason: nameof(OrderRefused.UnknownSubject) }):
                // It never had the order, or lost its memory: no report will come.
                side.IsForgotten = true;
                break;
            case (OrderKind.Acknowledge, DeliveryAnswer.Taken):
            case (OrderKind.Acknowledge, DeliveryAnswer.Refused):
                side.IsAcknowledged = true;
                await _around.Store.PutAsync(side.Stored!, cancellation);
                break;
            case (_, DeliveryAnswer.TooManyWaiting):
                side.NotBefore = now + DeliveryCourse.Pause;
                break;
        }
    }

    private async Task<bool> SettleAsync(Instant now, CancellationToken cancellation)
    {
        var calls = new List<ChainCall>();
        var due = new List<(DeliverySession Session, Ledger.Contracts.Board.Settlement Settlement)>();
        foreach (var session in _active)
        {
            var deed = DeliveryCourse.DeedFor(session, now);
            if (deed == LedgerDeed.None || _around.View.Delivery(session.Id) is not { } delivery)
                continue;
            if (deed != LedgerDeed.Expire)
            {
                due.Add((session, MarketDeeds.Settlement(delivery, session.Source.End!.Span, deed == LedgerDeed.Settle ? session.Sink.End!.Span : null)));
                continue;
            }

            var (call, refusal) = await _deeds.ExpireAsync(session.Terms, now, cancellation);
            Note(session, refusal, now);
            if (refusal is null)
                calls.Add(call);
        }

        var (settling, refusals) = await _deeds.SettleAsync([.. due.Select(one => one.Settlement)], now, cancellation);
        foreach (var ((session, _), refusal) in due.Zip(refusals))
            Note(session, refusal, now);
        calls.AddRange(settling);
        if (now >= _tidyFrom)
        {
            calls.AddRange(await _deeds.OutlivedAsync(now, cancellation));
            _tidyFrom = now + TidyEvery;
        }

        if (calls.Count == 0)
            return false;
        foreach (var outcome in (await _deeds.ExecuteAsync(calls, now)).Where(outcome => !outcome.Succeeded))
            LogFailed(outcome.Hash, outcome.Refusal ?? "the contract undid it");
        await _around.CatchUp(CancellationToken.None);
        FollowLedger();
        return true;
    }

    private void Note(DeliverySession session, string? refusal, Instant now)
    {
        if (refusal is not null)
        {
            session.NotBefore = now + DeliveryCourse.Pause;
            LogNotSettled(session.Id, refusal);
        }

        session.Trouble = refusal;
    }

    private static void GiveUp(DeliverySide side)
    {
        if (side.Errand is not { } errand)
            return;
        errand.Stopping.Cancel();
        errand.Stopping.Dispose();
        side.Errand = null;
    }

    [LoggerMessage(1661, LogLevel.Information, "Delivery {Delivery}: meter {Meter} has stopped ({Reason}) after {Seconds} s and {Energy} mWh")]
    private partial void LogStopped(Hash256 delivery, MeterId meter, StopReason reason, long seconds, long energy);

    [LoggerMessage(1662, LogLevel.Warning, "Delivery {Delivery}: meter {Meter} does not take part for now: {Reason}: {Detail}")]
    private partial void LogRefused(Hash256 delivery, MeterId meter, string reason, string detail);

    [LoggerMessage(1663, LogLevel.Warning, "Delivery {Delivery} is not settled yet: {Reason}")]
    private partial void LogNotSettled(Hash256 delivery, string reason);

    [LoggerMessage(1664, LogLevel.Warning, "The transaction {Hash} of the delivery desk failed: {Reason}")]
    private partial void LogFailed(Hash256 hash, string reason);

    [LoggerMessage(1665, LogLevel.Warning, "Deliveries wait: {Trouble}")]
    private partial void LogTrouble(string trouble);
}
