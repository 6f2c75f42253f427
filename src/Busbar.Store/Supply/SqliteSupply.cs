using Busbar.Domain.Supply;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;
using NodaTime;

namespace Busbar.Store.Supply;

/// <summary>The newest permit of each meter, the operators' commands, and when the node ran, on SQLite. Safe for concurrent callers.</summary>
public sealed class SqliteSupply
{
    internal const string Step =
        """
        CREATE TABLE supply_permit (meter BLOB PRIMARY KEY, permit BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE supply_command (
            id INTEGER PRIMARY KEY AUTOINCREMENT, meter BLOB NOT NULL, trip TEXT NOT NULL, tripped INTEGER NOT NULL,
            account TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL);
        """;

    /// <summary>When the node ran: the last moment that is known, and the times in between in which it did not.</summary>
    internal const string OutageStep =
        """
        CREATE TABLE node_mark (id INTEGER PRIMARY KEY CHECK (id = 0), at INTEGER NOT NULL);
        CREATE TABLE node_outage (began INTEGER PRIMARY KEY, ended INTEGER NOT NULL);
        """;

    private readonly StoreWriter _writer;
    private readonly ReaderPool _readers;

    internal SqliteSupply(StoreWriter writer, ReaderPool readers) => (_writer, _readers) = (writer, readers);

    /// <summary>The newest permit of each meter that has one.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public Task<IReadOnlyList<SignedPermit>> PermitsAsync(CancellationToken cancellation) => _readers.ReadAsync(ReadPermits, cancellation);

    /// <summary>Puts permits in the place of the meters' earlier ones, all or none; on disk when it completes.</summary>
    /// <exception cref="StoreException">The disk is full or failing; then nothing was written.</exception>
    public Task PutPermitsAsync(IReadOnlyList<SignedPermit> permits, CancellationToken cancellation) => _writer.DoAsync(
        transaction =>
        {
            foreach (var signed in permits)
            {
                transaction.Session.Prepare(
                    "INSERT INTO supply_permit (meter, permit) VALUES (?1, ?2) ON CONFLICT (meter) DO UPDATE SET permit = excluded.permit")
                    .Bind(1, signed.Permit.Meter.Key).Bind(2, SupplyPermitJson.Encode(signed)).Run();
            }

            return permits.Count;
        },
        alone: true,
        cancellation);

    /// <summary>All commands, oldest first.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public Task<IReadOnlyList<SupplyCommand>> CommandsAsync(CancellationToken cancellation) => _readers.ReadAsync(ReadCommands, cancellation);

    /// <summary>Adds a command; on disk when it completes.</summary>
    /// <exception cref="StoreException">The disk is full or failing; then nothing was written.</exception>
    public Task AddCommandAsync(SupplyCommand command, CancellationToken cancellation) => _writer.DoAsync(
        transaction =>
        {
            transaction.Session.Prepare(
                "INSERT INTO supply_command (meter, trip, tripped, account, note, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                .Bind(1, command.Meter.Key).Bind(2, command.Trip.ToString()).Bind(3, command.IsTripped ? 1L : 0)
                .Bind(4, command.Account).Bind(5, command.Note).Bind(6, command.At.ToUnixTimeMilliseconds()).Run();
            return 1;
        },
        alone: true,
        cancellation);

    /// <summary>When the node was last known to run; null when it was not marked yet.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public Task<Instant?> MarkAsync(CancellationToken cancellation) => _readers.ReadAsync<Instant?>(
        session =>
        {
            using var row = session.Prepare("SELECT at FROM node_mark");
            return row.Step() ? Instant.FromUnixTimeMilliseconds(row.Int64(0)) : null;
        },
        cancellation);

    /// <summary>Marks that the node runs, with an outage that has just ended; on disk when it completes.</summary>
    /// <exception cref="StoreException">The disk is full or failing; then nothing was written.</exception>
    public Task PutMarkAsync(Instant at, NodeOutage? outage, CancellationToken cancellation) => _writer.DoAsync(
        transaction =>
        {
            transaction.Session.Prepare("INSERT INTO node_mark (id, at) VALUES (0, ?1) ON CONFLICT (id) DO UPDATE SET at = excluded.at")
                .Bind(1, at.ToUnixTimeMilliseconds()).Run();
            if (outage is { Began: var began, Ended: var ended })
            {
                transaction.Session.Prepare("INSERT OR REPLACE INTO node_outage (began, ended) VALUES (?1, ?2)")
                    .Bind(1, began.ToUnixTimeMilliseconds()).Bind(2, ended.ToUnixTimeMilliseconds()).Run();
            }

            return 1;
        },
        alone: true,
        cancellation);

    /// <summary>The outages that ended after an instant, oldest first.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public Task<IReadOnlyList<NodeOutage>> OutagesAsync(Instant after, CancellationToken cancellation) =>
        _readers.ReadAsync(session => ReadOutages(session, after), cancellation);

    private static IReadOnlyList<SignedPermit> ReadPermits(SqliteSession session)
    {
        using var rows = session.Prepare("SELECT meter, permit FROM supply_permit ORDER BY meter");
        var permits = new List<SignedPermit>();
        while (rows.Step())
        {
            var (permit, refused) = SupplyPermitJson.Decode(rows.Blob(1));
            permits.Add(permit ?? throw new InvalidDataException($"a stored permit is none: {refused?.Detail}"));
        }

        return permits;
    }

    private static IReadOnlyList<NodeOutage> ReadOutages(SqliteSession session, Instant after)
    {
        using var rows = session.Prepare("SELECT began, ended FROM node_outage WHERE ended > ?1 ORDER BY began");
        rows.Bind(1, after.ToUnixTimeMilliseconds());
        var outages = new List<NodeOutage>();
        while (rows.Step())
            outages.Add(new(Instant.FromUnixTimeMilliseconds(rows.Int64(0)), Instant.FromUnixTimeMilliseconds(rows.Int64(1))));
        return outages;
    }

    private static IReadOnlyList<SupplyCommand> ReadCommands(SqliteSession session)
    {
        using var rows = session.Prepare("SELECT meter, trip, tripped, account, note, at FROM supply_command ORDER BY id");
        var commands = new List<SupplyCommand>();
        while (rows.Step())
        {
            if (!Enum.TryParse<SupplyFlags>(rows.Text(1), out var trip))
                throw new InvalidDataException($"a supply command has the trip {rows.Text(1)}");
            commands.Add(new(
                new(rows.Address(0)), trip, rows.Int64(2) != 0, rows.Text(3), rows.Text(4), Instant.FromUnixTimeMilliseconds(rows.Int64(5))));
        }

        return commands;
    }
}
