using Busbar.Ledger.Journal;

namespace Busbar.Store.Sqlite;

/// <summary>
/// Keeps a second process out of a data folder: a lock on a file in it, which the system lets go of when the process ends,
/// however it ends.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string Name = "busbar.lock";

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="StoreException">Another process has it, or the folder cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"the data folder {folder} cannot be made: {refused.Message}", isTransient: false, refused);
        }

        try
        {
            return new(new FileStream(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new StoreException($"the data folder {folder} may not be written: {refused.Message}", isTransient: false, refused);
        }
        catch (IOException refused)
        {
            throw new StoreException(
                $"the data folder {folder} is in use by another Busbar; stop that one, or choose another folder", isTransient: true, refused);
        }
    }

    public void Dispose() => _file.Dispose();
}
