using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Journal;

/// <summary>Walks the rows of one journal, checking each against the chain.</summary>
internal sealed class JournalRows
{
    private const string FirstRow = "SELECT id FROM journal WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1";
    private const string ChecksumBefore = "SELECT checksum FROM journal WHERE id >= ?1 AND id < ?2 ORDER BY id DESC LIMIT 1";
    private const string RowsFrom = "SELECT id, count, epoch, checksum, blob FROM journal WHERE id >= ?1 AND id < ?2 ORDER BY id";

    private readonly JournalName _name;
    private readonly int _number;
    private readonly long _end;
    private long _next;
    private uint _checksum;

    private JournalRows(JournalName name, int number, long end, long next, uint checksum)
    {
        _name = name;
        _number = number;
        _end = end;
        _next = next;
        _checksum = checksum;
    }

    /// <summary>The first position not walked yet.</summary>
    public long Next => _next;

    /// <summary>The checksum of the row before it.</summary>
    public uint Checksum => _checksum;

    public bool AtEnd => _next >= _end;

    /// <summary>Begins with the row that holds a position; null when the journal is unknown or ends before it.</summary>
    public static JournalRows? From(SqliteSession session, JournalName name, long position)
    {
        if (JournalHead.Load(session, name) is not { } head || position >= head.Next)
            return null;
        var begin = JournalHead.Key(head.Number, 0);
        var first = Single(session.Prepare(FirstRow).Bind(1, begin).Bind(2, JournalHead.Key(head.Number, position))) ?? begin;
        var before = Single(session.Prepare(ChecksumBefore).Bind(1, begin).Bind(2, first));
        return new(name, head.Number, head.Next, JournalHead.Position(first), (uint)(before ?? JournalChecksum.Start));
    }

    /// <summary>Takes rows until there are so many bytes of them, or the journal ends.</summary>
    /// <exception cref="JournalDamagedException">A row is not what was written, or is missing.</exception>
    public void Take(SqliteSession session, int bytes, List<JournalEntry> entries)
    {
        try
        {
            using var rows = session.Prepare(RowsFrom).Bind(1, JournalHead.Key(_number, _next)).Bind(2, JournalHead.Key(_number, _end));
            var taken = 0;
            while (taken < bytes && rows.Step())
            {
                var blob = rows.Blob(4).ToArray();
                Accept(rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Int64(3), blob, entries);
                taken += blob.Length + 64;
            }

            if (taken == 0 && !AtEnd)
                throw new JournalDamagedException(_name, _next, $"records up to {_end - 1} are missing");
        }
        catch (StoreException failure) when (SqliteFailure.IsDamage(failure))
        {
            throw new JournalDamagedException(_name, _next, failure.Message, failure);
        }
    }

    /// <summary>Whether the last row and the journal's end belong together: a cheap look, for taking over.</summary>
    public static void CheckTail(SqliteSession session, JournalName name)
    {
        if (JournalHead.Load(session, name) is not { Next: > 0 } head)
            return;
        var rows = From(session, name, head.Next - 1)!;
        var entries = new List<JournalEntry>();
        while (!rows.AtEnd)
            rows.Take(session, int.MaxValue, entries);
        if (rows.Checksum != head.Checksum)
            throw new JournalDamagedException(name, head.Next - 1, "the last row is not the one that was written last");
    }

    private void Accept(long id, long count, long epoch, long checksum, byte[] blob, List<JournalEntry> entries)
    {
        if (id != JournalHead.Key(_number, _next))
            throw new JournalDamagedException(_name, _next, $"records up to {JournalHead.Position(id) - 1} are missing");
        if (count is <= 0 or > int.MaxValue)
            throw new JournalDamagedException(_name, _next, $"a row says that it has {count} records");
        var expected = JournalChecksum.Chain(_checksum, id, (int)count, epoch, blob);
        if (checksum != expected)
            throw new JournalDamagedException(_name, _next, $"the checksum is {checksum:x8} where {expected:x8} belongs");
        var known = entries.Count;
        try
        {
            RecordFrames.Decode(blob, (int)count, _next, entries);
        }
        catch (InvalidDataException malformed)
        {
            entries.RemoveRange(known, entries.Count - known);
            throw new JournalDamagedException(_name, _next, malformed.Message, malformed);
        }

        _checksum = expected;
        _next += count;
    }

    private static long? Single(Statement statement)
    {
        using (statement)
            return statement.Step() ? statement.Int64(0) : null;
    }
}
