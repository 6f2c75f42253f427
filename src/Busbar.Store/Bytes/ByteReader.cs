using System.Buffers.Binary;
using Busbar.Cryptography;

namespace Busbar.Store.Bytes;

/// <summary>Reads what <see cref="ByteWriter"/> wrote; anything else throws <see cref="InvalidDataException"/>.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position == _bytes.Length;

    public byte Byte()
    {
        if (Position >= _bytes.Length)
            throw CutOff();
        return _bytes[Position++];
    }

    public ulong Varint()
    {
        var all = _bytes;
        var at = Position;
        if ((uint)at < (uint)all.Length && all[at] < 0x80)
        {
            Position = at + 1;
            return all[at];
        }

        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if ((uint)at >= (uint)all.Length)
                throw CutOff();
            var next = all[at++];
            if (shift == 63 && next > 1)
                break;
            value |= (ulong)(next & 0x7f) << shift;
            if (next >= 0x80)
                continue;
            Position = at;
            return value;
        }

        throw new InvalidDataException("a number is longer than 64 bits");
    }

    public long Signed()
    {
        var value = Varint();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    public long Difference(long from) => unchecked(from + Signed());

    /// <summary>A count or length, at most a limit.</summary>
    public int Count(int most)
    {
        var value = Varint();
        return value <= (ulong)most ? (int)value : throw new InvalidDataException($"a count of {value} is more than {most}");
    }

    public ReadOnlySpan<byte> Raw(int length)
    {
        if (length > _bytes.Length - Position)
            throw CutOff();
        var slice = _bytes.Slice(Position, length);
        Position += length;
        return slice;
    }

    public Hash256 Hash() => new(Raw(Hash256.Length));

    public Address Address() => new(Raw(Cryptography.Address.Length));

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64BigEndian(Raw(sizeof(ulong)));

    private static InvalidDataException CutOff() => new("the bytes end too early");
}
