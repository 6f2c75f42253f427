namespace Busbar.Device.Files;

/// <summary>
/// Keeps a second process out of a meter's folder, since two would give out the same sequence numbers. The system lets go of it when
/// the process ends, however it ends.
/// </summary>
internal sealed class MeterFolderLock : IDisposable
{
    private readonly FileStream _file;

    private MeterFolderLock(FileStream file) => _file = file;

    /// <exception cref="IOException">Another process has it, or the folder cannot be written.</exception>
    public static MeterFolderLock Take(string folder)
    {
        Directory.CreateDirectory(folder);
        return new(new FileStream(Path.Combine(folder, "meter.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
    }

    public void Dispose() => _file.Dispose();
}
