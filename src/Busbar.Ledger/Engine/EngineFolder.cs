using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Busbar.Ledger.Engine;

/// <summary>The engine's folder: one node at a time, and no engine left over from a node that died.</summary>
internal sealed class EngineFolder : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;

    private EngineFolder(string folder, FileStream held)
    {
        _folder = folder;
        _lock = held;
        Snapshots = new(folder);
    }

    public SnapshotFolder Snapshots { get; }

    private string ProcessFile => Path.Combine(_folder, "engine.pid");

    /// <exception cref="EngineException"><see cref="EngineFailure.FolderInUse"/>.</exception>
    public static EngineFolder Open(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            var held = new FileStream(Path.Combine(folder, "engine.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new(folder, held);
        }
        catch (IOException failed)
        {
            throw new EngineException(
                EngineFailure.FolderInUse, $"another node runs on {folder}: stop it first, or give this one a folder of its own", failed);
        }
    }

    /// <summary>Ends the engine that an earlier node left behind, if its process still is one.</summary>
    public void EndLeftover(string binary)
    {
        if (!File.Exists(ProcessFile)
            || !int.TryParse(File.ReadAllText(ProcessFile), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return;
        try
        {
            using var process = Process.GetProcessById(id);
            if (string.Equals(process.MainModule?.FileName, Path.GetFullPath(binary), StringComparison.Ordinal))
            {
                process.Kill();
                process.WaitForExit();
            }
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // No such process, or one that is not ours.
        }

        File.Delete(ProcessFile);
    }

    public void Remember(int processId) =>
        File.WriteAllText(ProcessFile, processId.ToString(CultureInfo.InvariantCulture));

    public void Forget() => File.Delete(ProcessFile);

    public void Dispose() => _lock.Dispose();
}
