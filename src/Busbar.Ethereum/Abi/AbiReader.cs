using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Busbar.Cryptography;

namespace Busbar.Ethereum.Abi;

/// <summary>
/// Reads values in the contract ABI, strictly: numbers fit their types, padding is zero, nothing is read twice and, with
/// <see cref="EnsureEnd"/>, nothing is left. Work and memory are bounded by the input's length, whatever its offsets say.
/// Every fault is an <see cref="AbiException"/>. Not thread safe. Source: Solidity, "Contract ABI Specification".
/// </summary>
public sealed class AbiReader
{
    private const int WordLength = AbiWriter.WordLength;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _input;
    private readonly Coverage _coverage;
    private readonly int _start;
    private int _at;

    /// <summary>Begins to read a tuple that fills the input.</summary>
    public AbiReader(ReadOnlyMemory<byte> input)
        : this(input, new Coverage(input.Length), 0, 0)
    {
    }

    private AbiReader(ReadOnlyMemory<byte> input, Coverage coverage, int start, int at)
    {
        _input = input;
        _coverage = coverage;
        _start = start;
        _at = at;
    }

    /// <summary>Begins to read what follows a selector.</summary>
    /// <exception cref="AbiException">Another selector stands there, or none.</exception>
    public static AbiReader AfterSelector(ReadOnlyMemory<byte> input, uint selector) =>
        input.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(input.Span) == selector
            ? new AbiReader(input[sizeof(uint)..])
            : throw new AbiException(AbiError.WrongSelector, 0);

    /// <summary>Reads an unsigned integer of <paramref name="bits"/> bits, at most 64.</summary>
    public ulong ReadUInt64(int bits = 64)
    {
        var word = NextWord();
        var value = BinaryPrimitives.ReadUInt64BigEndian(word[24..]);
        return !word[..24].ContainsAnyExcept((byte)0) && (bits >= 64 || value >> bits == 0) ? value : throw Fail(AbiError.OutOfRange);
    }

    /// <summary>Reads an unsigned integer of <paramref name="bits"/> bits, at most 128.</summary>
    public UInt128 ReadUInt128(int bits = 128)
    {
        var word = NextWord();
        var value = BinaryPrimitives.ReadUInt128BigEndian(word[16..]);
        return !word[..16].ContainsAnyExcept((byte)0) && (bits >= 128 || value >> bits == 0) ? value : throw Fail(AbiError.OutOfRange);
    }

    /// <summary>Reads an unsigned integer of <paramref name="bits"/> bits, at most 256.</summary>
    public BigInteger ReadUInt256(int bits = 256)
    {
        var value = new BigInteger(NextWord(), isUnsigned: true, isBigEndian: true);
        return value.GetBitLength() <= bits ? value : throw Fail(AbiError.OutOfRange);
    }

    /// <summary>Reads a signed integer of <paramref name="bits"/> bits, at most 64.</summary>
    public long ReadInt64(int bits = 64) => (long)ReadInt256(bits);

    /// <summary>Reads a signed integer of <paramref name="bits"/> bits, at most 128.</summary>
    public Int128 ReadInt128(int bits = 128) => (Int128)ReadInt256(bits);

    /// <summary>Reads a signed integer of <paramref name="bits"/> bits, at most 256.</summary>
    public BigInteger ReadInt256(int bits = 256)
    {
        var value = new BigInteger(NextWord(), isUnsigned: false, isBigEndian: true);
        return value.GetBitLength() < bits ? value : throw Fail(AbiError.OutOfRange);
    }

    /// <summary>Reads a boolean.</summary>
    public bool ReadBool()
    {
        var word = NextWord();
        return word[^1] <= 1 && !word[..^1].ContainsAnyExcept((byte)0) ? word[^1] == 1 : throw Fail(AbiError.NotBoolean);
    }

    /// <summary>Reads an address.</summary>
    public Address ReadAddress()
    {
        var word = NextWord();
        const int Padding = WordLength - Address.Length;
        return !word[..Padding].ContainsAnyExcept((byte)0) ? new Address(word[Padding..]) : throw Fail(AbiError.DirtyPadding);
    }

    /// <summary>Reads 32 bytes.</summary>
    public Hash256 ReadHash() => new(NextWord());

