using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Busbar.Cryptography.Tests;

/// <summary>The published vectors among the shared data.</summary>
internal static class Vectors
{
    public static JsonNode Read(params string[] path)
    {
        using var file = File.OpenRead(SharedData.PathOf(["ethereum_vectors", .. path]));
        if (!path[^1].EndsWith(".gz", StringComparison.Ordinal))
            return JsonNode.Parse(file)!;
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        return JsonNode.Parse(unpacked)!;
    }

    public static string Text(JsonNode node, string name) => (string)node[name]!;
}
