using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Busbar.Cryptography;

namespace Busbar.Ethereum.Abi;

/// <summary>
/// Writes values in the contract ABI, heads in place and tails behind. One writer stands for one tuple; nested dynamic
/// tuples and arrays get a writer of their own over the same buffer, to be filled before the next value is written.
/// Not thread safe. Source: Solidity, "Contract ABI Specification".
/// </summary>
public sealed class AbiWriter
{
    /// <summary>The length of a word in bytes.</summary>
    public const int WordLength = 32;

    private readonly Buffer _buffer;
    private readonly int _start;
    private readonly int _headEnd;
    private int _head;

    /// <summary>Begins the arguments of a call.</summary>
    /// <param name="selector">The function's selector, as <see cref="AbiSignature.Selector"/> gives it.</param>
    /// <param name="headLength">The length of the heads of all arguments together, in bytes.</param>
    public AbiWriter(uint selector, int headLength)
        : this(headLength, SelectorBytes(selector))
    {
    }

    /// <summary>Begins a tuple.</summary>
    /// <param name="headLength">The length of the heads of all values together, in bytes.</param>
    /// <param name="prefix">What stands before it, such as a contract's deploying code.</param>
    public AbiWriter(int headLength, ReadOnlySpan<byte> prefix = default)
        : this(new Buffer(prefix, headLength), headLength)
    {
    }

    private AbiWriter(Buffer buffer, int headLength)
    {
        _buffer = buffer;
        _start = buffer.Length;
        _head = _start;
        _headEnd = _start + headLength;
        buffer.Grow(headLength);
    }

    /// <summary>Writes an unsigned integer of <paramref name="bits"/> bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value needs more.</exception>
    public void WriteUInt(ulong value, int bits)
    {
        if (bits < 64 && value >> bits != 0)
            throw TooWide(value, bits);
        BinaryPrimitives.WriteUInt64BigEndian(NextWord()[24..], value);
    }

    /// <inheritdoc cref="WriteUInt(ulong, int)" />
    public void WriteUInt(UInt128 value, int bits)
    {
        if (bits < 128 && value >> bits != 0)
            throw TooWide(value, bits);
        BinaryPrimitives.WriteUInt128BigEndian(NextWord()[16..], value);
    }

    /// <inheritdoc cref="WriteUInt(ulong, int)" />
    public void WriteUInt(BigInteger value, int bits)
    {
        if (value.Sign < 0 || value.GetBitLength() > bits)
            throw TooWide(value, bits);
        WriteBig(value);
    }

    /// <summary>Writes a signed integer of <paramref name="bits"/> bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value needs more.</exception>
    public void WriteInt(long value, int bits) => WriteInt((BigInteger)value, bits);

    /// <inheritdoc cref="WriteInt(long, int)" />
    public void WriteInt(Int128 value, int bits) => WriteInt((BigInteger)value, bits);

    /// <inheritdoc cref="WriteInt(long, int)" />
    public void WriteInt(BigInteger value, int bits)
    {
        // GetBitLength leaves the sign out.
        if (value.GetBitLength() >= bits)
            throw TooWide(value, bits);
        WriteBig(value);
    }

    /// <summary>Writes a boolean.</summary>
    public void WriteBool(bool value) => NextWord()[WordLength - 1] = value ? (byte)1 : (byte)0;

    /// <summary>Writes an address.</summary>
    public void WriteAddress(Address value) => value.CopyTo(NextWord()[(WordLength - Address.Length)..]);

    /// <summary>Writes 32 bytes.</summary>
    public void WriteHash(Hash256 value) => value.CopyTo(NextWord());

    /// <summary>Writes bytes of a fixed number, 1 to 32.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public void WriteFixedBytes(ReadOnlySpan<byte> value, int length)
    {
        if (value.Length != length)
            throw new ArgumentException($"needs {length} bytes, got {value.Length}", nameof(value));
        value.CopyTo(NextWord());
    }

