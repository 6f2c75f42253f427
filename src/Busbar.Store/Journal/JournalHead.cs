using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Journal;

/// <summary>Where a journal ends, and the records of the group being written. The writer's own; thrown away on a rollback.</summary>
internal sealed class JournalHead
{
    private const string Find = "SELECT no, epoch, next_position, checksum FROM journal_owner WHERE name = ?1";
    private const string InsertRow = "INSERT INTO journal (id, count, epoch, checksum, blob) VALUES (?1, ?2, ?3, ?4, ?5)";
    private const string MoveEnd = "UPDATE journal_owner SET next_position = ?1, checksum = ?2 WHERE no = ?3 AND epoch = ?4";

    private long _flushed;

    private JournalHead(JournalName name) => Name = name;

    public JournalName Name { get; }

    public int Number { get; private init; }

    public long Epoch { get; set; }

    public uint Checksum { get; private set; }

    public RecordFrames Pending { get; } = new();

    /// <summary>Whether it is among those that the group writes to.</summary>
    public bool IsTouched { get; set; }

    /// <summary>The position that the next record gets.</summary>
    public long Next => _flushed + Pending.Count;

    /// <summary>The key of the row that begins at a position.</summary>
    public static long Key(int number, long position) => ((long)number << Schema.PositionBits) | position;

    /// <summary>The position that a row's key holds.</summary>
    public static long Position(long key) => key & ((1L << Schema.PositionBits) - 1);

    public static JournalHead? Load(SqliteSession session, JournalName name)
    {
        using var row = session.Prepare(Find).Bind(1, name.Name);
        return row.Step()
            ? new(name) { Number = row.Int32(0), Epoch = row.Int64(1), _flushed = row.Int64(2), Checksum = checked((uint)row.Int64(3)) }
            : null;
    }

    /// <summary>Writes the pending records as one row and moves the end, if the journal still has this owner.</summary>
    public void Flush(SqliteSession session)
    {
        if (Pending.Count > 0)
        {
            var key = Key(Number, _flushed);
            var checksum = JournalChecksum.Chain(Checksum, key, Pending.Count, Epoch, Pending.Blob);
            session.Prepare(InsertRow).Bind(1, key).Bind(2, Pending.Count).Bind(3, Epoch).Bind(4, checksum).Bind(5, Pending.Blob).Run();
            Checksum = checksum;
            _flushed += Pending.Count;
            Pending.Clear();
        }

        session.Prepare(MoveEnd).Bind(1, _flushed).Bind(2, Checksum).Bind(3, Number).Bind(4, Epoch).Run();
        if (session.Changes == 0)
            throw new JournalFencedException(Name, Epoch, Load(session, Name)?.Epoch ?? 0);
    }
}
