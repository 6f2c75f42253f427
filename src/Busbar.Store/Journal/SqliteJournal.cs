using System.Runtime.CompilerServices;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;

namespace Busbar.Store.Journal;

/// <summary>The journals on SQLite: one blob for each journal and group commit, chained by checksums.</summary>
internal sealed class SqliteJournal(StoreWriter writer, ReaderPool readers) : IJournal
{
    private const int MaximumName = 64;
    private const int BytesAtOnce = 1024 * 1024;

    public Task<JournalOwnership> TakeOverAsync(JournalName journal, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(journal.Name) || journal.Name.Length > MaximumName)
            throw new ArgumentException($"a journal's name has 1 to {MaximumName} characters", nameof(journal));
        return writer.DoAsync(transaction => TakeOver(transaction, journal), alone: true, cancellation);
    }

    public async ValueTask<long> AppendAsync(JournalCommit commit, CancellationToken cancellation)
    {
        Validate(commit);
        var request = new AppendRequest(commit, cancellation);
        await writer.EnqueueAsync(request, cancellation);
        return await request.Done;
    }

    public async IAsyncEnumerable<JournalEntry> ReadAsync(
        JournalName journal, long from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        var entries = new List<JournalEntry>();
        var rows = await readers.ReadAsync(session => JournalRows.From(session, journal, from), cancellation);
        while (rows is { AtEnd: false })
        {
            entries.Clear();
            var damage = await readers.ReadAsync(session => Take(rows, session, entries), cancellation);
            foreach (var entry in entries)
            {
                if (entry.Position >= from)
                    yield return entry;
            }

            if (damage is not null)
                throw damage;
        }
    }

    public Task SaveCheckpointAsync(JournalOwnership owner, long position, ReadOnlyMemory<byte> state, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return writer.DoAsync(transaction => SaveCheckpoint(transaction, owner, position, state), alone: true, cancellation);
    }

    public Task<JournalCheckpoint?> LoadCheckpointAsync(JournalName journal, CancellationToken cancellation) =>
        readers.ReadAsync(
            session =>
            {
                using var row = session.Prepare(
                    "SELECT position, state FROM checkpoint JOIN journal_owner ON no = journal_no WHERE name = ?1").Bind(1, journal.Name);
                return row.Step() ? new JournalCheckpoint(row.Int64(0), row.Blob(1).ToArray()) : null;
            },
            cancellation);

    /// <summary>Good rows before the damage are handed out first; a reader then knows how far it came.</summary>
    private static JournalDamagedException? Take(JournalRows rows, SqliteSession session, List<JournalEntry> entries)
    {
        try
        {
            rows.Take(session, BytesAtOnce, entries);
            return null;
        }
        catch (JournalDamagedException damaged)
        {
            return damaged;
        }
    }

    private static JournalOwnership TakeOver(WriteTransaction transaction, JournalName journal)
    {
        JournalRows.CheckTail(transaction.Session, journal);
        using (var statement = transaction.Session.Prepare(
            """
            INSERT INTO journal_owner (name, epoch, next_position, checksum) VALUES (?1, 1, 0, ?2)
            ON CONFLICT (name) DO UPDATE SET epoch = epoch + 1
            """))
        {
            statement.Bind(1, journal.Name).Bind(2, JournalChecksum.Start).Run();
        }

        transaction.Forget();
        return new(journal, transaction.Head(journal)!.Epoch);
    }

    private static bool SaveCheckpoint(WriteTransaction transaction, JournalOwnership owner, long position, ReadOnlyMemory<byte> state)
    {
        if (transaction.Fence(owner) is { } fenced)
            throw fenced;
        var head = transaction.Head(owner.Journal)!;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, head.Next);
        transaction.Session.Prepare("INSERT OR REPLACE INTO checkpoint (journal_no, position, epoch, state) VALUES (?1, ?2, ?3, ?4)")
            .Bind(1, head.Number).Bind(2, position).Bind(3, owner.Epoch).Bind(4, state.Span).Run();
        return true;
    }

    private static void Validate(JournalCommit commit)
    {
        for (var i = 0; i < commit.Records.Count; i++)
        {
            if (commit.Records[i].Payload.Length > JournalRecord.MaximumPayload)
                throw new ArgumentException($"a record's payload has at most {JournalRecord.MaximumPayload} bytes", nameof(commit));
            if (commit.Records[i].Kind <= RecordKind.None)
                throw new ArgumentException("a record has a kind", nameof(commit));
        }
    }
}
