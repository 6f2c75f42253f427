namespace Busbar.Ethereum.Rlp;

/// <summary>
/// An RLP value as a tree: a byte string or a list of values. For shapes not known beforehand; known shapes read
/// faster with <see cref="RlpReader"/>. Immutable.
/// </summary>
public sealed class RlpItem
{
    /// <summary>The longest input that <see cref="Decode"/> takes unless told otherwise, in bytes: 1 MiB.</summary>
    public const int DefaultMaximumLength = 1 << 20;

    /// <summary>How deep lists may nest unless told otherwise.</summary>
    public const int DefaultMaximumDepth = 64;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly IReadOnlyList<RlpItem>? _items;

    private RlpItem(ReadOnlyMemory<byte> bytes, IReadOnlyList<RlpItem>? items)
    {
        _bytes = bytes;
        _items = items;
    }

    /// <summary>Whether this is a list.</summary>
    public bool IsList => _items is not null;

    /// <summary>The byte string.</summary>
    /// <exception cref="InvalidOperationException">This is a list.</exception>
    public ReadOnlyMemory<byte> Bytes => IsList ? throw new InvalidOperationException("a list has no bytes") : _bytes;

    /// <summary>The values of the list.</summary>
    /// <exception cref="InvalidOperationException">This is a byte string.</exception>
    public IReadOnlyList<RlpItem> Items => _items ?? throw new InvalidOperationException("a byte string has no items");

    /// <summary>Makes a byte string; the memory is not copied.</summary>
    public static RlpItem Of(ReadOnlyMemory<byte> bytes) => new(bytes, null);

    /// <summary>Makes a list.</summary>
    public static RlpItem List(IReadOnlyList<RlpItem> items) => new(default, items);

    /// <summary>Reads the one item that <paramref name="input"/> holds.</summary>
    /// <exception cref="RlpException">Not one canonical item, too long or too deep.</exception>
    public static RlpItem Decode(
        ReadOnlySpan<byte> input, int maximumLength = DefaultMaximumLength, int maximumDepth = DefaultMaximumDepth)
    {
        if (input.Length > maximumLength)
            throw new RlpException(RlpError.TooLong, maximumLength);
        var reader = new RlpReader(input);
        var item = Read(ref reader, maximumDepth);
        reader.EnsureEnd();
        return item;
    }

    /// <summary>The canonical encoding.</summary>
    public byte[] Encode()
    {
        var writer = new RlpWriter();
        Write(writer);
        return writer.ToArray();
    }

    private static RlpItem Read(ref RlpReader reader, int depthLeft)
    {
        if (!reader.IsNextList)
            return Of(reader.ReadBytes().ToArray());
        var inner = reader.ReadList();
        if (depthLeft == 0)
            throw new RlpException(RlpError.TooDeep, 0);
        var items = new List<RlpItem>();
        while (!inner.IsAtEnd)
            items.Add(Read(ref inner, depthLeft - 1));
        return List(items);
    }

    private void Write(RlpWriter writer)
    {
        if (_items is null)
        {
            writer.WriteBytes(_bytes.Span);
            return;
        }

        writer.BeginList();
        foreach (var item in _items)
            item.Write(writer);
        writer.EndList();
    }
}
