using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Ledger.Engine;

/// <summary>The engine's state after all records before a position of the journal.</summary>
/// <param name="Genesis">The id of the journal's first record.</param>
/// <param name="Number">The newest block's number.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Position">The first record to replay.</param>
/// <param name="StateFile">The state's file name, beside the manifest.</param>
/// <param name="Sha256">The state file's digest.</param>
internal sealed record SnapshotManifest(string Genesis, ulong Number, string Hash, long Position, string StateFile, string Sha256)
{
    public Hash256 BlockHash => Hash256.Parse(Hash);
}

/// <summary>Keeps the two newest snapshots. A snapshot is there whole or not at all.</summary>
internal sealed class SnapshotFolder(string folder)
{
    private const int Kept = 2;

    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public string PathOf(SnapshotManifest snapshot) => Path.Combine(folder, snapshot.StateFile);

    /// <summary>The snapshots of a journal whose files are as they were written, newest first.</summary>
    public async Task<IReadOnlyList<SnapshotManifest>> ListAsync(string genesis, CancellationToken cancellation)
    {
        var found = new List<SnapshotManifest>();
        foreach (var path in Directory.EnumerateFiles(folder, "snapshot-*.json"))
        {
            if (await ReadAsync(path, cancellation) is { } manifest
                && string.Equals(manifest.Genesis, genesis, StringComparison.Ordinal)
                && await IsWholeAsync(manifest, cancellation))
                found.Add(manifest);
        }

        return [.. found.OrderByDescending(s => s.Number)];
    }

    public async Task SaveAsync(
        string genesis, ulong number, Hash256 hash, long position, ReadOnlyMemory<byte> dump, CancellationToken cancellation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"state-{number:d10}.json");
        var digest = await DurableFile.WriteAsync(Path.Combine(folder, name), stream => StateForm.Shorten(dump, number, stream), cancellation);
        var manifest = new SnapshotManifest(genesis, number, hash.ToString(), position, name, Convert.ToHexStringLower(digest));
        var text = JsonSerializer.SerializeToUtf8Bytes(manifest, Form);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"snapshot-{number:d10}.json"));
        await DurableFile.WriteAsync(path, stream => stream.Write(text), cancellation);
        DeleteOld();
    }

    private void DeleteOld()
    {
        foreach (var pattern in new[] { "snapshot-*.json", "state-*.json" })
        {
            var old = Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal).SkipLast(Kept);
            foreach (var path in old)
                File.Delete(path);
        }
    }

    private static async Task<SnapshotManifest?> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<SnapshotManifest>(await File.ReadAllBytesAsync(path, cancellation), Form);
            return manifest is { StateFile: not null, Sha256: not null, Position: >= 0 }
                && string.Equals(Path.GetFileName(manifest.StateFile), manifest.StateFile, StringComparison.Ordinal)
                && Hash256.TryParse(manifest.Hash, out _) ? manifest : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<bool> IsWholeAsync(SnapshotManifest manifest, CancellationToken cancellation)
    {
        if (!File.Exists(PathOf(manifest)))
            return false;
        await using var file = File.OpenRead(PathOf(manifest));
        var digest = await SHA256.HashDataAsync(file, cancellation);
        return string.Equals(Convert.ToHexStringLower(digest), manifest.Sha256, StringComparison.Ordinal);
    }
}
