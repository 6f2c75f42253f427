using System.Collections.Frozen;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ethereum.Abi;

namespace Busbar.Ledger.Exploring;

/// <summary>What our contracts can be asked, log and revert with, read from the ABI files that this assembly carries.</summary>
internal static class LedgerAbi
{
    private const string Prefix = "Busbar.Ledger.Abi.";

    private static readonly Dictionary<string, byte[]> Codes = new(StringComparer.Ordinal);

    /// <summary>Every entry of every contract.</summary>
    public static IReadOnlyList<AbiEntry> Entries { get; } = Load();

    private static FrozenDictionary<(string Contract, uint Selector), AbiEntry> Calls { get; } =
        Entries.Where(entry => entry.Kind == "function").ToFrozenDictionary(entry => (entry.Contract, entry.Selector));

    private static FrozenDictionary<Hash256, AbiEntry> Logged { get; } = First(Entries.Where(entry => entry.Kind == "event"), entry => entry.Topic);

    private static FrozenDictionary<uint, AbiEntry> Reverts { get; } = First(
        Entries.Where(entry => entry.Kind == "error")
            .Append(Solidity("Error", "string", "message"))
            .Append(Solidity("Panic", "uint256", "code")),
        entry => entry.Selector);

    /// <summary>A contract's function, or null.</summary>
    public static AbiEntry? Function(string contract, uint selector) => Calls.GetValueOrDefault((contract, selector));

    /// <summary>A contract's constructor.</summary>
    public static AbiEntry? Constructor(string contract) =>
        Entries.FirstOrDefault(entry => entry.Kind == "constructor" && entry.Contract == contract);

    /// <summary>The code that deploys a contract, without its constructor's values.</summary>
    public static byte[] Code(string contract) => Codes[contract];

    /// <summary>The event of a first topic, or null.</summary>
    public static AbiEntry? Event(Hash256 topic) => Logged.GetValueOrDefault(topic);

    /// <summary>The error of a selector, or null.</summary>
    public static AbiEntry? Error(uint selector) => Reverts.GetValueOrDefault(selector);

    private static FrozenDictionary<TKey, AbiEntry> First<TKey>(IEnumerable<AbiEntry> entries, Func<AbiEntry, TKey> key)
        where TKey : notnull => entries.DistinctBy(key).ToFrozenDictionary(key);

    private static AbiEntry Solidity(string name, string type, string value) =>
        new("Solidity", "error", name, [new(value, AbiType.Parse(type), IsIndexed: false)]);

    private static List<AbiEntry> Load()
    {
        var assembly = typeof(LedgerAbi).Assembly;
        var entries = new List<AbiEntry>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var file = JsonDocument.Parse(stream);
            var contract = file.RootElement.GetProperty("contractName").GetString()!;
            Codes.Add(contract, HexText.Decode(file.RootElement.GetProperty("bytecode").GetString()));
            entries.AddRange(file.RootElement.GetProperty("abi").EnumerateArray().Select(entry => Read(contract, entry)));
        }

        return entries;
    }

    private static AbiEntry Read(string contract, JsonElement entry)
    {
        var name = entry.TryGetProperty("name", out var named) ? named.GetString()! : "";
        var inputs = entry.TryGetProperty("inputs", out var listed) ? listed.EnumerateArray() : default;
        return new(contract, entry.GetProperty("type").GetString()!, name, [.. inputs.Select(Input)]);
    }

    private static AbiInput Input(JsonElement input) => new(
        Name(input),
        AbiType.Parse(TypeText(input)),
        input.TryGetProperty("indexed", out var indexed) && indexed.GetBoolean());

    private static string Name(JsonElement input) => input.GetProperty("name").GetString()!.Trim('_');

    // Tuples with the names of their members, as the type's own text form has them.
    private static string TypeText(JsonElement input)
    {
        var type = input.GetProperty("type").GetString()!;
        return type.StartsWith("tuple", StringComparison.Ordinal)
            ? $"({string.Join(',', input.GetProperty("components").EnumerateArray().Select(member => $"{TypeText(member)} {Name(member)}"))}){type[5..]}"
            : type;
    }
}
