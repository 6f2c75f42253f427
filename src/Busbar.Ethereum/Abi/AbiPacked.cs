using System.Text;
using Busbar.Cryptography;

namespace Busbar.Ethereum.Abi;

/// <summary>
/// Solidity's <c>abi.encodePacked</c>: values in as few bytes as their types need, elements of arrays in whole words,
/// without lengths or offsets. Two lists of values can give the same bytes: sign and hash packed data only where at most
/// one value has a variable length. Values as <see cref="AbiCodec"/> takes them; no tuples, as in Solidity. Thread safe.
/// </summary>
public static class AbiPacked
{
    /// <summary>Encodes values one after the other.</summary>
    /// <exception cref="ArgumentException">A value is not of its type, a type cannot be packed, or the counts differ.</exception>
    public static byte[] Encode(IReadOnlyList<AbiType> types, IReadOnlyList<object> values)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(values);
        AbiCodec.EnsureCount(types.Count, values.Count);
        using var into = new MemoryStream();
        for (var i = 0; i < types.Count; i++)
            Write(into, types[i], values[i], isElement: false);
        return into.ToArray();
    }

    private static void Write(MemoryStream into, AbiType type, object value, bool isElement)
    {
        switch (type.Kind)
        {
            case AbiKind.UInt or AbiKind.Int or AbiKind.Bool or AbiKind.Address:
                var word = AbiCodec.Encode([type], [value]);
                into.Write(isElement ? word : word.AsSpan(AbiWriter.WordLength - Width(type)));
                break;
            case AbiKind.FixedBytes:
                word = AbiCodec.Encode([type], [value]);
                into.Write(isElement ? word : word.AsSpan(0, type.Size));
                break;
            case AbiKind.Bytes:
                into.Write(AbiValues.Bytes(value, type));
                break;
            case AbiKind.String:
                into.Write(Encoding.UTF8.GetBytes(AbiValues.As<string>(value, type)));
                break;
            case AbiKind.Array or AbiKind.FixedArray:
                var elements = AbiValues.List(value, type);
                if (type.Kind == AbiKind.FixedArray)
                    AbiCodec.EnsureCount(type.Size, elements.Count);
                foreach (var element in elements)
                    Write(into, type.Element!, element, isElement: true);
                break;
            default:
                throw new ArgumentException($"{type} cannot be packed", nameof(type));
        }
    }

    private static int Width(AbiType type) => type.Kind switch
    {
        AbiKind.Bool => 1,
        AbiKind.Address => Address.Length,
        _ => type.Size / 8,
    };
}
