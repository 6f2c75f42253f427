using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ethereum.Abi;

namespace Busbar.Ethereum.TypedData;

/// <summary>encodeType, encodeData and hashStruct of EIP-712, over JSON values. Work is bounded by the JSON's own depth and size.</summary>
internal sealed class TypedEncoder(IReadOnlyDictionary<string, IReadOnlyList<TypedField>> structs)
{
    private readonly Dictionary<string, Hash256> _typeHashes = new(StringComparer.Ordinal);

    public static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member)
            ? member
            : throw new FormatException($"no {name}");

    public Hash256 HashStruct(string type, JsonElement value) => Keccak256.Hash(EncodeStruct(type, value));

    public byte[] EncodeStruct(string type, JsonElement value)
    {
        using var into = new MemoryStream();
        into.Write(TypeHash(type).ToArray());
        foreach (var field in Fields(type))
            into.Write(EncodeValue(field.Type, Member(value, field.Name)));
        return into.ToArray();
    }

    private Hash256 TypeHash(string type)
    {
        if (_typeHashes.TryGetValue(type, out var known))
            return known;
        var referenced = new SortedSet<string>(StringComparer.Ordinal);
        Collect(type, referenced);
        referenced.Remove(type);
        var text = new StringBuilder();
        foreach (var one in referenced.Prepend(type))
            text.Append(one).Append('(').AppendJoin(',', Fields(one).Select(f => $"{f.Type} {f.Name}")).Append(')');
        return _typeHashes[type] = AbiSignature.Topic(text.ToString());
    }

    private void Collect(string type, SortedSet<string> into)
    {
        var open = new Stack<string>([type]);
        while (open.TryPop(out var next))
        {
            var root = next.Split('[')[0];
            if (!structs.TryGetValue(root, out var fields) || !into.Add(root))
                continue;
            foreach (var field in fields)
                open.Push(field.Type);
        }
    }

    private IReadOnlyList<TypedField> Fields(string type) =>
        structs.TryGetValue(type, out var fields) ? fields : throw new FormatException($"no type {type}");

    private byte[] EncodeValue(string type, JsonElement value)
    {
        if (type.EndsWith(']'))
            return EncodeArray(type, value);
        if (structs.ContainsKey(type))
            return HashStruct(type, value).ToArray();
        var parsed = AbiType.Parse(type);
        return parsed.Kind switch
        {
            AbiKind.String => Keccak256.Hash(Encoding.UTF8.GetBytes(Text(type, value))).ToArray(),
            AbiKind.Bytes => Keccak256.Hash(HexText.Decode(Text(type, value))).ToArray(),
            AbiKind.UInt or AbiKind.Int => Word(parsed, Integer(type, value)),
            AbiKind.Bool => Word(parsed, value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? value.GetBoolean()
                : throw new FormatException("a bool is neither true nor false")),
            AbiKind.Address => Word(parsed, Address.Parse(Text(type, value))),
            AbiKind.FixedBytes => Word(parsed, HexText.Decode(Text(type, value))),
            _ => throw new FormatException($"{type} cannot be signed"),
        };
    }

    private byte[] EncodeArray(string type, JsonElement value)
    {
        var open = type.LastIndexOf('[');
        if (open < 0 || value.ValueKind != JsonValueKind.Array)
            throw new FormatException($"not a value of type {type}");
        var count = type[(open + 1)..^1];
        if (count.Length > 0 && !string.Equals(count, value.GetArrayLength().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            throw new FormatException($"{value.GetArrayLength()} values of type {type}");
        using var into = new MemoryStream();
        foreach (var element in value.EnumerateArray())
            into.Write(EncodeValue(type[..open], element));
        return Keccak256.Hash(into.ToArray()).ToArray();
    }

    private static byte[] Word(AbiType type, object value)
    {
        try
        {
            return AbiCodec.Encode([type], [value]);
        }
        catch (ArgumentException failed)
        {
            throw new FormatException($"a value does not fit {type}", failed);
        }
    }

    private static string Text(string type, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"a {type} is no text");

    // Wallets take numbers, decimal text and 0x text, and a minus sign before either.
    private static BigInteger Integer(string type, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(type, value);
        var digits = text.StartsWith('-') ? text.AsSpan(1) : text;
        // A word has at most 78 decimal digits; longer text would only cost time.
        var isRead = digits.StartsWith("0x", StringComparison.Ordinal)
            ? BigInteger.TryParse(string.Concat("0", digits[2..]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            : BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        if (!isRead || digits.Length > 80)
            throw new FormatException($"a {type} is no whole number");
        return text.StartsWith('-') ? -number : number;
    }
}
