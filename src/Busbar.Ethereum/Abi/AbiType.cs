namespace Busbar.Ethereum.Abi;

/// <summary>The families of ABI types.</summary>
public enum AbiKind
{
    /// <summary>Not set: the kind of no type.</summary>
    None = 0,

    /// <summary>uint8 to uint256.</summary>
    UInt,

    /// <summary>int8 to int256.</summary>
    Int,

    /// <summary>bool.</summary>
    Bool,

    /// <summary>address.</summary>
    Address,

    /// <summary>bytes1 to bytes32, and function, which is bytes24.</summary>
    FixedBytes,

    /// <summary>bytes.</summary>
    Bytes,

    /// <summary>string.</summary>
    String,

    /// <summary>T[].</summary>
    Array,

    /// <summary>T[n].</summary>
    FixedArray,

    /// <summary>(T1,T2,…).</summary>
    Tuple,
}

/// <summary>A named value of a tuple.</summary>
/// <param name="Name">The name; empty where it has none.</param>
/// <param name="Type">The type.</param>
public sealed record AbiComponent(string Name, AbiType Type);

/// <summary>An ABI type. Immutable.</summary>
public sealed class AbiType
{
    // Far above any real signature; keeps a fixed array of fixed arrays from asking for memory without bound.
    private const int MaximumHeadLength = 1 << 24;

    private AbiType(AbiKind kind, int size, AbiType? element, IReadOnlyList<AbiComponent> components, string name)
    {
        Kind = kind;
        Size = size;
        Element = element;
        Components = components;
        Name = name;
        IsDynamic = kind is AbiKind.Bytes or AbiKind.String or AbiKind.Array
            || (kind == AbiKind.FixedArray && element!.IsDynamic)
            || components.Any(c => c.Type.IsDynamic);
        ContentLength = kind switch
        {
            AbiKind.FixedArray => Limit((long)size * element!.HeadLength, name),
            AbiKind.Tuple => Limit(components.Sum(c => (long)c.Type.HeadLength), name),
            _ => AbiWriter.WordLength,
        };
    }

    /// <summary>The family.</summary>
    public AbiKind Kind { get; }

    /// <summary>Bits of a number, length of fixed bytes, count of a fixed array; else 0.</summary>
    public int Size { get; }

    /// <summary>What an array is of; else null.</summary>
    public AbiType? Element { get; }

    /// <summary>The values of a tuple; else empty.</summary>
    public IReadOnlyList<AbiComponent> Components { get; }

    /// <summary>The canonical name, as it stands in signatures.</summary>
    public string Name { get; }

    /// <summary>Whether its length depends on the value, so that its place holds an offset.</summary>
    public bool IsDynamic { get; }

    /// <summary>How many bytes it takes in its tuple's head.</summary>
    public int HeadLength => IsDynamic ? AbiWriter.WordLength : ContentLength;

    internal int ContentLength { get; }

    /// <summary>Reads a type such as <c>uint256</c>, <c>(address,bytes)[3][]</c> or <c>tuple(uint64 start, string name)</c>.</summary>
    /// <exception cref="FormatException">The text is not a type.</exception>
    public static AbiType Parse(string text) => AbiTypeParser.Parse(text);

    /// <inheritdoc />
    public override string ToString() => Name;

    internal static AbiType Simple(AbiKind kind, int size, string name) => new(kind, size, null, [], name);

    internal static AbiType ArrayOf(AbiType element) => new(AbiKind.Array, 0, element, [], element.Name + "[]");

    internal static AbiType ArrayOf(AbiType element, int count) => new(AbiKind.FixedArray, count, element, [], $"{element.Name}[{count}]");

    internal static AbiType TupleOf(IReadOnlyList<AbiComponent> components) =>
        new(AbiKind.Tuple, 0, null, components, $"({string.Join(',', components.Select(c => c.Type.Name))})");

    private static int Limit(long length, string name) =>
        length <= MaximumHeadLength ? (int)length : throw new FormatException($"{name} is too large");
}
