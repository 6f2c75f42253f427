using System.Diagnostics;
using System.Runtime.InteropServices;
using Busbar.Bench.Running;
using Microsoft.Win32.SafeHandles;

namespace Busbar.Bench.Ingest;

/// <summary>The disk's own share: fdatasync, which SQLite calls too.</summary>
internal static class DiskSync
{
    private const int Syncs = 400;

    // As much as comes in a millisecond or two at 20,000 readings a second.
    private const int GroupSize = 8192;

    /// <summary>Waits until a file's data is on disk.</summary>
    public static void Data(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        if (FDataSync(file) != 0)
            throw new IOException($"fdatasync failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Milliseconds of 99 of a hundred small appends with their fdatasync, nothing else running.</summary>
    public static double P99()
    {
        using var folder = new ScratchFolder();
        using var file = File.OpenHandle(Path.Combine(folder.Path, "syncs"), FileMode.CreateNew, FileAccess.Write);
        var group = new byte[GroupSize];
        var times = new List<double>();
        for (var i = 0; i < Syncs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, group, (long)i * GroupSize);
            Data(file);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return times[Syncs * 99 / 100];
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FDataSync(SafeFileHandle file);
}
