using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Exploring;
using Busbar.Store.Anchoring;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.Explorer;

/// <summary>Looking around in the index on SQLite. Every question is answered from an index, however long the chain is.</summary>
internal sealed class SqliteExplorer(ReaderPool readers) : IExplorer
{
    // A transaction's key has the block's number above Schema.TransactionBits = 20 bits.
    private const string Entry =
        """
        SELECT t.id, b.time, t.hash, t.sender, t.recipient, t.created, t.value, t.gas_used, t.succeeded, t.selector
        FROM tx t CROSS JOIN block b ON b.number = t.id >> 20
        """;

    private const string EntryOf =
        """
        SELECT t.id, b.time, t.hash, t.sender, t.recipient, t.created, t.value, t.gas_used, t.succeeded, t.selector
        FROM (SELECT a.tx FROM address_tx a WHERE a.address_no = (SELECT no FROM address WHERE address = ?1) AND a.tx < ?2
              ORDER BY a.tx DESC LIMIT ?3) mine
        CROSS JOIN tx t ON t.id = mine.tx CROSS JOIN block b ON b.number = t.id >> 20
        ORDER BY t.id DESC
        """;

    private const string Whole =
        """
        SELECT id, hash, sender, recipient, created, value, nonce, gas_used, gas_limit, succeeded, revert, input
        FROM tx WHERE hash = ?1 ORDER BY id DESC LIMIT 1
        """;

    private const string Seen =
        """
        SELECT a.transactions,
            (SELECT b.time FROM block b WHERE b.number = (SELECT MIN(t.tx) FROM address_tx t WHERE t.address_no = a.no) >> 20),
            (SELECT b.time FROM block b WHERE b.number = (SELECT MAX(t.tx) FROM address_tx t WHERE t.address_no = a.no) >> 20)
        FROM address a WHERE a.address = ?1 AND a.transactions > 0
        """;

    private const string OurLogs =
        "SELECT block, log_index, tx, contract, topic0, topics, data FROM event WHERE block = ?1 AND tx = ?2 ORDER BY log_index";

    private const string OtherLogs =
        "SELECT block, log_index, tx, contract, NULL, topics, data FROM other_log WHERE block = ?1 AND tx = ?2 ORDER BY log_index";

    public Task<IReadOnlyList<IndexedBlock>> BlocksAsync(ulong? below, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync<IReadOnlyList<IndexedBlock>>(
            session => BlockRows.All(session.Prepare(BlockRows.Select + "WHERE number < ?1 ORDER BY number DESC LIMIT ?2")
                .Bind(1, below is { } end ? Signed(end) : long.MaxValue).Bind(2, limit)),
            cancellation);
    }

    public Task<IndexedBlock?> BlockAsync(ulong number, CancellationToken cancellation) =>
        readers.ReadAsync(session => BlockRows.At(session, number), cancellation);

    public Task<IndexedBlock?> BlockAsync(Hash256 hash, CancellationToken cancellation) => readers.ReadAsync(
        session => BlockRows.All(session.Prepare(BlockRows.Select + "WHERE hash = ?1").Bind(1, hash)).FirstOrDefault(), cancellation);

    public Task<IReadOnlyList<TransactionEntry>> TransactionsAsync(TransactionPlace? before, int limit, CancellationToken cancellation) =>
        EntriesAsync(0, before is { } place ? ExplorerWriter.Key(place) : long.MaxValue, limit, cancellation);

    public Task<IReadOnlyList<TransactionEntry>> TransactionsOfBlockAsync(
        ulong block, int? before, int limit, CancellationToken cancellation)
    {
        if (block > ExplorerWriter.HighestBlock)
            return Task.FromResult<IReadOnlyList<TransactionEntry>>([]);
        var position = Math.Clamp(before ?? TransactionPlace.MostInABlock, 0, TransactionPlace.MostInABlock);
        var first = ExplorerWriter.Key(new(block, 0));
        return EntriesAsync(first, first + position, limit, cancellation);
    }

    public Task<IReadOnlyList<TransactionEntry>> TransactionsOfAsync(
        Address address, TransactionPlace? before, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync<IReadOnlyList<TransactionEntry>>(
            session => Entries(session.Prepare(EntryOf)
                .Bind(1, address).Bind(2, before is { } place ? ExplorerWriter.Key(place) : long.MaxValue).Bind(3, limit)),
            cancellation);
    }

    public Task<TransactionRecord?> TransactionAsync(Hash256 hash, CancellationToken cancellation) =>
        readers.ReadAsync(session => Record(session, hash), cancellation);

