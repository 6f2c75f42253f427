using Busbar.Ledger.Anchoring;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.Anchoring;

/// <summary>Reads blocks from rows of <see cref="Select"/>.</summary>
internal static class BlockRows
{
    public const string Select = "SELECT number, hash, parent, time, transactions, gas_used FROM block ";

    public static IndexedBlock? At(SqliteSession session, ulong number) =>
        All(session.Prepare(Select + "WHERE number = ?1").Bind(1, number)).FirstOrDefault();

    public static List<IndexedBlock> All(Statement rows)
    {
        using (rows)
        {
            var blocks = new List<IndexedBlock>();
            while (rows.Step())
            {
                blocks.Add(new(
                    rows.UInt64(0), rows.Hash(1), rows.Hash(2), Instant.FromUnixTimeSeconds(rows.Int64(3)), rows.Int32(4), rows.UInt64(5)));
            }

            return blocks;
        }
    }
}
