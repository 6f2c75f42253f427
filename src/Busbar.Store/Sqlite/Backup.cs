using Busbar.Ledger.Journal;

namespace Busbar.Store.Sqlite;

/// <summary>Copies the database while it is being written, as it is at one moment.</summary>
internal static class Backup
{
    /// <summary>Makes a compact copy under another name, which gets its own name only when it is whole and on disk.</summary>
    public static void Write(string file, string target)
    {
        if (File.Exists(target))
            throw new StoreException($"{target} exists already; nothing was written. Name another file", isTransient: false);
        var part = target + ".part";
        try
        {
            File.Delete(part);
            using (var session = SqliteSession.OpenCopier(file))
                session.Prepare("VACUUM INTO ?1").Bind(1, part).Run();
            using (var copy = new FileStream(part, FileMode.Open, FileAccess.ReadWrite))
                copy.Flush(flushToDisk: true);
            File.Move(part, target, overwrite: false);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"the backup {target} cannot be written: {refused.Message}", isTransient: false, refused);
        }
    }
}
