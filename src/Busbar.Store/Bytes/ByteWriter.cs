using System.Buffers.Binary;
using System.Numerics;
using Busbar.Cryptography;

namespace Busbar.Store.Bytes;

/// <summary>A growing buffer that is used again and again: numbers as LEB128 varints, hashes and addresses as they are.</summary>
internal sealed class ByteWriter(int capacity = 256)
{
    private const int LongestVarint = 10;

    private byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Gives back a buffer that one large record has blown up.</summary>
    public void Trim(int most)
    {
        if (_buffer.Length > most && Length == 0)
            _buffer = new byte[most];
    }

    public void Byte(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    public void Varint(ulong value)
    {
        Reserve(LongestVarint);
        var buffer = _buffer;
        var at = Length;
        while (value >= 0x80)
        {
            buffer[at++] = (byte)((value & 0x7f) | 0x80);
            value >>= 7;
        }

        buffer[at++] = (byte)value;
        Length = at;
    }

    /// <summary>A number that may be negative; small ones of either sign are short.</summary>
    public void Signed(long value) => Varint(unchecked((ulong)((value << 1) ^ (value >> 63))));

    /// <summary>The difference of two numbers modulo 2^64, so that no pair of numbers overflows.</summary>
    public void Difference(long value, long from) => Signed(unchecked(value - from));

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Hash(Hash256 hash)
    {
        Reserve(Hash256.Length);
        hash.CopyTo(_buffer.AsSpan(Length));
        Length += Hash256.Length;
    }

    public void Address(Address address)
    {
        Reserve(Cryptography.Address.Length);
        address.CopyTo(_buffer.AsSpan(Length));
        Length += Cryptography.Address.Length;
    }

    public void Fixed64(ulong value)
    {
        Reserve(sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.AsSpan(Length), value);
        Length += sizeof(ulong);
    }

    private void Reserve(int more)
    {
        if (_buffer.Length - Length < more)
            Array.Resize(ref _buffer, (int)Math.Max(BitOperations.RoundUpToPowerOf2((uint)(Length + more)), 256));
    }
}
