using System.Runtime.CompilerServices;
using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Exploring;
using Busbar.Ledger.Journal;

namespace Busbar.Ledger.Tests.Doubles;

/// <summary>Journal, outbox and index in memory, with the promises of their ports. Everything "on disk" survives a chain's death.</summary>
internal sealed class MemoryStore : IJournal, IOutbox, IEventIndex
{
    private readonly Lock _lock = new();
    private readonly List<JournalRecord> _records = [];
    private readonly SortedDictionary<OutboxKey, ClosedInterval> _waiting = [];
    private readonly Dictionary<Hash256, IReadOnlyList<OutboxKey>> _sent = [];
    private readonly Dictionary<OutboxKey, ClosedInterval> _closed = [];
    private readonly SortedDictionary<ulong, StoreChange.BlockIndexed> _blocks = [];
    private long _epoch;

    public List<(Hash256 Transaction, ulong? Block, string? Failure)> Settled { get; } = [];

    /// <summary>Called before each append with its record kinds; what it throws is the disk's failure.</summary>
    public Action<IReadOnlyList<JournalRecord>>? BeforeAppend { get; set; }

    public IReadOnlyList<JournalRecord> Records
    {
        get
        {
            lock (_lock)
                return [.. _records];
        }
    }

    /// <summary>A store with the same journal only.</summary>
    public MemoryStore CopyJournal(Func<JournalRecord, JournalRecord>? change = null)
    {
        var copy = new MemoryStore();
        copy._records.AddRange(Records.Select(change ?? (record => record)));
        return copy;
    }

    public void Close(params IEnumerable<ClosedInterval> intervals)
    {
        lock (_lock)
        {
            foreach (var closed in intervals)
                _waiting[closed.Key] = _closed[closed.Key] = closed;
        }
    }

    public Task<JournalOwnership> TakeOverAsync(JournalName journal, CancellationToken cancellation) =>
        Task.FromResult(new JournalOwnership(journal, ++_epoch));

    public ValueTask<long> AppendAsync(JournalCommit commit, CancellationToken cancellation)
    {
        BeforeAppend?.Invoke(commit.Records);
        lock (_lock)
        {
            if (commit.Owner.Epoch != _epoch)
                throw new JournalFencedException(commit.Owner.Journal, commit.Owner.Epoch, _epoch);
            var first = _records.Count;
            _records.AddRange(commit.Records);
            foreach (var change in commit.Changes)
                Apply(change);
            return ValueTask.FromResult((long)first);
        }
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(
        JournalName journal, long from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var records = Records;
        for (var i = (int)from; i < records.Count; i++)
            yield return new JournalEntry(i, records[i]);
    }

    public Task SaveCheckpointAsync(JournalOwnership owner, long position, ReadOnlyMemory<byte> state, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<JournalCheckpoint?> LoadCheckpointAsync(JournalName journal, CancellationToken cancellation) =>
        Task.FromResult<JournalCheckpoint?>(null);

    public Task<IReadOnlyList<ClosedInterval>> WaitingAsync(int limit, CancellationToken cancellation)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<ClosedInterval>>([.. _waiting.Values.Take(limit)]);
    }

    public Task<IReadOnlyList<SentTransaction>> UnsettledAsync(CancellationToken cancellation)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<SentTransaction>>([.. _sent.Select(s => new SentTransaction(s.Key, s.Value))]);
    }

    public Task<IReadOnlyDictionary<OutboxKey, OutboxStatus>> StatusAsync(IReadOnlyCollection<OutboxKey> keys, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<IndexedBlock?> HeadAsync(CancellationToken cancellation)
    {
        lock (_lock)
            return Task.FromResult(_blocks.Count == 0 ? null : _blocks.Values.Last().Block);
    }

    public Task<IndexedBlock?> BlockAsync(ulong number, CancellationToken cancellation)
    {
        lock (_lock)
            return Task.FromResult(_blocks.TryGetValue(number, out var found) ? found.Block : null);
    }

    public Task<IReadOnlyList<IndexedBlock>> BlocksAsync(ulong? below, int limit, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var blocks = _blocks.Values.Select(b => b.Block).Where(b => below is null || b.Number < below);
            return Task.FromResult<IReadOnlyList<IndexedBlock>>([.. blocks.Reverse().Take(limit)]);
        }
    }

    public Task<IReadOnlyList<IndexedEvent>> EventsAsync(EventPlace after, Hash256? topic, int limit, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var events = _blocks.Values.SelectMany(b => b.Events)
                .Where(e => (e.Block, e.LogIndex).CompareTo((after.Block, after.LogIndex)) > 0)
                .Where(e => topic is null || e.Topics[0] == topic);
            return Task.FromResult<IReadOnlyList<IndexedEvent>>([.. events.Take(limit)]);
        }
    }

    public Task<IReadOnlyList<IndexedBlock>> BareBlocksAsync(ulong? below, int limit, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var blocks = _blocks.Values.Where(b => b.Content is null && (below is null || b.Block.Number < below)).Select(b => b.Block);
            return Task.FromResult<IReadOnlyList<IndexedBlock>>([.. blocks.Reverse().Take(limit)]);
        }
    }

    /// <summary>A block's content, or null where only its events are known.</summary>
    public BlockContent? ContentOf(ulong number)
    {
        lock (_lock)
            return _blocks[number].Content;
    }

    /// <summary>Makes the index as an older version left it: blocks and our events alone.</summary>
    public void ForgetContents()
    {
        lock (_lock)
        {
            foreach (var (number, block) in _blocks.ToList())
                _blocks[number] = block with { Content = null };
        }
    }

    private void Apply(StoreChange change)
    {
        switch (change)
        {
            case StoreChange.IntervalClosed closed:
                _waiting[closed.Closed.Key] = _closed[closed.Closed.Key] = closed.Closed;
                break;
            case StoreChange.OutboxSent sent:
                _sent.Add(sent.Transaction, sent.Keys);
                foreach (var key in sent.Keys)
                    Assert.True(_waiting.Remove(key), $"{key} was not waiting");
                break;
            case StoreChange.OutboxSettled settled:
                Assert.True(_sent.Remove(settled.Transaction), $"{settled.Transaction} was not sent");
                Settled.Add((settled.Transaction, settled.Block, settled.Failure));
                break;
            case StoreChange.BlockIndexed indexed:
                _blocks[indexed.Block.Number] = indexed;
                break;
            case StoreChange.BlocksRemoved removed:
                foreach (var number in _blocks.Keys.Where(n => n > removed.KeptNumber).ToList())
                    _blocks.Remove(number);
                break;
            default:
                throw new NotSupportedException(change.ToString());
        }
    }
}
