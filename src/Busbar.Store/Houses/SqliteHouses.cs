using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;

namespace Busbar.Store.Houses;

/// <summary>The directory of houses on SQLite. Safe for concurrent callers.</summary>
public sealed class SqliteHouses
{
    private readonly StoreWriter _writer;
    private readonly ReaderPool _readers;

    internal SqliteHouses(StoreWriter writer, ReaderPool readers) => (_writer, _readers) = (writer, readers);

    /// <summary>All houses, by microgrid and name.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public Task<IReadOnlyList<House>> AllAsync(CancellationToken cancellation) => _readers.ReadAsync(Read, cancellation);

    /// <summary>Writes houses, new ones and known ones alike, all or none; on disk when it completes.</summary>
    /// <exception cref="StoreException">The disk is full or failing; then nothing was written.</exception>
    public Task PutAsync(IReadOnlyList<House> houses, CancellationToken cancellation) => _writer.DoAsync(
        transaction =>
        {
            // All out before all in: two houses may change names with each other.
            foreach (var house in houses)
                transaction.Session.Prepare("DELETE FROM house WHERE meter = ?1").Bind(1, house.Meter.Key).Run();
            foreach (var house in houses)
                Insert(transaction.Session, house);
            return houses.Count;
        },
        alone: true,
        cancellation);

    private static void Insert(SqliteSession session, House house)
    {
        var put = session.Prepare(
            """
            INSERT INTO house (meter, name, kind, microgrid, premises, district, feeder, connection_milliwatts)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """)
            .Bind(1, house.Meter.Key).Bind(2, house.Name).Bind(3, house.Kind.ToString()).Bind(4, house.Microgrid.Number)
            .Bind(5, house.Premises.Value).Bind(6, house.District).Bind(7, house.Feeder);
        _ = house.Connection is { } connection ? put.Bind(8, (long)Math.Round(connection.Watts * 1000)) : put.BindNull(8);
        put.Run();
    }

    private static IReadOnlyList<House> Read(SqliteSession session)
    {
        using var rows = session.Prepare(
            "SELECT meter, name, kind, microgrid, premises, district, feeder, connection_milliwatts FROM house ORDER BY microgrid, name");
        var houses = new List<House>();
        while (rows.Step())
        {
            if (!Enum.TryParse<MeterKind>(rows.Text(2), out var kind))
                throw new InvalidDataException($"a house has the kind {rows.Text(2)}");
            houses.Add(new(new(rows.Address(0)), rows.Text(1), kind, new((uint)rows.Int64(3)), new(rows.Hash(4)))
            {
                District = rows.Text(5),
                Feeder = rows.Text(6),
                Connection = rows.IsNull(7) ? null : Power.FromWatts(rows.Int64(7) / 1000.0),
            });
        }

        return houses;
    }
}
