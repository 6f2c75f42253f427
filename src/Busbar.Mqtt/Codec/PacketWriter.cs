using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Busbar.Mqtt.Codec;

/// <summary>Writes packets. Their parts are the caller's to check; a text above 65,535 bytes throws.</summary>
internal static class PacketWriter
{
    /// <summary>Bytes of a PUBLISH with these parts, fixed header included.</summary>
    public static long PublishSize(int topicBytes, int payloadBytes, MqttQos qos)
    {
        var body = 2L + topicBytes + (qos == MqttQos.AtMostOnce ? 0 : 2) + payloadBytes;
        return 1 + LengthSize(body) + body;
    }

    public static void Publish(
        IBufferWriter<byte> to, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain, bool duplicate, ushort packetId)
    {
        var flags = (duplicate ? 8 : 0) | ((byte)qos << 1) | (retain ? 1 : 0);
        var idSize = qos == MqttQos.AtMostOnce ? 0 : 2;
        var body = 2 + topic.Length + idSize + payload.Length;
        // The head is asked for apart from the payload, so that no contiguous span of a large packet's size is needed.
        var head = to.GetSpan(7 + topic.Length + idSize);
        var at = Header(head, MqttPacketType.Publish, flags, body);
        BinaryPrimitives.WriteUInt16BigEndian(head[at..], checked((ushort)topic.Length));
        topic.CopyTo(head[(at + 2)..]);
        at += 2 + topic.Length;
        if (idSize > 0)
            BinaryPrimitives.WriteUInt16BigEndian(head[at..], packetId);
        to.Advance(at + idSize);
        to.Write(payload);
    }

    public static void Connect(IBufferWriter<byte> to, ConnectPacket packet)
    {
        var body = new ArrayBufferWriter<byte>();
        Text(body, "MQTT");
        Byte(body, (byte)packet.Version);
        Byte(body, packet.Flags);
        UInt16(body, packet.KeepAliveSeconds);
        Text(body, packet.ClientId);
        if (packet.Will is { } will)
        {
            Text(body, will.Topic);
            Binary(body, will.Payload.Span);
        }

        if (packet.UserName is { } userName)
            Text(body, userName);
        if (packet.Password is { } password)
            Binary(body, password);
        Whole(to, MqttPacketType.Connect, 0, body.WrittenSpan);
    }

    public static void ConnAck(IBufferWriter<byte> to, ConnAckPacket packet) =>
        Whole(to, MqttPacketType.ConnAck, 0, [packet.SessionPresent ? (byte)1 : (byte)0, (byte)packet.Code]);

    public static void Subscribe(IBufferWriter<byte> to, SubscribePacket packet)
    {
        var body = new ArrayBufferWriter<byte>();
        UInt16(body, packet.PacketId);
        foreach (var wish in packet.Subscriptions)
        {
            Text(body, wish.Filter);
            Byte(body, (byte)wish.Qos);
        }

        Whole(to, MqttPacketType.Subscribe, 2, body.WrittenSpan);
    }

    public static void Unsubscribe(IBufferWriter<byte> to, UnsubscribePacket packet)
    {
        var body = new ArrayBufferWriter<byte>();
        UInt16(body, packet.PacketId);
        foreach (var filter in packet.Filters)
            Text(body, filter);
        Whole(to, MqttPacketType.Unsubscribe, 2, body.WrittenSpan);
    }

    public static void SubAck(IBufferWriter<byte> to, SubAckPacket packet)
    {
        var body = new ArrayBufferWriter<byte>();
        UInt16(body, packet.PacketId);
        foreach (var code in packet.Codes)
            Byte(body, (byte)code);
        Whole(to, MqttPacketType.SubAck, 0, body.WrittenSpan);
    }

    /// <summary>A packet whose body is its identifier: PUBACK, UNSUBACK and the like.</summary>
    public static void WithId(IBufferWriter<byte> to, MqttPacketType type, ushort packetId)
    {
        var span = to.GetSpan(4);
        span[0] = (byte)(((byte)type << 4) | (type == MqttPacketType.PubRel ? 2 : 0));
        span[1] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], packetId);
        to.Advance(4);
    }

    /// <summary>A packet without a body: PINGREQ, PINGRESP, DISCONNECT.</summary>
    public static void Empty(IBufferWriter<byte> to, MqttPacketType type)
    {
        var span = to.GetSpan(2);
        span[0] = (byte)((byte)type << 4);
        span[1] = 0;
        to.Advance(2);
    }

    private static void Whole(IBufferWriter<byte> to, MqttPacketType type, int flags, ReadOnlySpan<byte> body)
    {
        to.Advance(Header(to.GetSpan(5), type, flags, body.Length));
        to.Write(body);
    }

    private static int Header(Span<byte> to, MqttPacketType type, int flags, int body)
    {
        to[0] = (byte)(((byte)type << 4) | flags);
        var at = 1;
        for (; body > 0x7F; body >>= 7)
            to[at++] = (byte)((body & 0x7F) | 0x80);
        to[at++] = (byte)body;
        return at;
    }

    private static int LengthSize(long body) => body < 1 << 7 ? 1 : body < 1 << 14 ? 2 : body < 1 << 21 ? 3 : 4;

    private static void Byte(IBufferWriter<byte> to, byte value) => to.Write([value]);

    private static void UInt16(IBufferWriter<byte> to, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to.GetSpan(2), value);
        to.Advance(2);
    }

    private static void Text(IBufferWriter<byte> to, string text) => Binary(to, Encoding.UTF8.GetBytes(text));

    private static void Binary(IBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        UInt16(to, checked((ushort)bytes.Length));
        to.Write(bytes);
    }
}
