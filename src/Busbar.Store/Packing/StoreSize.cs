using Busbar.Store.Sqlite;

namespace Busbar.Store.Packing;

/// <summary>What the packed readings take on disk, counted in whole pages. Needs a SQLite with <c>dbstat</c>, as Debian's is.</summary>
/// <param name="PackedReadings">How many readings are packed.</param>
/// <param name="ValueBytes">Pages of instants and registers.</param>
/// <param name="EvidenceBytes">Pages of what was signed.</param>
/// <param name="FileBytes">The database file.</param>
public sealed record StoreSize(long PackedReadings, long ValueBytes, long EvidenceBytes, long FileBytes)
{
    internal static StoreSize Read(SqliteSession session)
    {
        var page = Number(session, "PRAGMA page_size");
        return new(
            Number(session, "SELECT value FROM counter WHERE name = 'packed_readings'"),
            Pages(session, "meter_day", page),
            Pages(session, "evidence", page),
            Number(session, "PRAGMA page_count") * page);
    }

    private static long Pages(SqliteSession session, string table, long page) =>
        Number(session, $"SELECT COUNT(*) FROM dbstat WHERE name = '{table}'") * page;

    private static long Number(SqliteSession session, string sql)
    {
        using var row = session.Prepare(sql);
        return row.Step() ? row.Int64(0) : 0;
    }
}
