using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Journal;

/// <summary>
/// Says of a journal that its end was cut off, until its owner has taken back what rows beside the journal still tell of it. The rows that
/// followed from the records stay when those are cut, and the ledger may have them.
/// </summary>
internal static class RepairMark
{
    private const string Prefix = "repaired/";

    public static void Set(SqliteSession session, JournalName journal, long end) =>
        session.Prepare("INSERT INTO counter VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = MIN(value, excluded.value)")
            .Bind(1, Prefix + journal.Name).Bind(2, end).Run();

    public static bool IsSet(SqliteSession session, JournalName journal)
    {
        using var row = session.Prepare("SELECT 1 FROM counter WHERE name = ?1").Bind(1, Prefix + journal.Name);
        return row.Step();
    }

    public static bool Clear(SqliteSession session, JournalName journal)
    {
        session.Prepare("DELETE FROM counter WHERE name = ?1").Bind(1, Prefix + journal.Name).Run();
        return session.Changes > 0;
    }
}
