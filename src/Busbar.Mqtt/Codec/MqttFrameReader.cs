using System.Buffers;

namespace Busbar.Mqtt.Codec;

/// <summary>
/// Cuts frames out of a connection's bytes. Refuses a frame by its header, before its body is buffered. A frame in one segment is read
/// where it lies; only one that crosses segments is copied, to a rented buffer of at most the maximum packet size.
/// </summary>
internal sealed class MqttFrameReader(int maxPacketSize) : IDisposable
{
    private const int LongestHeader = 5;
    private byte[]? _rented;

    /// <summary>Reads a frame and moves the buffer behind it. False with no error: more bytes are needed. False with one: the connection is to be closed.</summary>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out MqttFrame frame, out MqttProtocolError error)
    {
        frame = default;
        Span<byte> joined = stackalloc byte[LongestHeader];
        scoped var first = buffer.FirstSpan;
        if (first.Length < LongestHeader && !buffer.IsSingleSegment)
        {
            var head = buffer.Slice(0, Math.Min(LongestHeader, buffer.Length));
            head.CopyTo(joined);
            first = joined[..(int)head.Length];
        }

        error = ReadHeader(first, out var headerSize, out var bodySize);
        if (error != MqttProtocolError.None || headerSize == 0)
            return false;
        var size = headerSize + bodySize;
        if (size > maxPacketSize)
        {
            error = MqttProtocolError.PacketTooLarge;
            return false;
        }

        if (buffer.FirstSpan.Length >= size)
        {
            frame = Frame(first[0], buffer.FirstSpan.Slice(headerSize, bodySize));
        }
        else
        {
            if (buffer.Length < size)
                return false;
            frame = Frame(first[0], Join(buffer.Slice(headerSize, bodySize)));
        }

        buffer = buffer.Slice(size);
        return true;
    }

    public void Dispose() => Return();

    private static MqttFrame Frame(byte first, ReadOnlySpan<byte> body) => new((MqttPacketType)(first >> 4), (byte)(first & 0x0F), body);

    private static MqttProtocolError ReadHeader(ReadOnlySpan<byte> bytes, out int headerSize, out int bodySize)
    {
        headerSize = 0;
        bodySize = 0;
        if (bytes.Length == 0)
            return MqttProtocolError.None;
        var type = bytes[0] >> 4;
        if (type is 0 or 15)
            return MqttProtocolError.ReservedPacketType;
        var required = (MqttPacketType)type is MqttPacketType.PubRel or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe ? 2 : 0;
        if ((MqttPacketType)type != MqttPacketType.Publish && (bytes[0] & 0x0F) != required)
            return MqttProtocolError.InvalidFlags;
        for (var i = 1; i < bytes.Length && i < LongestHeader; i++)
        {
            bodySize |= (bytes[i] & 0x7F) << (7 * (i - 1));
            if ((bytes[i] & 0x80) == 0)
            {
                headerSize = i + 1;
                return MqttProtocolError.None;
            }
        }

        return bytes.Length >= LongestHeader ? MqttProtocolError.MalformedLength : MqttProtocolError.None;
    }

    private ReadOnlySpan<byte> Join(ReadOnlySequence<byte> body)
    {
        var size = (int)body.Length;
        if (_rented is null || _rented.Length < size)
        {
            Return();
            _rented = ArrayPool<byte>.Shared.Rent(size);
        }

        body.CopyTo(_rented);
        return _rented.AsSpan(0, size);
    }

    private void Return()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
    }
}
