using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Ledger.Engine;

/// <summary>The engine's journal as its one writer sees it. Not for concurrent callers.</summary>
internal sealed class EngineLog
{
    private readonly IJournal _journal;
    private readonly JournalOwnership _owner;
    private readonly TimeProvider _time;
    private readonly List<JournalRecord> _late = [];

    public EngineLog(IJournal journal, JournalOwnership owner, long nextPosition, TimeProvider time)
    {
        _journal = journal;
        _owner = owner;
        _time = time;
        NextPosition = nextPosition;
    }

    /// <summary>Where the next record goes.</summary>
    public long NextPosition { get; private set; }

    public Instant Now => Instant.FromDateTimeOffset(_time.GetUtcNow());

    /// <summary>A record that may be lost in a crash, because a replay makes it again: it goes with the next append.</summary>
    public void AppendLate(JournalRecord record) => _late.Add(record);

    /// <summary>Writes records and changes, and all late records before them.</summary>
    public async Task AppendAsync(IReadOnlyList<JournalRecord> records, IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
    {
        IReadOnlyList<JournalRecord> all = _late.Count == 0 ? records : [.. _late, .. records];
        if (all.Count == 0 && changes.Count == 0)
            return;
        var first = await _journal.AppendAsync(new(_owner, all, changes), cancellation);
        _late.Clear();
        NextPosition = first + all.Count;
    }

    public Task FlushAsync(CancellationToken cancellation) => AppendAsync([], [], cancellation);

    public IAsyncEnumerable<JournalEntry> ReadAsync(long from, CancellationToken cancellation) =>
        _journal.ReadAsync(JournalName.Engine, from, cancellation);
}
