using System.Buffers.Binary;
using System.Numerics;

namespace Busbar.Ethereum.Rlp;

/// <summary>
/// Reads canonical RLP item by item without allocating. Every departure from the canonical form is refused with an
/// <see cref="RlpException"/>. Source: Ethereum yellow paper, appendix B.
/// </summary>
public ref struct RlpReader
{
    private readonly ReadOnlySpan<byte> _input;
    private readonly int _origin;
    private int _at;

    /// <summary>Reads from the start of <paramref name="input"/>.</summary>
    public RlpReader(ReadOnlySpan<byte> input)
        : this(input, 0)
    {
    }

    private RlpReader(ReadOnlySpan<byte> input, int origin)
    {
        _input = input;
        _origin = origin;
        _at = 0;
    }

    /// <summary>Whether nothing is left to read.</summary>
    public readonly bool IsAtEnd => _at == _input.Length;

    /// <summary>Whether the next item is a list. False at the end.</summary>
    public readonly bool IsNextList => _at < _input.Length && _input[_at] >= 0xc0;

    /// <summary>Reads a byte string of any length.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var start = _at;
        var payload = ReadItem(out var isList);
        return isList ? throw Fail(RlpError.ExpectedBytes, start) : payload;
    }

    /// <summary>Reads a byte string of exactly <paramref name="length"/> bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        var start = _at;
        var payload = ReadBytes();
        return payload.Length == length ? payload : throw Fail(RlpError.WrongLength, start);
    }

    /// <summary>Reads a list and returns a reader of its items.</summary>
    public RlpReader ReadList()
    {
        var start = _at;
        var payload = ReadItem(out var isList);
        return isList ? new RlpReader(payload, _origin + _at - payload.Length) : throw Fail(RlpError.ExpectedList, start);
    }

    /// <summary>Reads an unsigned integer of at most 64 bits.</summary>
    public ulong ReadUInt64()
    {
        var payload = ReadIntegerBytes(sizeof(ulong));
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        wide.Clear();
        payload.CopyTo(wide[(sizeof(ulong) - payload.Length)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(wide);
    }

    /// <summary>Reads an unsigned integer of at most 256 bits.</summary>
    public BigInteger ReadUInt256() => new(ReadIntegerBytes(32), isUnsigned: true, isBigEndian: true);

    /// <summary>Refuses anything that is left.</summary>
    public readonly void EnsureEnd()
    {
        if (!IsAtEnd)
            throw Fail(RlpError.TrailingBytes, _at);
    }

    private ReadOnlySpan<byte> ReadIntegerBytes(int maximumLength)
    {
        var start = _at;
        var payload = ReadBytes();
        if (payload.Length > 0 && payload[0] == 0)
            throw Fail(RlpError.LeadingZero, start);
        return payload.Length <= maximumLength ? payload : throw Fail(RlpError.IntegerTooLarge, start);
    }

    private ReadOnlySpan<byte> ReadItem(out bool isList)
    {
        var start = _at;
        if (start >= _input.Length)
            throw Fail(RlpError.Truncated, start);
        var first = _input[start];
        isList = first >= 0xc0;
        if (first < 0x80)
        {
            _at = start + 1;
            return _input.Slice(start, 1);
        }

        var shortForm = first - (isList ? 0xc0 : 0x80);
        var header = 1;
        var length = shortForm;
        if (shortForm > 55)
        {
            var lengthOfLength = shortForm - 55;
            header += lengthOfLength;
            length = ReadLength(start, lengthOfLength);
        }

        if (length > _input.Length - start - header)
            throw Fail(RlpError.Truncated, start);
        var payload = _input.Slice(start + header, length);
        if (!isList && length == 1 && payload[0] < 0x80)
            throw Fail(RlpError.ByteNotMinimal, start);
        _at = start + header + length;
        return payload;
    }

    private readonly int ReadLength(int start, int lengthOfLength)
    {
        if (lengthOfLength > _input.Length - start - 1)
            throw Fail(RlpError.Truncated, start);
        var digits = _input.Slice(start + 1, lengthOfLength);
        if (digits[0] == 0)
            throw Fail(RlpError.LengthNotMinimal, start);
        // A length of more than four bytes, or with the top bit set, exceeds any span: the payload cannot be there.
        if (lengthOfLength > sizeof(int) || (lengthOfLength == sizeof(int) && digits[0] > 0x7f))
            throw Fail(RlpError.Truncated, start);
        var length = 0;
        foreach (var digit in digits)
            length = (length << 8) | digit;
        return length > 55 ? length : throw Fail(RlpError.LengthNotMinimal, start);
    }

    private readonly RlpException Fail(RlpError error, int at) => new(error, _origin + at);
}
