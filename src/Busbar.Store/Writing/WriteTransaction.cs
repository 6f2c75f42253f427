using Busbar.Ledger.Journal;
using Busbar.Store.Journal;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Writing;

/// <summary>
/// The writer's connection and what it remembers of the file between transactions. What is remembered is dropped whenever a
/// transaction is undone, and read anew.
/// </summary>
internal sealed class WriteTransaction : IDisposable
{
    private readonly Dictionary<JournalName, JournalHead> _heads = [];
    private readonly List<JournalHead> _touched = [];

    public WriteTransaction(SqliteSession session, SqliteStoreOptions options)
    {
        Session = session;
        Changes = new(session, options.QuarantineLimit);
    }

    public SqliteSession Session { get; }

    public ChangeWriter Changes { get; }

    public void Begin() => Session.Prepare("BEGIN IMMEDIATE").Run();

    public void Commit()
    {
        FlushHeads();
        Session.Prepare("COMMIT").Run();
    }

    /// <summary>Undoes what was written since <see cref="Begin"/>.</summary>
    public void Rollback()
    {
        Forget();
        Session.Rollback();
    }

    /// <summary>Drops what is remembered, after the file was changed past it.</summary>
    public void Forget()
    {
        _heads.Clear();
        _touched.Clear();
        Changes.Forget();
    }

    /// <summary>Where a journal ends; null when there is no such journal.</summary>
    public JournalHead? Head(JournalName journal)
    {
        if (_heads.TryGetValue(journal, out var head))
            return head;
        head = JournalHead.Load(Session, journal);
        if (head is not null)
            _heads.Add(journal, head);
        return head;
    }

    /// <summary>Why an owner may not write, or null when it may.</summary>
    public JournalFencedException? Fence(JournalOwnership owner)
    {
        var current = Head(owner.Journal)?.Epoch ?? 0;
        return current == owner.Epoch ? null : new JournalFencedException(owner.Journal, owner.Epoch, current);
    }

    /// <summary>Adds records to the group.</summary>
    /// <returns>The position of the first, or of the next one when there is none.</returns>
    public long Append(JournalName journal, IReadOnlyList<JournalRecord> records)
    {
        var head = Head(journal) ?? throw new InvalidOperationException($"there is no journal {journal}");
        if (!head.IsTouched)
        {
            head.IsTouched = true;
            _touched.Add(head);
        }

        var position = head.Next;
        for (var i = 0; i < records.Count; i++)
            head.Pending.Add(records[i]);
        return position;
    }

    /// <summary>Writes the group's records out, so that what follows in the transaction sees them.</summary>
    public void FlushHeads()
    {
        foreach (var head in _touched)
        {
            head.Flush(Session);
            head.IsTouched = false;
        }

        _touched.Clear();
    }

    public void Dispose() => Session.Dispose();
}
