using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Indexing;
using Busbar.Node.Intake;
using NodaTime;

namespace Busbar.Node.Microgrids;

/// <summary>Brings what the ledger says of meters into the journals of their microgrids, in the ledger's order.</summary>
internal sealed class LedgerFeed(
    IReadOnlyDictionary<MicrogridId, MicrogridActor> actors, ReadingIntake intake, JournalPump pump, IEventIndex index, LedgerView view, IClock clock)
{
    private const int PageSize = 1_000;

    private EventPlace _place = actors.Values
        .Select(actor => actor.LedgerAtStart)
        .OrderBy(place => place.Block).ThenBy(place => place.LogIndex)
        .FirstOrDefault(EventPlace.Start);

    private long _version;
    private volatile TaskCompletionSource _applied = NewSignal();
    private ulong _block;

    /// <summary>Grows with every change of the ledger.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Feeds everything that the index holds and waits until the actors have applied it.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        while (await index.EventsAsync(_place, topic: null, PageSize, cancellation) is { Count: > 0 } events)
        {
            foreach (var record in events)
                await FeedAsync(record, cancellation);
        }

        // The view was loaded from the same index.
        Interlocked.Exchange(ref _block, (await index.HeadAsync(cancellation))?.Number ?? 0);
    }

    /// <summary>Feeds what comes, until cancelled.</summary>
    public async Task RunAsync(Indexer indexer, CancellationToken stopping)
    {
        await foreach (var change in indexer.ChangesAsync(_place, stopping))
        {
            view.Apply(change);
            Interlocked.Increment(ref _version);
            Interlocked.Exchange(ref _block, change is ChainChange.BlockAdded one ? one.Block.Number : ((ChainChange.BlocksTakenBack)change).KeptNumber);
            Interlocked.Exchange(ref _applied, NewSignal()).SetResult();
            if (change is not ChainChange.BlockAdded added)
                continue;
            foreach (var record in added.Events)
                await FeedAsync(record, stopping);
        }
    }

    /// <summary>Waits until the view has the indexed head.</summary>
    public async Task AppliedAsync(CancellationToken cancellation)
    {
        while (await index.HeadAsync(cancellation) is { } head)
        {
            var signal = _applied;
            if (Interlocked.Read(ref _block) >= head.Number)
                return;
            await signal.Task.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task FeedAsync(IndexedEvent record, CancellationToken cancellation)
    {
        _place = new(record.Block, record.LogIndex);
        if (MeterEvents.MicrogridOf(record) is not { } microgrid || !actors.TryGetValue(microgrid, out var actor))
            return;
        var block = await index.BlockAsync(record.Block, cancellation)
            ?? throw new InvalidOperationException($"the index has an event of block {record.Block} and not the block");
        var position = await pump.WriteAsync(actor, new LedgerEventRecord(record, block.Time).Write(clock.GetCurrentInstant()), cancellation);
        await actor.WhenAppliedAsync(position, cancellation);
        if (MeterEvents.Decode(record, block.Time) is MeterEvent.Registered registered)
            intake.Route(registered.Registration.Meter, actor);
    }
}
