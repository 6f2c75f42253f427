using System.Threading.Channels;
using Busbar.Domain.Notifications;
using Busbar.Ledger.Journal;
using Busbar.Store.Notifications;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Notifications;

/// <summary>
/// Carries one channel's deliveries out, a few at a time and never two to the same address at once. Each channel has its own, so that a slow
/// mail server holds up nothing but mails.
/// </summary>
internal sealed partial class ChannelPump(
    IDeliveryChannel channel, NotificationDispatch dispatch, ILogger<ChannelPump> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, Task> _running = new(StringComparer.Ordinal);
    private Task? _ring;

    /// <summary>Says that something new may be due.</summary>
    public void Ring() => _bell.Writer.TryWrite(true);

    /// <summary>Delivers until it is stopped. What is under way then has no recorded answer, and is taken up again at the next start.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await WaitAsync(await StartDueAsync(stopping), stopping);
                foreach (var (address, task) in _running.Where(pair => pair.Value.IsCompleted).ToList())
                {
                    _running.Remove(address);
                    await task;
                }
            }
        }
        finally
        {
            await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How long nothing is due.</returns>
    private async Task<TimeSpan> StartDueAsync(CancellationToken stopping)
    {
        var free = channel.Places - _running.Count;
        if (free == 0)
            return LongestWait;
        var now = dispatch.Clock.GetCurrentInstant();
        DueDeliveries due;
        try
        {
            due = await dispatch.Store.ClaimAsync(channel.Channel, now, free, _running.Keys, stopping);
        }
        catch (StoreException trouble)
        {
            LogTrouble(channel.Channel, trouble.Message);
            return AfterTrouble;
        }

        foreach (var delivery in due.Deliveries)
            _running.Add(delivery.Address.Value, DeliverAsync(delivery, stopping));

        // What is due already waits for a place or its address: the next one that ends looks again.
        var next = due.NextAt is { } at && at > now ? (at - now).ToTimeSpan() : LongestWait;
        return next < LongestWait ? next : LongestWait;
    }

    private async Task WaitAsync(TimeSpan longest, CancellationToken stopping)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _ring ??= _bell.Reader.ReadAsync(stopping).AsTask();
        await Task.WhenAny([_ring, Task.Delay(longest, dispatch.Time, waiting.Token), .. _running.Values]);
        await waiting.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        if (_ring.IsCompleted)
            _ring = null;
    }

    private async Task DeliverAsync(ClaimedDelivery delivery, CancellationToken stopping)
    {
        // The caller goes on claiming at once: nothing of a delivery runs before the pump has noted it.
        await Task.Yield();
        DeliveryOutcome outcome;
        try
        {
            outcome = await channel.DeliverAsync(delivery, dispatch.Write(delivery), stopping);
        }
        catch (Exception bug) when (bug is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // One message that cannot be made must not end all the others.
            LogBug(bug, delivery.Id, channel.Channel);
            outcome = new DeliveryOutcome.Later($"the node could not make it: {bug.GetType().Name}");
        }

        await SettleAsync(delivery, outcome, stopping);
    }

    private async Task SettleAsync(ClaimedDelivery delivery, DeliveryOutcome outcome, CancellationToken stopping)
    {
        var now = dispatch.Clock.GetCurrentInstant();
        var settlement = Judge(delivery, outcome, now);
        if (settlement is DeliverySettlement.Failed)
            LogFailed(delivery.Id, channel.Channel, delivery.Attempt);
        while (true)
        {
            try
            {
                await dispatch.Store.SettleAsync(delivery.Id, settlement, now, stopping);
                return;
            }
            catch (StoreException trouble)
            {
                // Not to record it would mean to send it twice.
                LogTrouble(channel.Channel, trouble.Message);
                await Task.Delay(AfterTrouble, dispatch.Time, stopping);
            }
        }
    }

    private DeliverySettlement Judge(ClaimedDelivery delivery, DeliveryOutcome outcome, Instant now)
    {
        switch (outcome)
        {
            case DeliveryOutcome.Accepted accepted:
                return new DeliverySettlement.Sent(accepted.Receipt);
            case DeliveryOutcome.Later later:
                return dispatch.Schedule.Next(delivery.Id, delivery.Attempt, now, delivery.GoodUntil, later.After) is { } next
                    ? new DeliverySettlement.Again(next, later.Reason)
                    : new DeliverySettlement.Failed($"given up after {delivery.Attempt} tries; last: {later.Reason}");
            case DeliveryOutcome.Refused refused:
                return new DeliverySettlement.Failed(refused.Reason);
            default:
                throw new ArgumentException($"{outcome.GetType().Name} is not known here", nameof(outcome));
        }
    }

    [LoggerMessage(1401, LogLevel.Error, "Notifications over {Channel} wait for the store: {Trouble}")]
    private partial void LogTrouble(NotificationChannel channel, string trouble);

    [LoggerMessage(1402, LogLevel.Error, "Delivery {Delivery} over {Channel} could not be made")]
    private partial void LogBug(Exception exception, DeliveryId delivery, NotificationChannel channel);

    [LoggerMessage(1403, LogLevel.Warning, "Delivery {Delivery} over {Channel} has failed for good at try {Attempt}; its list says why")]
    private partial void LogFailed(DeliveryId delivery, NotificationChannel channel, int attempt);
}
