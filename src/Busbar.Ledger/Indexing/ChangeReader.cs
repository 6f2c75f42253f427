using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;

namespace Busbar.Ledger.Indexing;

/// <summary>One subscriber's way through the index, block by block, back again where the chain went back.</summary>
internal sealed class ChangeReader
{
    // Deeper than any chain reorganises in practice.
    private const int Remembered = 4_096;
    private const int Page = 1_000;

    private readonly IEventIndex _index;
    private readonly EventPlace _after;
    private readonly LinkedList<(ulong Number, Hash256 Hash)> _told = [];
    private readonly Queue<IndexedEvent> _ahead = [];
    private ulong _next;
    private EventPlace _read;

    public ChangeReader(IEventIndex index, EventPlace after, ulong firstBlock)
    {
        (_index, _after, _read) = (index, after, after);
        _next = Math.Max(after.Block, firstBlock);
    }

    /// <summary>The next change, or null when there is none yet.</summary>
    public async Task<ChainChange?> NextAsync(CancellationToken cancellation)
    {
        if (_told.Last is { } last && !await StandsAsync(last.Value, cancellation))
            return await GoBackAsync(cancellation);
        while (await _index.BlockAsync(_next, cancellation) is { } block)
        {
            var events = await EventsAsync(block.Number, cancellation);
            _next++;
            _told.AddLast((block.Number, block.Hash));
            if (_told.Count > Remembered)
                _told.RemoveFirst();
            if (block.Number > _after.Block || _after == EventPlace.Start || events.Count > 0)
                return new ChainChange.BlockAdded(block, events);
        }

        return null;
    }

    private async Task<ChainChange> GoBackAsync(CancellationToken cancellation)
    {
        while (_told.Last is { } last && !await StandsAsync(last.Value, cancellation))
        {
            _next = last.Value.Number;
            _told.RemoveLast();
        }

        _ahead.Clear();
        _read = new(_next - 1, int.MaxValue);
        return new ChainChange.BlocksTakenBack(_next - 1);
    }

    private async Task<bool> StandsAsync((ulong Number, Hash256 Hash) told, CancellationToken cancellation) =>
        (await _index.BlockAsync(told.Number, cancellation))?.Hash == told.Hash;

    // A block and its events are written in one step, so whoever sees the block finds all its events.
    private async Task<IReadOnlyList<IndexedEvent>> EventsAsync(ulong number, CancellationToken cancellation)
    {
        var found = new List<IndexedEvent>();
        while (_ahead.Count > 0 || await ReadAheadAsync(cancellation))
        {
            if (_ahead.Peek().Block != number)
                break;
            found.Add(_ahead.Dequeue());
        }

        return found;
    }

    private async Task<bool> ReadAheadAsync(CancellationToken cancellation)
    {
        foreach (var one in await _index.EventsAsync(_read, null, Page, cancellation))
        {
            _ahead.Enqueue(one);
            _read = new(one.Block, one.LogIndex);
        }

        return _ahead.Count > 0;
    }
}
