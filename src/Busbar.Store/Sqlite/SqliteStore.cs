using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Exploring;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Readings;
using Busbar.Store.Accounts;
using Busbar.Store.Anchoring;
using Busbar.Store.Cash;
using Busbar.Store.Channels;
using Busbar.Store.Deliveries;
using Busbar.Store.Devices;
using Busbar.Store.Explorer;
using Busbar.Store.Houses;
using Busbar.Store.Journal;
using Busbar.Store.Notifications;
using Busbar.Store.Packing;
using Busbar.Store.Readings;
using Busbar.Store.Supply;
using Busbar.Store.Writing;
using NodaTime;

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
    private readonly Packer _packer;
    private readonly JournalVerifier _verifier;
    private readonly TimeProvider _time;
    private int _disposed;

    private SqliteStore(FolderLock held, string file, SqliteSession session, TimeProvider time, SqliteStoreOptions options)
    {
        _time = time;
        _lock = held;
        File = file;
        _writer = new(session, file, options);
        _readers = new(file, options.Readers);
        _packer = new(_writer, _readers);
        _verifier = new(_readers, time);
        Journal = new SqliteJournal(_writer, _readers);
        Outbox = new SqliteOutbox(_readers);
        Events = new SqliteEventIndex(_readers);
        Explorer = new SqliteExplorer(_readers);
        Readings = new SqliteReadingStore(_readers);
        Houses = new(_writer, _readers);
        DeviceTokens = new(_writer, _readers);
        Supply = new(_writer, _readers);
        Cash = new(_readers);
        Vouchers = new(_writer, _readers);
        Deliveries = new(_writer, _readers);
        Turns = new(_writer, _readers);
        Accounts = new SqliteAccounts(_writer, _readers);
        Sessions = new SqliteSessions(_writer, _readers);
        Invitations = new SqliteInvitations(_writer, _readers);
        Notifications = new SqliteNotifications(_writer, _readers, options.Notifications);
    }

    /// <summary>The database file.</summary>
    public string File { get; }

    /// <summary>The journals.</summary>
    public IJournal Journal { get; }

    /// <summary>What waits to be anchored.</summary>
    public IOutbox Outbox { get; }

    /// <summary>Blocks and our contracts' events.</summary>
    public IEventIndex Events { get; }

    /// <summary>Looking around in blocks, transactions and addresses.</summary>
    public IExplorer Explorer { get; }

    /// <summary>Readings and closed intervals.</summary>
    public IReadingStore Readings { get; }

    /// <summary>What people call the meters and where they are.</summary>
    public SqliteHouses Houses { get; }

    /// <summary>How often devices' tokens were renewed.</summary>
    public SqliteDeviceTokens DeviceTokens { get; }

    /// <summary>The meters' permits, and what operators commanded.</summary>
    public SqliteSupply Supply { get; }

    /// <summary>The cash book.</summary>
    public SqliteCash Cash { get; }

    /// <summary>What payers of channels promised.</summary>
    public SqliteVouchers Vouchers { get; }

    /// <summary>What meters were ordered to deliver, and what they reported.</summary>
    public SqliteDeliveries Deliveries { get; }

    /// <summary>The turns of payment channels.</summary>
    public SqliteTurns Turns { get; }

    /// <summary>People's accounts.</summary>
    public IAccountStore Accounts { get; }

    /// <summary>Who is signed in.</summary>
    public ISessionStore Sessions { get; }

    /// <summary>Who may come in, and guests.</summary>
    public IInvitationStore Invitations { get; }

    /// <summary>Notifications, their deliveries and who wants them.</summary>
    public INotificationStore Notifications { get; }

    /// <summary>Opens a folder's store, making folder and database when there are none.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="time">Names the files that a repair puts aside, and paces the check of journals.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellation">Looked at before it begins; opening itself is not broken off.</param>
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
        return Task.Run(() => Open(folder, time, options), cancellation);
    }

    /// <summary>
    /// Moves readings of complete UTC days that end at or before an instant into their packed form, late ones too. Goes on
    /// beside appends; what is read stays the same.
    /// </summary>
    /// <returns>How many readings were moved.</returns>
    /// <exception cref="StoreException">The disk is full or failing; what was moved until then stays moved.</exception>
    public Task<long> PackAsync(Instant before, CancellationToken cancellation) => _packer.PackAsync(before, cancellation);

    /// <summary>
    /// Cuts a damaged journal off before its first damaged record and puts what it cuts off into a file in the data folder.
    /// Its owner, if any, is fenced out. A sound journal is left alone.
    /// </summary>
    /// <exception cref="StoreException">There is no such journal, or the file is too damaged to be repaired.</exception>
    public Task<JournalRepair> RepairTailAsync(JournalName journal, CancellationToken cancellation) => _writer.DoAsync(
        transaction => TailRepair.Run(transaction, journal, Path.GetDirectoryName(File)!, Instant.FromDateTimeOffset(_time.GetUtcNow())),
        alone: true,
        cancellation);

    /// <summary>The journals that there are.</summary>
    public Task<IReadOnlyList<JournalName>> JournalsAsync(CancellationToken cancellation) => _verifier.JournalsAsync(cancellation);

    /// <summary>Holds a whole journal, as it is now, against its checksums, beside everything else.</summary>
    /// <param name="journal">Which; an unknown one is sound.</param>
    /// <param name="pause">How long it rests after each mebibyte; zero for never.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The first damage, or null.</returns>
    public Task<JournalDamage?> VerifyAsync(JournalName journal, TimeSpan pause, CancellationToken cancellation) =>
        _verifier.VerifyAsync(journal, pause, cancellation);

    /// <summary>
    /// Whether a journal's end was cut off and its owner has not taken back yet what the rows beside it still tell. Readings, closed
    /// intervals and what was sent to the ledger stay when the records that they followed from are cut.
    /// </summary>
    public Task<bool> IsRepairedAsync(JournalName journal, CancellationToken cancellation) =>
        _readers.ReadAsync(session => RepairMark.IsSet(session, journal), cancellation);

    /// <summary>The owner of a journal whose end was cut off has taken back what there was.</summary>
    public Task ForgetRepairAsync(JournalName journal, CancellationToken cancellation) =>
        _writer.DoAsync(transaction => RepairMark.Clear(transaction.Session, journal), alone: false, cancellation);

    /// <summary>
    /// Copies the store as it is now into one new file, while it goes on. To restore, put the file as
    /// <see cref="FileName"/> into an empty data folder.
    /// </summary>
    /// <exception cref="StoreException">The file exists already or cannot be written.</exception>
    public Task BackupToAsync(string path, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => Backup.Write(File, path), cancellation);
    }

    /// <summary>What the store takes on disk. Visits every packed page: for reports, not for a page that is shown often.</summary>
    public Task<StoreSize> SizeAsync(CancellationToken cancellation) => _readers.ReadAsync(StoreSize.Read, cancellation);

    /// <summary>Writes what was queued, then closes. Appends after it throw <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _writer.DisposeAsync();
        _readers.Dispose();
        _lock.Dispose();
    }

    /// <summary>Lets the file have so many pages and no more (as many as it has, when those are more), so that tests can fill a disk.</summary>
    internal Task LimitPagesAsync(long pages, CancellationToken cancellation) => _writer.DoAsync(
        transaction =>
        {
            transaction.Session.Execute($"PRAGMA max_page_count = {pages}");
            return true;
        },
        alone: true,
        cancellation);

    private static SqliteStore Open(string folder, TimeProvider time, SqliteStoreOptions options)
    {
        SqliteLibrary.Use();
        var held = FolderLock.Take(folder);
        SqliteSession? session = null;
        try
        {
            var file = Path.Combine(Path.GetFullPath(folder), FileName);
            session = SqliteSession.OpenWriter(file, options);
            Schema.Migrate(session, file);
            return new(held, file, session, time, options);
        }
        catch
        {
            session?.Dispose();
            held.Dispose();
            throw;
        }
    }
}
