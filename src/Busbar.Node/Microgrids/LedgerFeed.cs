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
    }

    /// <summary>Feeds what comes, until cancelled.</summary>
    public async Task RunAsync(Indexer indexer, CancellationToken stopping)
    {
        await foreach (var change in indexer.ChangesAsync(_place, stopping))
        {
            view.Apply(change);
            Interlocked.Increment(ref _version);
            if (change is not ChainChange.BlockAdded added)
                continue;
            foreach (var record in added.Events)
                await FeedAsync(record, stopping);
        }
    }

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
