using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Busbar.Mqtt.Codec;

/// <summary>Reads a body's fields one after the other. The first error stays and everything after it reads as empty.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public MqttProtocolError Error { get; private set; }

    public readonly bool AtEnd => _rest.Length == 0 || Error != MqttProtocolError.None;

    public byte Byte() => Take(1) is { Length: 1 } field ? field[0] : (byte)0;

    public ushort UInt16() => Take(2) is { Length: 2 } field ? BinaryPrimitives.ReadUInt16BigEndian(field) : (ushort)0;

    public ushort PacketId()
    {
        var id = UInt16();
        if (id == 0)
            Fail(MqttProtocolError.ZeroPacketId);
        return id;
    }

    public ReadOnlySpan<byte> Binary() => Take(UInt16());

    public string Text()
    {
        var bytes = Binary();
        if (IsText(bytes))
            return Encoding.UTF8.GetString(bytes);
        Fail(MqttProtocolError.InvalidUtf8);
        return "";
    }

    public ReadOnlySpan<byte> Rest() => Take(_rest.Length);

    public void Fail(MqttProtocolError error)
    {
        if (Error == MqttProtocolError.None)
            Error = error;
        _rest = default;
    }

    /// <summary>The verdict when all fields are read: nothing may be left.</summary>
    public MqttProtocolError End()
    {
        if (_rest.Length > 0)
            Fail(MqttProtocolError.TrailingBytes);
        return Error;
    }

    /// <summary>Well-formed UTF-8 without U+0000; surrogates are not well formed.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes) => !bytes.Contains((byte)0) && Utf8.IsValid(bytes);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Fail(MqttProtocolError.Truncated);
            return default;
        }

        var field = _rest[..count];
        _rest = _rest[count..];
        return field;
    }
}
