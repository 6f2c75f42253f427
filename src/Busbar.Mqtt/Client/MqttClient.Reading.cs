using System.IO.Pipelines;
using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt;

/// <content>What comes in: one loop, from the CONNACK to the end.</content>
public sealed partial class MqttClient
{
    private readonly TopicCache _topics = new();

    private async Task ReadAllAsync(PipeReader input)
    {
        using var frames = new MqttFrameReader(_options.MaxPacketSize);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync();
                var buffer = read.Buffer;
                if (HandleFrames(frames, ref buffer) is { } end)
                {
                    End(end);
                    return;
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                _keepAlive?.Read();
                _out.Send();
                if (!read.IsCompleted)
                    continue;
                End(new MqttDisconnect(MqttDisconnectReason.ServerClosed));
                return;
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidOperationException)
        {
            End(new MqttDisconnect(MqttDisconnectReason.NetworkFailed, Cause: failure));
        }
        finally
        {
            await input.CompleteAsync();
        }
    }

    private MqttDisconnect? HandleFrames(MqttFrameReader frames, ref System.Buffers.ReadOnlySequence<byte> buffer)
    {
        MqttProtocolError error;
        while (frames.TryRead(ref buffer, out var frame, out error))
        {
            if (frame.Type == MqttPacketType.Publish && _answer.Task.IsCompleted)
            {
                error = HandlePublish(frame, out var end);
                if (end is not null)
                    return end;
            }
            else
            {
                error = HandleAnswer(frame);
            }

            if (error != MqttProtocolError.None)
                break;
        }

        return error == MqttProtocolError.None ? null : new MqttDisconnect(MqttDisconnectReason.ProtocolError, error);
    }

    private MqttProtocolError HandlePublish(in MqttFrame frame, out MqttDisconnect? end)
    {
        end = null;
        if (PublishPacket.Decode(frame, out var packet) is var error and not MqttProtocolError.None)
            return error;
        if (packet.Qos == MqttQos.ExactlyOnce)
            return MqttProtocolError.QosNotOffered;
        if (_topics.Get(packet.Topic, out error) is not { } topic)
            return error;
        if (_incoming.Writer.TryWrite(new MqttMessage(topic, packet.Payload.ToArray(), packet.Qos, packet.Retain, packet.Duplicate)))
        {
            if (packet.Qos == MqttQos.AtLeastOnce)
            {
                lock (_out.Gate)
                    PacketWriter.WithId(_out.Buffer, MqttPacketType.PubAck, packet.PacketId);
            }
        }
        else if (packet.Qos == MqttQos.AtMostOnce)
        {
            Interlocked.Increment(ref _dropped);
        }
        else
        {
            end = new MqttDisconnect(MqttDisconnectReason.ReaderTooSlow);
        }

        return MqttProtocolError.None;
    }

    private MqttProtocolError HandleAnswer(in MqttFrame frame)
    {
        if (frame.Type == MqttPacketType.ConnAck != !_answer.Task.IsCompleted)
            return MqttProtocolError.UnexpectedPacket;
        switch (frame.Type)
        {
            case MqttPacketType.ConnAck:
                var error = ConnAckPacket.Decode(frame.Body, out var answer);
                if (error == MqttProtocolError.None)
                    _answer.TrySetResult(answer);
                return error;
            case MqttPacketType.PubAck:
                return HandlePubAck(frame);
            case MqttPacketType.SubAck:
                error = SubAckPacket.Decode(frame.Body, out var subAck);
                if (error == MqttProtocolError.None)
                    Answer(subAck!.PacketId, subAck.Codes);
                return error;
            case MqttPacketType.UnsubAck:
                error = PacketIdBody.Decode(frame.Body, out var id);
                Answer(id, []);
                return error;
            case MqttPacketType.PingResp:
                _keepAlive?.Answered();
                return frame.Body.Length == 0 ? MqttProtocolError.None : MqttProtocolError.TrailingBytes;
            default:
                return MqttProtocolError.UnexpectedPacket;
        }
    }

    private MqttProtocolError HandlePubAck(in MqttFrame frame)
    {
        if (PacketIdBody.Decode(frame.Body, out var id) is var error and not MqttProtocolError.None)
            return error;
        PublishWindow.Pending? message;
        lock (_out.Gate)
        {
            message = _window.Acknowledge(id);
            WriteWindow();
        }

        // A PUBACK for no message of ours can be the late answer to one whose publisher gave up: harmless.
        message?.TrySetResult();
        return MqttProtocolError.None;
    }

    private void Answer(ushort id, IReadOnlyList<MqttSubscribeCode> codes)
    {
        TaskCompletionSource<IReadOnlyList<MqttSubscribeCode>>? asked;
        lock (_out.Gate)
            _asked.TryGetValue(id, out asked);
        asked?.TrySetResult(codes);
    }
}
