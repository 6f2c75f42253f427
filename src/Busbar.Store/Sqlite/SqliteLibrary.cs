using System.Runtime.InteropServices;
using Busbar.Ledger.Journal;
using SQLitePCL;

namespace Busbar.Store.Sqlite;

/// <summary>
/// Binds the SQLite provider to the system's own library. The package would otherwise bring an old SQLite along, without the
/// fixes that the distribution ships. Why and how: docs/adr/0006-sqlite-of-the-system.md.
/// </summary>
internal static class SqliteLibrary
{
    /// <summary>3.35 of March 2021: the first with RETURNING.</summary>
    private const int OldestVersion = 3_035_000;

    private static readonly Lock Gate = new();
    private static bool _ready;

    private static IReadOnlyList<string> Names { get; } =
        OperatingSystem.IsWindows() ? ["winsqlite3.dll", "sqlite3.dll"]
        : OperatingSystem.IsMacOS() ? ["/usr/lib/libsqlite3.dylib", "libsqlite3.dylib"]
        : ["libsqlite3.so.0"];

    /// <summary>Makes SQLite usable; cheap after the first time.</summary>
    /// <exception cref="StoreException">The library is absent or too old.</exception>
    public static void Use()
    {
        lock (Gate)
        {
            if (_ready)
                return;
            var library = Load(Names);
            NativeLibrary.SetDllImportResolver(
                typeof(SQLite3Provider_e_sqlite3).Assembly,
                (name, _, _) => string.Equals(name, "e_sqlite3", StringComparison.Ordinal) ? library : 0);
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            if (raw.sqlite3_libversion_number() < OldestVersion)
                throw new StoreException($"SQLite {raw.sqlite3_libversion().utf8_to_string()} is too old: 3.35 or newer is needed", isTransient: false);
            _ready = true;
        }
    }

    /// <summary>The first library of these names that the system has.</summary>
    internal static nint Load(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return library;
        }

        throw new StoreException(
            $"SQLite is not installed: no {string.Join(" or ", names)} on this system. Install it (Debian, Ubuntu, Raspberry Pi OS: "
            + "apt-get install libsqlite3-0; Alpine: apk add sqlite-libs) and start again",
            isTransient: false);
    }
}
