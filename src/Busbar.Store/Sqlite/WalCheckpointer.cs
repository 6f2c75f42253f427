using Busbar.Ledger.Journal;
using SQLitePCL;

namespace Busbar.Store.Sqlite;

/// <summary>
/// Moves the write-ahead log into the database on a connection and a thread of its own, so that appends need not wait for it. A
/// log starts over only when nothing is left in it, so when it has its full size the writer moves the little that came since the
/// last pass. A log twice that size (passes too slow, or a long reading) makes the writer wait for a whole pass.
/// </summary>
internal sealed class WalCheckpointer : IDisposable
{
    // How many passes there are until the log has its full size.
    private const int Passes = 4;
    private const int PageWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE

    private readonly string _file;
    private readonly int _fullPages;
    private readonly Lock _pass = new();
    private readonly AutoResetEvent _wanted = new(initialState: false);
    private readonly Thread _thread;
    private SqliteSession? _session;
    private int _sincePass;
    private volatile int _logPages;
    private volatile bool _full;
    private volatile bool _ended;

    public WalCheckpointer(string file, SqliteStoreOptions options)
    {
        _file = file;
        _fullPages = options.WalBytes / SqliteSession.PageSize;
        _thread = new Thread(Run) { Name = "Busbar store checkpointer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The writer's call before each transaction: moves the log's rest when it is time.</summary>
    public void BeforeWriting(SqliteSession writer)
    {
        if (_logPages + _sincePass >= 2 * _fullPages)
        {
            lock (_pass)
                Finish(writer);
        }
        else if (_full && _pass.TryEnter())
        {
            try
            {
                Finish(writer);
            }
            finally
            {
                _pass.Exit();
            }
        }
    }

    /// <summary>The writer's call after each transaction.</summary>
    public void AfterWriting(SqliteSession writer)
    {
        // What was written is on disk: nothing may fail any more.
        if (raw.sqlite3_db_status(writer.Handle, PageWritten, out var pages, out _, resetFlg: 1) == raw.SQLITE_OK)
            _sincePass += pages;
        if (_sincePass < _fullPages / Passes)
            return;
        _logPages += _sincePass;
        _sincePass = 0;
        _wanted.Set();
    }

    public void Dispose()
    {
        _ended = true;
        _wanted.Set();
        _thread.Join();
        _session?.Dispose();
        _wanted.Dispose();
    }

    private void Finish(SqliteSession writer)
    {
        _full = false;
        _sincePass = 0;
        // When a long reading still needs the log it goes on growing, and this is tried again after the next passes.
        if (Move(writer) is { } moved)
            _logPages = moved.Log == moved.Moved ? 0 : Math.Min(moved.Log, _fullPages);
    }

    private void Run()
    {
        while (true)
        {
            _wanted.WaitOne();
            if (_ended)
                return;
            lock (_pass)
                Pass();
        }
    }

    private void Pass()
    {
        try
        {
            _session ??= SqliteSession.OpenCheckpointer(_file);
        }
        catch (StoreException)
        {
            return;
        }

        if (Move(_session) is not { } moved)
            return;
        _logPages = moved.Log;
        _full = moved.Log >= _fullPages;
    }

    // Nothing is lost when it fails: the log keeps what was not moved. A failing disk shows on an append, whose caller is told.
    private static (int Log, int Moved)? Move(SqliteSession session)
    {
        try
        {
            return session.Checkpoint(out var log, out var moved) ? (log, moved) : null;
        }
        catch (StoreException)
        {
            return null;
        }
    }
}
