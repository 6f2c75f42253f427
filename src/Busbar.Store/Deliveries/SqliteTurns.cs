using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Trading;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;

namespace Busbar.Store.Deliveries;

/// <summary>A turn of a payment channel.</summary>
/// <param name="Terms">What its meters sign; its origin is the channel.</param>
/// <param name="Arrived">What the payer has got by it; null while it is not over.</param>
public sealed record StoredTurn(DeliveryTerms Terms, Energy? Arrived);

/// <summary>
/// Turns of payment channels, on SQLite: a turn is on disk before a meter is ordered for it. What is over stays, as the record. Safe for
/// concurrent callers.
/// </summary>
public sealed class SqliteTurns
{
    internal const string Step =
        """
        CREATE TABLE channel_turn (
            no INTEGER PRIMARY KEY, turn BLOB NOT NULL UNIQUE, channel BLOB NOT NULL, words BLOB NOT NULL, arrived INTEGER);
        CREATE INDEX channel_turn_of ON channel_turn (channel, no);
        CREATE INDEX channel_turn_under_way ON channel_turn (no) WHERE arrived IS NULL;
        """;

    private const int Words = 6;

    private readonly StoreWriter _writer;
    private readonly ReaderPool _readers;

    internal SqliteTurns(StoreWriter writer, ReaderPool readers) => (_writer, _readers) = (writer, readers);

    /// <summary>Turns of which something is still to be done, and each channel's last one, the oldest first.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public Task<IReadOnlyList<StoredTurn>> NeededAsync(CancellationToken cancellation) => _readers.ReadAsync(Read, cancellation);

    /// <summary>Puts a turn in the place of what was known of it; on disk when it completes. One that is over stays so.</summary>
    /// <exception cref="StoreException">The disk is full or failing; then nothing was written.</exception>
    public Task PutAsync(StoredTurn turn, CancellationToken cancellation) => _writer.DoAsync(
        transaction =>
        {
            Put(transaction.Session, turn);
            return 1;
        },
        alone: false,
        cancellation);

    private static void Put(SqliteSession session, StoredTurn turn)
    {
        var words = new byte[Words * Hash256.Length];
        foreach (var (place, word) in turn.Terms.ToWords().Index())
            word.CopyTo(words.AsSpan(place * Hash256.Length));
        var statement = session.Prepare(
            """
            INSERT INTO channel_turn (turn, channel, words, arrived) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (turn) DO UPDATE SET arrived = coalesce(arrived, excluded.arrived)
            """)
            .Bind(1, turn.Terms.Id()).Bind(2, turn.Terms.Origin).Bind(3, words);
        statement = turn.Arrived is { } arrived ? statement.Bind(4, arrived.MilliwattHours) : statement.BindNull(4);
        statement.Run();
    }

    private static IReadOnlyList<StoredTurn> Read(SqliteSession session)
    {
        using var rows = session.Prepare(
            """
            SELECT words, arrived FROM channel_turn t
            WHERE arrived IS NULL
                OR no = (SELECT max(no) FROM channel_turn o WHERE o.channel = t.channel)
                OR EXISTS (SELECT 1 FROM delivery_side s WHERE s.delivery = t.turn AND s.told IS NOT NULL AND s.acknowledged = 0)
            ORDER BY no
            """);
        var turns = new List<StoredTurn>();
        while (rows.Step())
        {
            var words = rows.Blob(0).ToArray();
            turns.Add(new(
                DeliveryTerms.Read([.. words.Chunk(Hash256.Length).Select(word => new Hash256(word))]),
                rows.IsNull(1) ? null : Energy.FromMilliwattHours(rows.Int64(1))));
        }

        return turns;
    }
}