    /// <summary>Writes bytes of any number.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteOffset();
        _buffer.GrowWord(value.Length);
        value.CopyTo(_buffer.Grow((value.Length + WordLength - 1) / WordLength * WordLength));
    }

    /// <summary>Writes a text as UTF-8.</summary>
    public void WriteString(string value) => WriteBytes(Encoding.UTF8.GetBytes(value));

    /// <summary>Begins a dynamic tuple, or a fixed array of dynamic elements.</summary>
    public AbiWriter BeginTuple(int headLength)
    {
        WriteOffset();
        return new AbiWriter(_buffer, headLength);
    }

    /// <summary>Begins an array of <paramref name="count"/> elements whose heads have that length each.</summary>
    public AbiWriter BeginArray(int count, int elementHeadLength)
    {
        WriteOffset();
        _buffer.GrowWord(count);
        return new AbiWriter(_buffer, count * elementHeadLength);
    }

    /// <summary>Writes an array whose elements' heads have that length each.</summary>
    public void WriteList<T>(IReadOnlyList<T> values, int elementHeadLength, Action<AbiWriter, T> writeElement)
    {
        ArgumentNullException.ThrowIfNull(values);
        BeginArray(values.Count, elementHeadLength).WriteFixedList(values, values.Count, writeElement);
    }

    /// <summary>Writes elements in place; of a dynamic fixed array, to the writer that <see cref="BeginTuple"/> gives.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than <paramref name="count"/>.</exception>
    public void WriteFixedList<T>(IReadOnlyList<T> values, int count, Action<AbiWriter, T> writeElement)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(writeElement);
        if (values.Count != count)
            throw new ArgumentException($"needs {count} elements, got {values.Count}", nameof(values));
        foreach (var value in values)
            writeElement(this, value);
    }

    /// <summary>Copies what was written, from the first byte of the buffer.</summary>
    /// <exception cref="InvalidOperationException">Fewer values were written than the head has room for.</exception>
    public byte[] ToArray() =>
        _head == _headEnd ? _buffer.ToArray() : throw new InvalidOperationException($"{(_headEnd - _head) / WordLength} words were not written");

    private static byte[] SelectorBytes(uint selector)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, selector);
        return bytes;
    }

    private static ArgumentOutOfRangeException TooWide(object value, int bits) =>
        new(nameof(value), value, $"does not fit {bits} bits");

    private void WriteBig(BigInteger value)
    {
        var word = NextWord();
        if (value.Sign < 0)
            word.Fill(0xff);
        Span<byte> digits = stackalloc byte[WordLength + 1];
        value.TryWriteBytes(digits, out var written, isUnsigned: value.Sign >= 0, isBigEndian: true);
        digits[..written].CopyTo(word[(WordLength - written)..]);
    }

    private void WriteOffset()
    {
        var offset = _buffer.Length - _start;
        BinaryPrimitives.WriteInt32BigEndian(NextWord()[(WordLength - sizeof(int))..], offset);
    }

    private Span<byte> NextWord()
    {
        if (_head == _headEnd)
            throw new InvalidOperationException("more values than the head has room for");
        _head += WordLength;
        return _buffer.At(_head - WordLength, WordLength);
    }

    private sealed class Buffer
    {
        private byte[] _bytes;

        public Buffer(ReadOnlySpan<byte> prefix, int room)
        {
            _bytes = new byte[prefix.Length + Math.Max(room, 8 * WordLength)];
            prefix.CopyTo(_bytes);
            Length = prefix.Length;
        }

        public int Length { get; private set; }

        public Span<byte> At(int start, int count) => _bytes.AsSpan(start, count);

        public byte[] ToArray() => _bytes.AsSpan(0, Length).ToArray();

        public Span<byte> Grow(int count)
        {
            if (_bytes.Length - Length < count)
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
            Length += count;
            return At(Length - count, count);
        }

        public void GrowWord(int value) => BinaryPrimitives.WriteInt32BigEndian(Grow(WordLength)[(WordLength - sizeof(int))..], value);
    }
}
