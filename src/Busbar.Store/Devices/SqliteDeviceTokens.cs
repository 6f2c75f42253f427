using Busbar.Domain.Metering;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;

namespace Busbar.Store.Devices;

/// <summary>How often devices' tokens were renewed, on SQLite. Safe for concurrent callers.</summary>
public sealed class SqliteDeviceTokens
{
    private readonly StoreWriter _writer;
    private readonly ReaderPool _readers;

    internal SqliteDeviceTokens(StoreWriter writer, ReaderPool readers) => (_writer, _readers) = (writer, readers);

    /// <summary>The meters whose token was renewed, with how often.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public Task<IReadOnlyDictionary<MeterId, long>> AllAsync(CancellationToken cancellation) => _readers.ReadAsync(Read, cancellation);

    /// <summary>Counts one renewal more; on disk when it completes.</summary>
    /// <returns>How often the meter's token was renewed now; no two renewals get the same.</returns>
    /// <exception cref="StoreException">The disk is full or failing; then nothing was written.</exception>
    public Task<long> RenewAsync(MeterId meter, CancellationToken cancellation) => _writer.DoAsync(
        transaction =>
        {
            transaction.Session.Prepare(
                "INSERT INTO device_token (meter, generation) VALUES (?1, 1) ON CONFLICT (meter) DO UPDATE SET generation = generation + 1")
                .Bind(1, meter.Key).Run();
            using var row = transaction.Session.Prepare("SELECT generation FROM device_token WHERE meter = ?1").Bind(1, meter.Key);
            return row.Step() ? row.Int64(0) : throw new InvalidDataException("a renewed token is not there");
        },
        alone: true,
        cancellation);

    /// <summary>What a data folder holds, also while its node runs; empty for one without a store.</summary>
    /// <exception cref="StoreException">The file is damaged, or the disk fails.</exception>
    public static IReadOnlyDictionary<MeterId, long> ReadFrom(string folder)
    {
        var file = Path.Combine(Path.GetFullPath(folder), SqliteStore.FileName);
        if (!File.Exists(file))
            return new Dictionary<MeterId, long>();
        SqliteLibrary.Use();
        using var session = SqliteSession.OpenReader(file);
        using var table = session.Prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'device_token'");
        return table.Step() ? Read(session) : new Dictionary<MeterId, long>();
    }

    private static IReadOnlyDictionary<MeterId, long> Read(SqliteSession session)
    {
        using var rows = session.Prepare("SELECT meter, generation FROM device_token");
        var generations = new Dictionary<MeterId, long>();
        while (rows.Step())
            generations.Add(new(rows.Address(0)), rows.Int64(1));
        return generations;
    }
}
