using Busbar.Ledger.Proofs;

namespace Busbar.Cli.Running;

/// <summary>A proof in a file.</summary>
internal static class ProofFile
{
    /// <summary>Its bytes.</summary>
    /// <exception cref="CommandFailure">There is none, or it is longer than a proof can be.</exception>
    public static async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            throw new CommandFailure($"there is no file {path}; the page and busbar replay --prove write such proofs");
        if (new FileInfo(path).Length > ProofDocument.LongestDocument)
            throw new CommandFailure($"{path} is larger than a proof can be ({ProofDocument.LongestDocument} bytes)");
        return await File.ReadAllBytesAsync(path, cancellation);
    }
}
