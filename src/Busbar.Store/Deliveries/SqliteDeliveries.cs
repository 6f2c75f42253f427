using Busbar.Domain.Metering;
using Busbar.Domain.Trading;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;
using NodaTime;

namespace Busbar.Store.Deliveries;

/// <summary>What one meter has to do with a delivery.</summary>
/// <param name="Order">What it was ordered; its subject is the delivery.</param>
/// <param name="Opened">Since when it counts; null while it is not known to have begun.</param>
/// <param name="End">How it ended, signed; null before.</param>
/// <param name="IsAcknowledged">Whether the meter knows that its report is safe, and has forgotten the delivery.</param>
public sealed record StoredSide(DeliveryOrder Order, Instant? Opened, DeliveryTold.Stopped? End, bool IsAcknowledged);

/// <summary>
/// Orders to meters and what became of them, on SQLite: an order is on disk before it is said, a report before it is acknowledged. What is
/// over stays, as the record of seconds and energy. Safe for concurrent callers.
/// </summary>
public sealed class SqliteDeliveries
{
    internal const string Step =
        """
        CREATE TABLE delivery_side (
            delivery BLOB NOT NULL, meter BLOB NOT NULL, flow INTEGER NOT NULL, number INTEGER NOT NULL, amount INTEGER NOT NULL,
            not_before INTEGER NOT NULL, deadline INTEGER NOT NULL, issued INTEGER NOT NULL, opened INTEGER, told BLOB, acknowledged INTEGER NOT NULL,
            PRIMARY KEY (delivery, flow)) WITHOUT ROWID;
        """;

    private readonly StoreWriter _writer;
    private readonly ReaderPool _readers;

    internal SqliteDeliveries(StoreWriter writer, ReaderPool readers) => (_writer, _readers) = (writer, readers);

    /// <summary>Every side of every delivery.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public Task<IReadOnlyList<StoredSide>> AllAsync(CancellationToken cancellation) => _readers.ReadAsync(Read, cancellation);

    /// <summary>Puts a side in the place of what was known of it; on disk when it completes. A report is never replaced.</summary>
    /// <exception cref="StoreException">The disk is full or failing; then nothing was written.</exception>
    public Task PutAsync(StoredSide side, CancellationToken cancellation) => _writer.DoAsync(
        transaction =>
        {
            Put(transaction.Session, side);
            return 1;
        },
        alone: false,
        cancellation);

    private static void Put(SqliteSession session, StoredSide side)
    {
        var order = side.Order;
        var statement = session.Prepare(
            """
            INSERT INTO delivery_side (delivery, meter, flow, number, amount, not_before, deadline, issued, opened, told, acknowledged)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            ON CONFLICT (delivery, flow) DO UPDATE SET
                number = excluded.number, amount = excluded.amount, not_before = excluded.not_before, deadline = excluded.deadline,
                issued = excluded.issued, opened = coalesce(opened, excluded.opened), told = coalesce(told, excluded.told),
                acknowledged = max(acknowledged, excluded.acknowledged)
            """)
            .Bind(1, order.Subject).Bind(2, order.Meter.Key).Bind(3, (long)order.Flow).Bind(4, (long)order.Number).Bind(5, order.Amount)
            .Bind(6, order.NotBefore.ToUnixTimeSeconds()).Bind(7, order.Deadline.ToUnixTimeSeconds()).Bind(8, order.IssuedAt.ToUnixTimeSeconds())
            .Bind(11, side.IsAcknowledged ? 1L : 0);
        statement = side.Opened is { } opened ? statement.Bind(9, opened.ToUnixTimeSeconds()) : statement.BindNull(9);
        statement = side.End is { } end ? statement.Bind(10, end.Encode()) : statement.BindNull(10);
        statement.Run();
    }

    private static IReadOnlyList<StoredSide> Read(SqliteSession session)
    {
        using var rows = session.Prepare(
            """
            SELECT delivery, meter, flow, number, amount, not_before, deadline, issued, opened, told, acknowledged
            FROM delivery_side ORDER BY issued, delivery, flow
            """);
        var sides = new List<StoredSide>();
        while (rows.Step())
        {
            var meter = new MeterId(rows.Address(1));
            var order = new DeliveryOrder(meter, (ulong)rows.Int64(3), OrderKind.Open, rows.Hash(0), Instant.FromUnixTimeSeconds(rows.Int64(7)))
            {
                Flow = (EnergyFlow)rows.Int64(2),
                Amount = rows.Int64(4),
                NotBefore = Instant.FromUnixTimeSeconds(rows.Int64(5)),
                Deadline = Instant.FromUnixTimeSeconds(rows.Int64(6)),
            };
            sides.Add(new(
                order,
                rows.IsNull(8) ? null : Instant.FromUnixTimeSeconds(rows.Int64(8)),
                rows.IsNull(9) ? null : ReportOf(meter, rows.Blob(9)),
                rows.Int64(10) == 1));
        }

        return sides;
    }

    private static DeliveryTold.Stopped ReportOf(MeterId meter, ReadOnlySpan<byte> told) => DeliveryTold.Decode(meter, told) as DeliveryTold.Stopped
        ?? throw new StoreException("a stored report of a delivery cannot be read; restore the store from a backup", isTransient: false);
}
