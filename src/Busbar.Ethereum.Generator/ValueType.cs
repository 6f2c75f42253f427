using System.Globalization;

namespace Busbar.Ethereum.Generator;

/// <summary>An ABI type and how C# reads and writes it.</summary>
internal sealed class ValueType
{
    private const int Word = 32;
    private const int MaximumHeadLength = 1 << 24;

    private readonly Func<string, string> _read;
    private readonly Func<string, string, string> _write;

    private ValueType(
        string canonical, string csharp, bool isDynamic, int contentLength, Func<string, string> read, Func<string, string, string> write)
    {
        Canonical = canonical;
        CSharp = csharp;
        IsDynamic = isDynamic;
        ContentLength = contentLength;
        _read = read;
        _write = write;
    }

    /// <summary>The name in signatures.</summary>
    public string Canonical { get; }

    /// <summary>The C# type, fully qualified.</summary>
    public string CSharp { get; }

    public bool IsDynamic { get; }

    public int ContentLength { get; }

    public int HeadLength => IsDynamic ? Word : ContentLength;

    /// <summary>Whether an indexed value stands in the topic itself; of the others only the hash is there.</summary>
    public bool FitsTopic { get; private set; }

    /// <summary>An expression that reads one from the reader.</summary>
    public string Read(string reader) => _read(reader);

    /// <summary>An expression that writes the value to the writer.</summary>
    public string Write(string writer, string value) => _write(writer, value);

    public static ValueType Elementary(string type)
    {
        switch (type)
        {
            case "bool": return Simple(type, "bool", "ReadBool()", "WriteBool({0})");
            case "address": return Simple(type, "global::Busbar.Cryptography.Address", "ReadAddress()", "WriteAddress({0})");
            case "bytes32": return Simple(type, "global::Busbar.Cryptography.Hash256", "ReadHash()", "WriteHash({0})");
            case "function": return FixedBytes(type, 24);
            case "bytes": return Dynamic(type, "byte[]", "ReadBytes()", "WriteBytes({0})");
            case "string": return Dynamic(type, "string", "ReadString()", "WriteString({0})");
        }

        if (type.StartsWith("bytes", StringComparison.Ordinal) && Number(type, 5) is >= 1 and <= 31 and var length)
            return FixedBytes(type, length);
        if (type.StartsWith("uint", StringComparison.Ordinal) && Number(type, 4) is >= 8 and <= 256 and var bits && bits % 8 == 0)
            return Integer(type, bits, "U");
        if (type.StartsWith("int", StringComparison.Ordinal) && Number(type, 3) is >= 8 and <= 256 and var width && width % 8 == 0)
            return Integer(type, width, string.Empty);
        throw new FormatException($"unknown type {type}");
    }

    public static ValueType ListOf(ValueType element) => new(
        element.Canonical + "[]",
        ListName(element),
        isDynamic: true,
        Word,
        reader => $"{reader}.ReadList({element.HeadLength}, static item => {element.Read("item")})",
        (writer, value) => $"{writer}.WriteList({value}, {element.HeadLength}, static (into, item) => {element.Write("into", "item")})");

    public static ValueType ListOf(ValueType element, int count)
    {
        var contentLength = Limit((long)count * element.HeadLength);
        return new ValueType(
            $"{element.Canonical}[{count}]",
            ListName(element),
            element.IsDynamic,
            contentLength,
            reader => $"{Content(reader, "ReadTuple()", element.IsDynamic)}.ReadFixedList({count}, static item => {element.Read("item")})",
            (writer, value) => $"{Content(writer, $"BeginTuple({contentLength})", element.IsDynamic)}"
                + $".WriteFixedList({value}, {count}, static (into, item) => {element.Write("into", "item")})");
    }

    public static ValueType Tuple(string csharp, IReadOnlyList<ValueType> members)
    {
        var isDynamic = members.Any(m => m.IsDynamic);
        var contentLength = Limit(members.Sum(m => (long)m.HeadLength));
        return new ValueType(
            $"({string.Join(",", members.Select(m => m.Canonical))})",
            csharp,
            isDynamic,
            contentLength,
            reader => $"{csharp}.ReadAbi({Content(reader, "ReadTuple()", isDynamic)})",
            (writer, value) => $"{value}.WriteAbi({Content(writer, $"BeginTuple({contentLength})", isDynamic)})");
    }

    private static string ListName(ValueType element) => $"global::System.Collections.Generic.IReadOnlyList<{element.CSharp}>";

    private static string Content(string cursor, string nested, bool isDynamic) => isDynamic ? $"{cursor}.{nested}" : cursor;

    private static ValueType Simple(string type, string csharp, string read, string write) => new(
        type,
        csharp,
        isDynamic: false,
        Word,
        reader => $"{reader}.{read}",
        (writer, value) => $"{writer}.{string.Format(CultureInfo.InvariantCulture, write, value)}")
    {
        FitsTopic = true,
    };

    private static ValueType Dynamic(string type, string csharp, string read, string write) => new(
        type,
        csharp,
        isDynamic: true,
        Word,
        reader => $"{reader}.{read}",
        (writer, value) => $"{writer}.{string.Format(CultureInfo.InvariantCulture, write, value)}");

    private static ValueType FixedBytes(string type, int length) =>
        Simple(type, "byte[]", $"ReadFixedBytes({length})", $"WriteFixedBytes({{0}}, {length})");

    private static ValueType Integer(string type, int bits, string sign)
    {
        var (csharp, wide) = bits switch
        {
            <= 8 => (sign.Length > 0 ? "byte" : "sbyte", "Int64"),
            <= 16 => (sign.Length > 0 ? "ushort" : "short", "Int64"),
            <= 32 => (sign.Length > 0 ? "uint" : "int", "Int64"),
            <= 64 => (sign.Length > 0 ? "ulong" : "long", "Int64"),
            <= 128 => ($"global::System.{sign}Int128", "Int128"),
            _ => ("global::System.Numerics.BigInteger", "Int256"),
        };
        var method = $"Read{sign}{wide}({bits})";
        return new ValueType(
            type,
            csharp,
            isDynamic: false,
            Word,
            reader => bits <= 32 ? $"({csharp}){reader}.{method}" : $"{reader}.{method}",
            (writer, value) => $"{writer}.Write{sign}Int({value}, {bits})")
        {
            FitsTopic = true,
        };
    }

    private static int Number(string type, int start) =>
        int.TryParse(type.Substring(start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static int Limit(long length) => length <= MaximumHeadLength ? (int)length : throw new FormatException("a type is too large");
}
