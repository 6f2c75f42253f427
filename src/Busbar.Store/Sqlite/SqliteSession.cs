using Busbar.Ledger.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Busbar.Store.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>8 KiB: five quarter-days of signatures fill a page to 97 % (of 4 KiB only two fit, at 77 %).</summary>
    public const int PageSize = 8192;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly string _file;

    private SqliteSession(SqliteConnection connection, string file)
    {
        _connection = connection;
        _file = file;
        Handle = connection.Handle ?? throw new InvalidOperationException("the connection is closed");
    }

    public sqlite3 Handle { get; }

    /// <summary>How many rows the last INSERT, UPDATE or DELETE touched.</summary>
    public int Changes => raw.sqlite3_changes(Handle);

    /// <summary>Whether no transaction is open.</summary>
    public bool IsIdle => raw.sqlite3_get_autocommit(Handle) != 0;

    /// <summary>The one connection that writes; makes the file when there is none.</summary>
    public static SqliteSession OpenWriter(string file, SqliteStoreOptions options)
    {
        var session = Open(file, SqliteOpenMode.ReadWriteCreate);
        try
        {
            session.Execute($"PRAGMA page_size = {PageSize}");
            session.Execute("PRAGMA journal_mode = WAL");
            session.Execute("PRAGMA synchronous = FULL");
            session.Execute("PRAGMA temp_store = MEMORY");
            session.Execute("PRAGMA foreign_keys = ON");
            session.Execute("PRAGMA cell_size_check = ON");
            session.Execute($"PRAGMA cache_size = -{options.CacheBytes / 1024}");
            session.Execute("PRAGMA wal_autocheckpoint = 0");
            session.Execute($"PRAGMA journal_size_limit = {options.WalBytes * 2L}");
            if (options.MaximumPages is { } pages)
                session.Execute($"PRAGMA max_page_count = {pages}");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>A connection that can only read.</summary>
    public static SqliteSession OpenReader(string file)
    {
        var session = Open(file, SqliteOpenMode.ReadWrite);
        session.Execute("PRAGMA query_only = ON");
        session.Execute("PRAGMA temp_store = MEMORY");
        session.Execute("PRAGMA cache_size = -8192");
        return session;
    }

    /// <summary>A connection that only moves the write-ahead log.</summary>
    public static SqliteSession OpenCheckpointer(string file)
    {
        var session = Open(file, SqliteOpenMode.ReadWrite);
        session.Execute("PRAGMA synchronous = FULL");
        // A connection learns that there is a log when it first reads.
        session.Execute("SELECT COUNT(*) FROM sqlite_master");
        return session;
    }

    /// <summary>A connection for copying the whole file.</summary>
    public static SqliteSession OpenCopier(string file) => Open(file, SqliteOpenMode.ReadWrite);

    /// <summary>The statement for a text, prepared once.</summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new Statement(this, sql));
        return statement;
    }

    /// <summary>Runs statements that are not worth keeping.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(Handle, sql));

    public void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw Fail(result);
    }

    public StoreException Fail(int result)
    {
        var extended = raw.sqlite3_extended_errcode(Handle);
        return SqliteFailure.Of((extended & 0xff) == (result & 0xff) ? extended : result, raw.sqlite3_errmsg(Handle).utf8_to_string(), _file);
    }

    /// <summary>Moves what it can of the write-ahead log into the database without making anyone wait.</summary>
    /// <param name="pages">How many pages the log has.</param>
    /// <param name="moved">How many of them are in the database.</param>
    /// <returns>False when another connection is at it.</returns>
    public bool Checkpoint(out int pages, out int moved)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out pages, out moved);
        if (result == raw.SQLITE_BUSY)
            return false;
        Check(result);
        return true;
    }

    /// <summary>Ends a transaction that failed, if SQLite has not done so itself.</summary>
    public void Rollback()
    {
        if (!IsIdle)
            Execute("ROLLBACK");
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Close();
        _connection.Dispose();
    }

    private static SqliteSession Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, Cache = SqliteCacheMode.Private }.ToString());
        try
        {
            connection.Open();
            var session = new SqliteSession(connection, file);
            session.Check(raw.sqlite3_busy_timeout(session.Handle, 5000));
            return session;
        }
        catch (Microsoft.Data.Sqlite.SqliteException refused)
        {
            connection.Dispose();
            throw SqliteFailure.Of(refused.SqliteExtendedErrorCode, refused.Message, file);
        }
    }
}
