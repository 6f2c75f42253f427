using System.IO.Compression;
using System.Text.Json;

namespace Busbar.Ethereum.Tests;

/// <summary>Opens the reference vectors of the Ethereum project and of ethers.</summary>
internal static class Vectors
{
    public static JsonElement Ethereum(params string[] path) =>
        Parse(SharedData.PathOf(["ethereum_vectors", "ethereum_tests", .. path]));

    public static JsonElement Eips() => Parse(SharedData.PathOf("ethereum_vectors", "eip_examples.json"));

    public static JsonElement Ethers(string name)
    {
        using var file = File.OpenRead(SharedData.PathOf("ethereum_vectors", "ethers_testcases", name + ".json.gz"));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var document = JsonDocument.Parse(unzipped);
        return document.RootElement.Clone();
    }

    public static JsonElement Parse(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    public static byte[] Bytes(JsonElement hex) => Bytes(hex.GetString()!);

    public static byte[] Bytes(string hex) =>
        Convert.FromHexString(hex.StartsWith("0x", StringComparison.Ordinal) ? hex[2..] : hex);
}
