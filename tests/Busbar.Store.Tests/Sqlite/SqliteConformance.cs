using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Exploring;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Readings;
using Busbar.Store.Accounts;
using Busbar.Store.Sqlite;
using Busbar.Store.Tests.Conformance;

namespace Busbar.Store.Tests.Sqlite;

public sealed class SqliteJournalTests : JournalConformance
{
    protected override async Task<IOpenStore> OpenAsync() => await OpenSqlite.OpenAsync();
}

public sealed class SqliteAnchoringTests : AnchoringConformance
{
    protected override async Task<IOpenStore> OpenAsync() => await OpenSqlite.OpenAsync();
}

public sealed class SqliteExplorerTests : ExplorerConformance
{
    protected override async Task<IOpenStore> OpenAsync() => await OpenSqlite.OpenAsync();

    [Fact]
    public async Task Open_StoreFromBeforeTheExplorer_KeepsItsBlocksAndTheyAreBare()
    {
        await using var open = await OpenSqlite.OpenAsync();
        var owner = await open.Journal.TakeOverAsync(new("changes"), None);
        await open.Journal.AppendAsync(new(owner, [], [Indexed(3), Indexed(4)]), None);
        open.Execute(
            """
            ALTER TABLE notification_profile DROP COLUMN offers; DROP TABLE channel_turn; DROP TABLE delivery_side; DROP TABLE channel_voucher;
            DROP TABLE cash_slip; DROP TABLE node_mark; DROP TABLE node_outage;
            DROP TABLE supply_permit; DROP TABLE supply_command; DROP TABLE device_token; DROP TABLE tx; DROP TABLE other_log;
            DROP TABLE address; DROP TABLE address_tx; DROP INDEX block_hash; DROP INDEX block_bare;
            ALTER TABLE block DROP COLUMN content; PRAGMA user_version = 4
            """);
        await open.ReopenAsync();
        Assert.Equal([4ul, 3ul], (await open.Events.BareBlocksAsync(null, 10, None)).Select(block => block.Number));
        Assert.Equal(2, (await open.Explorer.CountsAsync(None)).Blocks);
        owner = await open.Journal.TakeOverAsync(new("changes"), None);
        await open.Journal.AppendAsync(new(owner, [], [Indexed(3)]), None);
        Assert.Equal(4ul, Assert.Single(await open.Events.BareBlocksAsync(null, 10, None)).Number);
        Assert.Equal(3, (await open.Explorer.TransactionsAsync(null, 10, None)).Count);
    }
}

public sealed class SqliteHistoryTests : HistoryConformance
{
    protected override async Task<IOpenStore> OpenAsync() => await OpenSqlite.OpenAsync();
}

public sealed class SqliteReadingTests : ReadingConformance
{
    protected override async Task<IOpenStore> OpenAsync() => await OpenSqlite.OpenAsync();
}

public sealed class SqliteAccountTests : AccountConformance
{
    protected override async Task<IOpenStore> OpenAsync() => await OpenSqlite.OpenAsync();
}

/// <summary>A store in a folder of its own, which goes with it.</summary>
internal sealed class OpenSqlite : IOpenStore
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStoreOptions? _options;

    private OpenSqlite(SqliteStoreOptions? options) => _options = options;

    public SqliteStore Store { get; private set; } = null!;

    public IJournal Journal => Store.Journal;

    public IOutbox Outbox => Store.Outbox;

    public IEventIndex Events => Store.Events;

    public IExplorer Explorer => Store.Explorer;

    public IReadingStore Readings => Store.Readings;

    public IAccountStore Accounts => Store.Accounts;

    public ISessionStore Sessions => Store.Sessions;

    public IInvitationStore Invitations => Store.Invitations;

    public static async Task<OpenSqlite> OpenAsync(SqliteStoreOptions? options = null)
    {
        var open = new OpenSqlite(options);
        open.Store = await SqliteStore.OpenAsync(open._folder.Path, TimeProvider.System, options, CancellationToken.None);
        return open;
    }

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await SqliteStore.OpenAsync(_folder.Path, TimeProvider.System, _options, CancellationToken.None);
    }

    public Task PackAsync(NodaTime.Instant before) => Store.PackAsync(before, CancellationToken.None);

    /// <summary>Changes the file behind the store's back.</summary>
    public void Execute(string sql)
    {
        using var session = SqliteSession.OpenCopier(Store.File);
        session.Execute(sql);
    }

    public long Number(string sql)
    {
        using var session = SqliteSession.OpenCopier(Store.File);
        using var row = session.Prepare(sql);
        return row.Step() ? row.Int64(0) : throw new InvalidOperationException("no row");
    }

    public byte[] Blob(string sql)
    {
        using var session = SqliteSession.OpenCopier(Store.File);
        using var row = session.Prepare(sql);
        return row.Step() ? row.Blob(0).ToArray() : throw new InvalidOperationException("no row");
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>A folder that is gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("busbar-store-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
