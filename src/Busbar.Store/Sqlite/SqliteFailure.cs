using Busbar.Ledger.Journal;
using SQLitePCL;

namespace Busbar.Store.Sqlite;

/// <summary>Tells SQLite's result codes so that a person knows what to do.</summary>
internal static class SqliteFailure
{
    /// <summary>The failure that a result code (plain or extended) stands for.</summary>
    public static StoreException Of(int code, string detail, string file)
    {
        var (what, transient) = (code & 0xff) switch
        {
            raw.SQLITE_FULL => ($"the disk that holds {file} is full; nothing was written. Free some space; no restart is needed", true),
            raw.SQLITE_IOERR => ($"the disk that holds {file} does not read or write; nothing was written. Look at the disk's health", true),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => ($"another program holds {file}; nothing was written. Close it and try again", true),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => ($"{file} is damaged; nothing was written. Restore a backup, or look at the disk", false),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => ($"{file} may not be written; nothing was. Look at its owner and rights", false),
            raw.SQLITE_CANTOPEN => ($"{file} cannot be opened. Look at its folder and rights", false),
            raw.SQLITE_TOOBIG => ($"one row is too large for {file}; nothing was written", false),
            raw.SQLITE_NOMEM => ("SQLite ran out of memory; nothing was written", true),
            _ => ($"SQLite refused a statement on {file}; nothing was written", false),
        };
        return new SqliteException(code, $"{what} (SQLite: {detail}, code {code})", transient);
    }

    /// <summary>Whether an exception says that pages of the file cannot be trusted.</summary>
    public static bool IsDamage(Exception exception) =>
        exception is SqliteException { Code: var code } && (code & 0xff) is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}

/// <summary>A store failure with the code that SQLite gave.</summary>
internal sealed class SqliteException(int code, string message, bool isTransient) : StoreException(message, isTransient)
{
    public int Code { get; } = code;
}
