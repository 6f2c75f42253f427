using System.Collections;
using System.Numerics;
using Busbar.Cryptography;

namespace Busbar.Ethereum.Abi;

/// <summary>Takes the values that a caller may give for a type known only at run time.</summary>
internal static class AbiValues
{
    public static T As<T>(object value, AbiType type) =>
        value is T typed ? typed : throw new ArgumentException($"{value?.GetType().Name ?? "null"} is not of type {type}", nameof(value));

    public static BigInteger Integer(object value) => value switch
    {
        BigInteger number => number,
        byte number => number,
        sbyte number => number,
        ushort number => number,
        short number => number,
        uint number => number,
        int number => number,
        ulong number => number,
        long number => number,
        UInt128 number => number,
        Int128 number => number,
        _ => throw new ArgumentException($"{value?.GetType().Name ?? "null"} is not an integer", nameof(value)),
    };

    public static ReadOnlySpan<byte> Bytes(object value, AbiType type) => value switch
    {
        byte[] bytes => bytes,
        ReadOnlyMemory<byte> bytes => bytes.Span,
        Hash256 hash => hash.ToArray(),
        _ => As<byte[]>(value, type),
    };

    public static IReadOnlyList<object> List(object value, AbiType type) => value switch
    {
        IReadOnlyList<object> list => list,
        string => As<IReadOnlyList<object>>(value, type),
        IEnumerable list => [.. list.Cast<object>()],
        _ => As<IReadOnlyList<object>>(value, type),
    };
}