    public Task<AddressRecord> AddressAsync(Address address, CancellationToken cancellation) => readers.ReadAsync(
        session =>
        {
            using var row = session.Prepare(Seen).Bind(1, address);
            return row.Step()
                ? new AddressRecord(address, row.Int64(0), Instant.FromUnixTimeSeconds(row.Int64(1)), Instant.FromUnixTimeSeconds(row.Int64(2)))
                : new AddressRecord(address, 0, null, null);
        },
        cancellation);

    public Task<ExplorerCounts> CountsAsync(CancellationToken cancellation) => readers.ReadAsync(
        session =>
        {
            using var row = session.Prepare(
                """
                SELECT COALESCE((SELECT MAX(number) FROM block) - (SELECT MIN(number) FROM block) + 1, 0), (SELECT value FROM counter WHERE name = ?1),
                    (SELECT COUNT(*) FROM address WHERE transactions > 0)
                """).Bind(1, Counters.Transactions);
            row.Step();
            return new ExplorerCounts(row.Int64(0), row.Int64(1), row.Int64(2));
        },
        cancellation);

    public Task<NewerCounts> NewerAsync(ulong? block, TransactionPlace? transaction, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync(
            session =>
            {
                using var row = session.Prepare(
                    """
                    SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM block WHERE number > ?1 LIMIT ?3)),
                        (SELECT COUNT(*) FROM (SELECT 1 FROM tx WHERE id > ?2 LIMIT ?3))
                    """).Bind(1, block is { } seen ? Signed(seen) : -1).Bind(2, transaction is { } place ? ExplorerWriter.Key(place) : -1).Bind(3, limit);
                row.Step();
                return new NewerCounts(row.Int32(0), row.Int32(1));
            },
            cancellation);
    }

    // No block has a number that the file could not hold, so all of them are below it.
    private static long Signed(ulong number) => (long)Math.Min(number, long.MaxValue);

    private Task<IReadOnlyList<TransactionEntry>> EntriesAsync(long from, long below, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync<IReadOnlyList<TransactionEntry>>(
            session => Entries(session.Prepare(Entry + " WHERE t.id >= ?1 AND t.id < ?2 ORDER BY t.id DESC LIMIT ?3")
                .Bind(1, from).Bind(2, below).Bind(3, limit)),
            cancellation);
    }

    private static List<TransactionEntry> Entries(Statement rows)
    {
        using (rows)
        {
            var entries = new List<TransactionEntry>();
            while (rows.Step())
            {
                entries.Add(new(
                    rows.Hash(2),
                    ExplorerWriter.Place(rows.Int64(0)),
                    Instant.FromUnixTimeSeconds(rows.Int64(1)),
                    rows.Address(3),
                    Optional(rows, 4),
                    Optional(rows, 5),
                    Integer(rows, 6),
                    rows.UInt64(7),
                    rows.Int64(8) != 0,
                    rows.IsNull(9) ? null : (uint)rows.Int64(9)));
            }

            return entries;
        }
    }

    private static TransactionRecord? Record(SqliteSession session, Hash256 hash)
    {
        IndexedTransaction transaction;
        using (var row = session.Prepare(Whole).Bind(1, hash))
        {
            if (!row.Step())
                return null;
            transaction = new()
            {
                Place = ExplorerWriter.Place(row.Int64(0)),
                Hash = row.Hash(1),
                From = row.Address(2),
                To = Optional(row, 3),
                Created = Optional(row, 4),
                Value = Integer(row, 5),
                Nonce = row.UInt64(6),
                GasUsed = row.UInt64(7),
                GasLimit = row.UInt64(8),
                Succeeded = row.Int64(9) != 0,
                RevertData = row.IsNull(10) ? default(ReadOnlyMemory<byte>?) : row.Blob(10).ToArray(),
                Input = row.Blob(11).ToArray(),
            };
        }

        var logs = new List<IndexedEvent>();
        SqliteEventIndex.AddEvents(session.Prepare(OurLogs).Bind(1, transaction.Place.Block).Bind(2, hash), logs);
        SqliteEventIndex.AddEvents(session.Prepare(OtherLogs).Bind(1, transaction.Place.Block).Bind(2, hash), logs);
        logs.Sort((left, right) => left.LogIndex.CompareTo(right.LogIndex));
        var block = BlockRows.At(session, transaction.Place.Block)
            ?? throw new InvalidDataException($"block {transaction.Place.Block} of a transaction is missing");
        return new(transaction, block, logs);
    }

    private static Address? Optional(Statement row, int column) => row.IsNull(column) ? null : row.Address(column);

    private static BigInteger Integer(Statement row, int column) => new(row.Blob(column), isUnsigned: true, isBigEndian: true);
}