    /// <summary>Reads bytes of a fixed number, 1 to 32.</summary>
    public byte[] ReadFixedBytes(int length)
    {
        var word = NextWord();
        return !word[length..].ContainsAnyExcept((byte)0) ? word[..length].ToArray() : throw Fail(AbiError.DirtyPadding);
    }

    /// <summary>Reads bytes of any number.</summary>
    public byte[] ReadBytes()
    {
        var inner = FollowOffset();
        var length = inner.ReadLength();
        var padded = (length + WordLength - 1) / WordLength * WordLength;
        if (padded > _input.Length - inner._at)
            throw Fail(AbiError.Truncated, inner._at);
        _coverage.Add(inner._at, padded);
        var content = _input.Span.Slice(inner._at, padded);
        return !content[length..].ContainsAnyExcept((byte)0)
            ? content[..length].ToArray()
            : throw Fail(AbiError.DirtyPadding, inner._at + length);
    }

    /// <summary>Reads a text.</summary>
    public string ReadString()
    {
        var bytes = ReadBytes();
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Fail(AbiError.NotUtf8);
        }
    }

    /// <summary>Begins to read a dynamic tuple, or a fixed array of dynamic elements.</summary>
    public AbiReader ReadTuple() => FollowOffset();

    /// <summary>Begins to read an array whose elements' heads have that length each.</summary>
    /// <param name="elementHeadLength">The length in bytes.</param>
    /// <param name="count">How many elements there are; their heads are sure to fit the input.</param>
    public AbiReader ReadArray(int elementHeadLength, out int count)
    {
        var inner = FollowOffset();
        count = inner.ReadLength();
        return (long)count * elementHeadLength <= _input.Length - inner._at
            ? new AbiReader(_input, _coverage, inner._at, inner._at)
            : throw Fail(AbiError.Truncated, inner._at);
    }

    /// <summary>Reads an array whose elements' heads have that length each.</summary>
    public IReadOnlyList<T> ReadList<T>(int elementHeadLength, Func<AbiReader, T> readElement)
    {
        ArgumentNullException.ThrowIfNull(readElement);
        var inner = ReadArray(elementHeadLength, out var count);
        return inner.ReadFixedList(count, readElement);
    }

    /// <summary>Reads that many elements in place; of a dynamic fixed array, from the reader that <see cref="ReadTuple"/> gives.</summary>
    public IReadOnlyList<T> ReadFixedList<T>(int count, Func<AbiReader, T> readElement)
    {
        ArgumentNullException.ThrowIfNull(readElement);
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = readElement(this);
        return values;
    }

    /// <summary>Refuses bytes that belong to no value read so far, anywhere in the input.</summary>
    public void EnsureEnd()
    {
        if (!_coverage.IsComplete)
            throw Fail(AbiError.TrailingBytes, _input.Length);
    }

    private AbiReader FollowOffset()
    {
        var offset = ReadLength();
        return offset <= _input.Length - _start
            ? new AbiReader(_input, _coverage, _start + offset, _start + offset)
            : throw Fail(AbiError.Truncated);
    }

    // A length or offset beyond 31 bits points beyond any input.
    private int ReadLength()
    {
        var word = NextWord();
        var value = BinaryPrimitives.ReadInt32BigEndian(word[28..]);
        return value >= 0 && value <= _input.Length && !word[..28].ContainsAnyExcept((byte)0) ? value : throw Fail(AbiError.Truncated);
    }

    private ReadOnlySpan<byte> NextWord()
    {
        if (_input.Length - _at < WordLength)
            throw Fail(AbiError.Truncated, _at);
        _coverage.Add(_at, WordLength);
        _at += WordLength;
        return _input.Span.Slice(_at - WordLength, WordLength);
    }

    private AbiException Fail(AbiError error) => new(error, Math.Max(0, _at - WordLength));

    private static AbiException Fail(AbiError error, int at) => new(error, at);

    // Which words were read. Strict encoding leaves neither gaps nor overlaps, so every value lies on a word's boundary.
    private sealed class Coverage(int length)
    {
        private readonly bool[] _read = new bool[length / WordLength];
        private int _left = length;

        public bool IsComplete => _left == 0;

        public void Add(int start, int count)
        {
            if (start % WordLength != 0)
                throw new AbiException(AbiError.Overlapping, start);
            var words = _read.AsSpan(start / WordLength, count / WordLength);
            if (words.Contains(true))
                throw new AbiException(AbiError.Overlapping, start);
            words.Fill(true);
            _left -= count;
        }
    }
}
