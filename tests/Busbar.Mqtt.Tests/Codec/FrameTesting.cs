using System.Buffers;
using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Tests.Codec;

/// <summary>Reads whole frames out of bytes cut into segments of any size, and decodes each as its type says.</summary>
internal static class FrameTesting
{
    public static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var to = new ArrayBufferWriter<byte>();
        write(to);
        return to.WrittenSpan.ToArray();
    }

    public static ReadOnlySequence<byte> Cut(byte[] bytes, int segmentSize)
    {
        if (bytes.Length <= segmentSize)
            return new ReadOnlySequence<byte>(bytes);
        var first = new Segment(bytes.AsMemory(0, segmentSize), null);
        var last = first;
        for (var at = segmentSize; at < bytes.Length; at += segmentSize)
            last = new Segment(bytes.AsMemory(at, Math.Min(segmentSize, bytes.Length - at)), last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>The first error of the frame's header or body; null when more bytes are needed.</summary>
    public static MqttProtocolError? Verdict(byte[] bytes, int maxPacketSize = 64 * 1024, int segmentSize = int.MaxValue)
    {
        using var reader = new MqttFrameReader(maxPacketSize);
        var buffer = Cut(bytes, segmentSize);
        if (reader.TryRead(ref buffer, out var frame, out var error))
            return Decode(frame);
        return error == MqttProtocolError.None ? null : error;
    }

    public static MqttProtocolError Decode(in MqttFrame frame)
    {
        switch (frame.Type)
        {
            case MqttPacketType.Connect:
                return ConnectPacket.Decode(frame.Body, out _);
            case MqttPacketType.ConnAck:
                return ConnAckPacket.Decode(frame.Body, out _);
            case MqttPacketType.Publish:
                var error = PublishPacket.Decode(frame, out var packet);
                if (error == MqttProtocolError.None)
                    new TopicCache().Get(packet.Topic, out error);
                return error;
            case MqttPacketType.Subscribe:
                return SubscribePacket.Decode(frame.Body, out _);
            case MqttPacketType.SubAck:
                return SubAckPacket.Decode(frame.Body, out _);
            case MqttPacketType.Unsubscribe:
                return UnsubscribePacket.Decode(frame.Body, out _);
            case MqttPacketType.PingReq or MqttPacketType.PingResp or MqttPacketType.Disconnect:
                return frame.Body.Length == 0 ? MqttProtocolError.None : MqttProtocolError.TrailingBytes;
            default:
                return PacketIdBody.Decode(frame.Body, out _);
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
