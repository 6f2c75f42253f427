using System.Buffers.Binary;
using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Exploring;
using Busbar.Store.Bytes;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Explorer;

/// <summary>Writes transactions, other contracts' logs and the way from addresses to transactions.</summary>
internal sealed class ExplorerWriter(SqliteSession session)
{
    /// <summary>The highest block whose transactions' keys fit 63 bits.</summary>
    public const ulong HighestBlock = (1UL << (63 - Schema.TransactionBits)) - 1;

    private const string InsertTransaction = "INSERT INTO tx VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    private const string InsertLog = "INSERT OR REPLACE INTO other_log VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

    private const string CountAddress =
        """
        INSERT INTO address (address, transactions) VALUES (?1, 1)
        ON CONFLICT (address) DO UPDATE SET transactions = transactions + 1 RETURNING no
        """;

    private const string UncountAddresses =
        """
        UPDATE address SET transactions = transactions -
            (SELECT COUNT(*) FROM address_tx a WHERE a.address_no = address.no AND a.tx BETWEEN ?1 AND ?2)
        WHERE no IN (SELECT address_no FROM address_tx WHERE tx BETWEEN ?1 AND ?2)
        """;

    private const string Count =
        "INSERT INTO counter VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value";

    private readonly ByteWriter _scratch = new();

    /// <summary>The key of a transaction's row; of a place that no transaction can have, one that no transaction before it exceeds.</summary>
    public static long Key(TransactionPlace place) => place.Block > HighestBlock
        ? long.MaxValue
        : ((long)place.Block << Schema.TransactionBits) | (uint)Math.Clamp(place.Position, 0, (1 << Schema.TransactionBits) - 1);

    /// <summary>The place that a key stands for.</summary>
    public static TransactionPlace Place(long key) =>
        new((ulong)key >> Schema.TransactionBits, (int)(key & ((1L << Schema.TransactionBits) - 1)));

    /// <summary>Adds what is in a block of which nothing is there yet.</summary>
    public void Insert(BlockContent content)
    {
        foreach (var transaction in content.Transactions)
            Insert(transaction);
        if (content.Transactions.Count > 0)
            session.Prepare(Count).Bind(1, Counters.Transactions).Bind(2, content.Transactions.Count).Run();
        var insert = session.Prepare(InsertLog);
        foreach (var logged in content.OtherLogs)
        {
            insert.Bind(1, logged.Block).Bind(2, logged.LogIndex).Bind(3, logged.Transaction).Bind(4, logged.Contract)
                .Bind(5, _scratch.Topics(logged, from: 0)).Bind(6, logged.Data.Span).Run();
        }
    }

    /// <summary>Takes away what is in blocks from one number to another, both inclusive.</summary>
    public void Remove(ulong first, ulong last)
    {
        if (first > HighestBlock)
            return;
        var (from, to) = (Key(new(first, 0)), Key(new(last, TransactionPlace.MostInABlock - 1)));
        session.Prepare("DELETE FROM other_log WHERE block BETWEEN ?1 AND ?2").Bind(1, first).Bind(2, last).Run();
        session.Prepare("DELETE FROM tx WHERE id BETWEEN ?1 AND ?2").Bind(1, from).Bind(2, to).Run();
        var removed = session.Changes;
        if (removed == 0)
            return;
        session.Prepare(Count).Bind(1, Counters.Transactions).Bind(2, -removed).Run();
        session.Prepare(UncountAddresses).Bind(1, from).Bind(2, to).Run();
        session.Prepare("DELETE FROM address_tx WHERE tx BETWEEN ?1 AND ?2").Bind(1, from).Bind(2, to).Run();
    }

    private void Insert(IndexedTransaction transaction)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(transaction.Place.Block, HighestBlock, nameof(transaction));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(transaction.Place.Position, TransactionPlace.MostInABlock, nameof(transaction));
        var key = Key(transaction.Place);
        var row = session.Prepare(InsertTransaction).Bind(1, key).Bind(2, transaction.Hash).Bind(3, transaction.From);
        Optional(row, 4, transaction.To);
        Optional(row, 5, transaction.Created);
        row.Bind(6, transaction.Value.ToByteArray(isUnsigned: true, isBigEndian: true)).Bind(7, transaction.Nonce)
            .Bind(8, transaction.GasUsed).Bind(9, transaction.GasLimit).Bind(10, transaction.Succeeded ? 1 : 0);
        _ = transaction.Input.Length >= sizeof(uint)
            ? row.Bind(11, (long)BinaryPrimitives.ReadUInt32BigEndian(transaction.Input.Span))
            : row.BindNull(11);
        _ = transaction.RevertData is { } revert ? row.Bind(12, revert.Span) : row.BindNull(12);
        row.Bind(13, transaction.Input.Span).Run();
        foreach (var address in transaction.Touched)
            Touch(address, key);
    }

    private void Touch(Address address, long key)
    {
        int number;
        using (var counted = session.Prepare(CountAddress).Bind(1, address))
        {
            counted.Step();
            number = counted.Int32(0);
            while (counted.Step())
            {
            }
        }

        session.Prepare("INSERT INTO address_tx VALUES (?1, ?2)").Bind(1, number).Bind(2, key).Run();
    }

    private static void Optional(Statement row, int index, Address? address) =>
        _ = address is { } there ? row.Bind(index, there) : row.BindNull(index);
}

/// <summary>Names of rows in the table of counters.</summary>
internal static class Counters
{
    /// <summary>Transactions in the index.</summary>
    public const string Transactions = "transactions";
}

/// <summary>Puts a log's topics behind each other.</summary>
internal static class TopicBytes
{
    /// <summary>The topics from a place on; good until the writer's next use.</summary>
    public static ReadOnlySpan<byte> Topics(this ByteWriter scratch, IndexedEvent logged, int from)
    {
        scratch.Clear();
        for (var i = from; i < logged.Topics.Count; i++)
            scratch.Hash(logged.Topics[i]);
        return scratch.Written;
    }

    /// <summary>Reads topics.</summary>
    public static void Add(ReadOnlySpan<byte> bytes, List<Hash256> topics)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Hash256.Length..])
            topics.Add(new(bytes[..Hash256.Length]));
    }
}
