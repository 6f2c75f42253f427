using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Readings;
using Busbar.Store.Anchoring;
using Busbar.Store.Journal;
using Busbar.Store.Readings;
using Busbar.Store.Writing;

namespace Busbar.Store.Sqlite;

/// <summary>
/// A node's store in one folder, on SQLite with a write-ahead log and an fsync for each group commit. One process at a time
/// holds a folder. Safe for concurrent callers.
/// </summary>
public sealed class SqliteStore : IAsyncDisposable
{
    /// <summary>The database's name in its folder. A backup put there under this name is a restored store.</summary>
    public const string FileName = "busbar.sqlite";

    private readonly FolderLock _lock;
    private readonly StoreWriter _writer;
    private readonly ReaderPool _readers;
    private int _disposed;

    private SqliteStore(FolderLock held, string file, SqliteSession session, SqliteStoreOptions options)
    {
        _lock = held;
        File = file;
        _writer = new(session, file, options);
        _readers = new(file, options.Readers);
        Journal = new SqliteJournal(_writer, _readers);
        Outbox = new SqliteOutbox(_readers);
        Events = new SqliteEventIndex(_readers);
        Readings = new SqliteReadingStore(_readers);
    }

    /// <summary>The database file.</summary>
    public string File { get; }

    /// <summary>The journals.</summary>
    public IJournal Journal { get; }

    /// <summary>What waits to be anchored.</summary>
    public IOutbox Outbox { get; }

    /// <summary>Blocks and our contracts' events.</summary>
    public IEventIndex Events { get; }

    /// <summary>Readings and closed intervals.</summary>
    public IReadingStore Readings { get; }

    /// <summary>Opens a folder's store, making folder and database when there are none.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="time">Names the files that a repair puts aside.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellation">Gives up waiting; a store that is being opened is then closed again.</param>
    /// <exception cref="StoreException">
    /// SQLite is not installed, another process holds the folder, a newer Busbar wrote it, or the disk refuses.
    /// </exception>
    public static Task<SqliteStore> OpenAsync(
        string folder, TimeProvider time, SqliteStoreOptions? options, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(time);
        options ??= new();
        options.Validate();
        return Task.Run(() => Open(folder, options), cancellation);
    }

    /// <summary>Writes what was queued, then closes. Appends after it throw <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _writer.DisposeAsync();
        _readers.Dispose();
        _lock.Dispose();
    }

    private static SqliteStore Open(string folder, SqliteStoreOptions options)
    {
        SqliteLibrary.Use();
        var held = FolderLock.Take(folder);
        SqliteSession? session = null;
        try
        {
            var file = Path.Combine(Path.GetFullPath(folder), FileName);
            session = SqliteSession.OpenWriter(file, options);
            Schema.Migrate(session, file);
            return new(held, file, session, options);
        }
        catch
        {
            session?.Dispose();
            held.Dispose();
            throw;
        }
    }
}
