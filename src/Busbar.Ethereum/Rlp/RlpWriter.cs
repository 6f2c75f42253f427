using System.Numerics;

namespace Busbar.Ethereum.Rlp;

/// <summary>
/// Writes canonical RLP. Lists are opened and closed; their headers are put in when they close.
/// Not thread safe. Source: Ethereum yellow paper, appendix B.
/// </summary>
public sealed class RlpWriter
{
    private readonly Stack<int> _open = new();
    private byte[] _buffer = new byte[256];
    private int _length;

    /// <summary>Writes a byte string.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        if (value.Length == 1 && value[0] < 0x80)
        {
            Reserve(1)[0] = value[0];
            return;
        }

        Span<byte> header = stackalloc byte[5];
        var headerLength = Header(header, value.Length, 0x80);
        header[..headerLength].CopyTo(Reserve(headerLength));
        value.CopyTo(Reserve(value.Length));
    }

    /// <summary>Writes an unsigned integer; zero is the empty string.</summary>
    public void WriteInteger(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, BigInteger.Zero);
        WriteBytes(value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    /// <summary>Opens a list.</summary>
    public void BeginList() => _open.Push(_length);

    /// <summary>Closes the list that was opened last.</summary>
    /// <exception cref="InvalidOperationException">No list is open.</exception>
    public void EndList()
    {
        var start = _open.Pop();
        var payload = _length - start;
        Span<byte> header = stackalloc byte[5];
        var headerLength = Header(header, payload, 0xc0);
        Reserve(headerLength);
        _buffer.AsSpan(start, payload).CopyTo(_buffer.AsSpan(start + headerLength));
        header[..headerLength].CopyTo(_buffer.AsSpan(start));
    }

    /// <summary>Copies what was written.</summary>
    /// <exception cref="InvalidOperationException">A list is still open.</exception>
    public byte[] ToArray() =>
        _open.Count == 0 ? _buffer.AsSpan(0, _length).ToArray() : throw new InvalidOperationException("an RLP list is still open");

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }

    private static int Header(Span<byte> into, int length, int offset)
    {
        if (length <= 55)
        {
            into[0] = (byte)(offset + length);
            return 1;
        }

        var lengthOfLength = length <= 0xff ? 1 : length <= 0xffff ? 2 : length <= 0xff_ffff ? 3 : 4;
        into[0] = (byte)(offset + 55 + lengthOfLength);
        for (var i = 0; i < lengthOfLength; i++)
            into[1 + i] = (byte)((length >> (8 * (lengthOfLength - 1 - i))) & 0xff);
        return 1 + lengthOfLength;
    }
}
