using System.Security.Cryptography;

namespace Busbar.Ledger.Engine;

/// <summary>Files that are written whole or not at all.</summary>
internal static class DurableFile
{
    /// <summary>Writes beside the path, waits for the disk, then takes the path's place.</summary>
    /// <returns>The SHA-256 digest of what was written.</returns>
    public static async Task<byte[]> WriteAsync(string path, Action<Stream> write, CancellationToken cancellation)
    {
        var beside = path + ".new";
        byte[] digest;
        await using (var file = new FileStream(beside, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            write(file);
            file.Flush(flushToDisk: true);
            file.Position = 0;
            digest = await SHA256.HashDataAsync(file, cancellation);
        }

        File.Move(beside, path, overwrite: true);
        return digest;
    }
}
