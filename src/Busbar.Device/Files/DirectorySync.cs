using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Busbar.Device.Files;

/// <summary>Forces a directory's entries to disk: on Linux a renamed or new file may else be gone after a power cut (fsync(2)).</summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;
    private const int InvalidArgument = 22;

    public static void Force(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = OpenFile(directory, ReadOnly);
        if (descriptor < 0)
            throw Failure(directory);
        try
        {
            // Some network file systems refuse to force a directory; they have no entries of their own to lose.
            if (Force(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
                throw Failure(directory);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string directory) =>
        new($"{directory} could not be forced to disk", new Win32Exception(Marshal.GetLastPInvokeError()));

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Force(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
