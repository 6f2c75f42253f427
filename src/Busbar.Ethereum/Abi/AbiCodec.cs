using System.Numerics;
using Busbar.Cryptography;

namespace Busbar.Ethereum.Abi;

/// <summary>
/// Encodes and decodes values whose types are known only at run time; bindings know theirs and use <see cref="AbiWriter"/>
/// and <see cref="AbiReader"/>. Numbers are <see cref="BigInteger"/> (any integer type is taken), bytes are arrays (a
/// <see cref="Hash256"/> is taken), arrays and tuples are lists. Thread safe.
/// </summary>
public static class AbiCodec
{
    /// <summary>Encodes values one after the other, as the arguments of a call.</summary>
    /// <exception cref="ArgumentException">A value is not of its type, or there are more or fewer values than types.</exception>
    public static byte[] Encode(IReadOnlyList<AbiType> types, IReadOnlyList<object> values)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(values);
        EnsureCount(types.Count, values.Count);
        var writer = new AbiWriter(types.Sum(t => t.HeadLength));
        for (var i = 0; i < types.Count; i++)
            Write(writer, types[i], values[i]);
        return writer.ToArray();
    }

    /// <summary>Decodes values that stand one after the other and fill the input.</summary>
    /// <exception cref="AbiException">The input is not their strict encoding.</exception>
    public static object[] Decode(IReadOnlyList<AbiType> types, ReadOnlyMemory<byte> input)
    {
        ArgumentNullException.ThrowIfNull(types);
        var reader = new AbiReader(input);
        var values = new object[types.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Read(reader, types[i]);
        reader.EnsureEnd();
        return values;
    }

    internal static void EnsureCount(int needed, int given)
    {
        if (needed != given)
            throw new ArgumentException($"needs {needed} values, got {given}", nameof(given));
    }

    private static void Write(AbiWriter writer, AbiType type, object value)
    {
        switch (type.Kind)
        {
            case AbiKind.UInt:
                writer.WriteUInt(AbiValues.Integer(value), type.Size);
                break;
            case AbiKind.Int:
                writer.WriteInt(AbiValues.Integer(value), type.Size);
                break;
            case AbiKind.Bool:
                writer.WriteBool(AbiValues.As<bool>(value, type));
                break;
            case AbiKind.Address:
                writer.WriteAddress(AbiValues.As<Address>(value, type));
                break;
            case AbiKind.FixedBytes:
                writer.WriteFixedBytes(AbiValues.Bytes(value, type), type.Size);
                break;
            case AbiKind.Bytes:
                writer.WriteBytes(AbiValues.Bytes(value, type));
                break;
            case AbiKind.String:
                writer.WriteString(AbiValues.As<string>(value, type));
                break;
            case AbiKind.Array:
                var elements = AbiValues.List(value, type);
                var array = writer.BeginArray(elements.Count, type.Element!.HeadLength);
                foreach (var element in elements)
                    Write(array, type.Element, element);
                break;
            case AbiKind.FixedArray or AbiKind.Tuple:
                WriteContent(type.IsDynamic ? writer.BeginTuple(type.ContentLength) : writer, type, AbiValues.List(value, type));
                break;
            default:
                throw new ArgumentException($"cannot write {type}", nameof(type));
        }
    }

    private static void WriteContent(AbiWriter writer, AbiType type, IReadOnlyList<object> values)
    {
        EnsureCount(type.Kind == AbiKind.Tuple ? type.Components.Count : type.Size, values.Count);
        for (var i = 0; i < values.Count; i++)
            Write(writer, type.Element ?? type.Components[i].Type, values[i]);
    }

    private static object Read(AbiReader reader, AbiType type)
    {
        switch (type.Kind)
        {
            case AbiKind.UInt:
                return reader.ReadUInt256(type.Size);
            case AbiKind.Int:
                return reader.ReadInt256(type.Size);
            case AbiKind.Bool:
                return reader.ReadBool();
            case AbiKind.Address:
                return reader.ReadAddress();
            case AbiKind.FixedBytes:
                return reader.ReadFixedBytes(type.Size);
            case AbiKind.Bytes:
                return reader.ReadBytes();
            case AbiKind.String:
                return reader.ReadString();
            case AbiKind.Array:
                var array = reader.ReadArray(type.Element!.HeadLength, out var count);
                return ReadContent(array, type, count);
            case AbiKind.FixedArray or AbiKind.Tuple:
                return ReadContent(
                    type.IsDynamic ? reader.ReadTuple() : reader, type, type.Kind == AbiKind.Tuple ? type.Components.Count : type.Size);
            default:
                throw new ArgumentException($"cannot read {type}", nameof(type));
        }
    }

    private static object[] ReadContent(AbiReader reader, AbiType type, int count)
    {
        var values = new object[count];
        for (var i = 0; i < count; i++)
            values[i] = Read(reader, type.Element ?? type.Components[i].Type);
        return values;
    }
}
