using System.Globalization;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Domain.Tests.Testing;

/// <summary>The vectors that the contracts' tests and these share.</summary>
internal static class ContractVectors
{
    public static JsonNode Read(string file)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Busbar.slnx")))
                return JsonNode.Parse(File.ReadAllText(Path.Combine(at.FullName, "contracts", "test", "vectors", file)))!;
        }

        throw new InvalidOperationException("the tests do not run from within the repository");
    }

    public static ulong Number(JsonNode node, string name) => ulong.Parse(node[name]!.ToString(), CultureInfo.InvariantCulture);

    public static Hash256 Hash(JsonNode node, string name) => Hash256.Parse((string)node[name]!);

    public static bool IsInRange(JsonNode node) => Number(node, "importSum") <= long.MaxValue && Number(node, "exportSum") <= long.MaxValue;

    public static EnergySum Sum(JsonNode node) => Sample.Energy((long)Number(node, "importSum"), (long)Number(node, "exportSum"));

    public static Leaf Leaf(JsonNode node) => new(
        new(Address.Parse((string)node["meter"]!)),
        Sample.Registers((long)Number(node, "importRegister"), (long)Number(node, "exportRegister"), Bands(node)),
        Sample.Energy((long)Number(node, "intervalImport"), (long)Number(node, "intervalExport")),
        (LeafFlags)(ushort)Number(node, "flags"),
        Hash(node, "digest"),
        Hash(node, "salt"));

    public static IReadOnlyList<SumNode> Siblings(JsonNode node) =>
        [.. node["siblings"]!.AsArray().Select(sibling => new SumNode(Hash(sibling!, "hash"), Sum(sibling!)))];

    public static long[] Bands(JsonNode node) =>
        [.. node["bands"]!.AsArray().Select(band => (long)ulong.Parse((string)band!, CultureInfo.InvariantCulture))];
}
