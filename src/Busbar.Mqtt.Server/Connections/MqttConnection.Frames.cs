using System.Buffers;
using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Server;

/// <content>What the client's frames do, in groups as they came off the socket.</content>
internal sealed partial class MqttConnection
{
    /// <summary>
    /// Frames handled before what they caused is sent. A read can hold thousands: without an end, a subscriber's queue would overflow
    /// before its first message left, and answers would pile up.
    /// </summary>
    private const int LongestGroup = 64;

    private readonly TopicCache _topics = new();
    private readonly List<MqttConnection> _due = [];
    private readonly PublishRate _rate;
    private uint? _heldPlace;
    private int _received;

    private enum Next
    {
        Read,
        WaitForSink,
        WaitForLane,
        WaitForRate,

        /// <summary>The group is long enough; more frames may be there.</summary>
        GroupFull,
        End,
    }

    private Next HandleFrames(ref ReadOnlySequence<byte> buffer)
    {
        Next next;
        try
        {
            next = HandleGroup(ref buffer);
        }
        finally
        {
            // Even when the sink fails: others may have been given messages before it did.
            EndGroup();
        }

        if (IsClosing)
            return Next.End;
        return next;
    }

    private Next HandleGroup(ref ReadOnlySequence<byte> buffer)
    {
        var next = Next.Read;
        for (var count = 0; next == Next.Read; count++)
        {
            if (count == LongestGroup)
                return Next.GroupFull;
            var before = buffer;
            if (!_frames.TryRead(ref buffer, out var frame, out var error))
            {
                if (error != MqttProtocolError.None)
                {
                    Fail(error);
                    return Next.End;
                }

                return Next.Read;
            }

            next = frame.Type == MqttPacketType.Publish ? HandlePublish(frame) : Handle(frame);
            // A message that was not taken is read again.
            if (next is Next.WaitForSink or Next.WaitForLane)
                buffer = before;
        }

        return next;
    }

    /// <summary>One write for each connection that got something in this group, this one included.</summary>
    private void EndGroup()
    {
        foreach (var connection in _due)
            connection.Pump();
        _due.Clear();
        _server.Counters.Received(_received);
        _received = 0;
        _lane.Pump();
    }

    private Next HandlePublish(in MqttFrame frame)
    {
        var error = PublishPacket.Decode(frame, out var packet);
        if (error == MqttProtocolError.None && packet.Qos == MqttQos.ExactlyOnce)
            error = MqttProtocolError.QosNotOffered;
        string? topic = null;
        if (error == MqttProtocolError.None)
            topic = _topics.Get(packet.Topic, out error);
        if (topic is null)
        {
            Fail(error);
            return Next.End;
        }

        if (!_client!.Principal.MayPublish(topic))
        {
            _server.Log.ForbiddenPublish(_client.ClientId, _client.Principal.Name, topic);
            Close(MqttCloseReason.ForbiddenPublish);
            return Next.End;
        }

        var token = AckToken.None;
        if (packet.Qos == MqttQos.AtLeastOnce)
        {
            // The place is taken before the sink sees the message: it may acknowledge before it returns. One that the sink had no room for keeps its place.
            if (_heldPlace is not { } place)
            {
                if (!_lane.TryReserve(packet.PacketId, out place))
                    return Next.WaitForLane;
                _heldPlace = place;
            }

            token = new AckToken(this, place);
        }

        return Offer(packet, topic, token);
    }

    private Next Offer(in PublishPacket packet, string topic, AckToken token)
    {
        var outcome = _server.Sink.OnPublish(new InboundPublish
        {
            ClientId = _client!.ClientId,
            Principal = _client.Principal,
            Topic = topic,
            Payload = packet.Payload,
            Qos = packet.Qos,
            Retain = packet.Retain,
            Duplicate = packet.Duplicate,
            IsWill = false,
            Token = token,
        });
        if (outcome == PublishOutcome.Full)
            return Next.WaitForSink;
        _heldPlace = null;
        _received++;
        if (outcome is PublishOutcome.Route or PublishOutcome.AcceptedAndRouted)
            _server.Router.Route(topic, packet.Payload, packet.Qos, packet.Retain, _due);
        // The group's own pump at its end sends the PUBACK.
        if (outcome is PublishOutcome.Route or PublishOutcome.Drop && !token.IsNone)
            _lane.Complete(token.Place);
        return _rate.Take() ? Next.Read : Next.WaitForRate;
    }

    private Next Handle(in MqttFrame frame)
    {
        var error = MqttProtocolError.None;
        switch (frame.Type)
        {
            case MqttPacketType.PubAck:
                error = PacketIdBody.Decode(frame.Body, out var id);
                if (error == MqttProtocolError.None)
                    _session!.Acknowledge(id);
                break;
            case MqttPacketType.Subscribe:
                error = SubscribePacket.Decode(frame.Body, out var subscribe);
                if (subscribe is null)
                    break;
                Subscribe(subscribe);
                // Its answer and its retained messages can be large.
                return Next.GroupFull;
            case MqttPacketType.Unsubscribe:
                error = UnsubscribePacket.Decode(frame.Body, out var unsubscribe);
                if (unsubscribe is not null)
                    Unsubscribe(unsubscribe);
                break;
            case MqttPacketType.PingReq:
                error = OnlyEmpty(frame);
                _lane.Answer(MqttPacketType.PingResp, static (to, type) => PacketWriter.Empty(to, type));
                break;
            case MqttPacketType.Disconnect:
                error = OnlyEmpty(frame);
                if (error != MqttProtocolError.None)
                    break;
                Close(MqttCloseReason.ClientDisconnected);
                return Next.End;
            default:
                error = MqttProtocolError.UnexpectedPacket;
                break;
        }

        if (error == MqttProtocolError.None)
            return Next.Read;
        Fail(error);
        return Next.End;
    }

    private void Subscribe(SubscribePacket packet)
    {
        var codes = new MqttSubscribeCode[packet.Subscriptions.Count];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = Grant(packet.Subscriptions[i]);
        _lane.Answer(new SubAckPacket(packet.PacketId, codes), static (to, answer) => PacketWriter.SubAck(to, answer));
    }

    private MqttSubscribeCode Grant(MqttSubscription wish)
    {
        var session = _session!;
        var fits = session.Filters.Contains(wish.Filter) || session.Filters.Count < _server.Options.MaxSubscriptions;
        if (!fits || !_client!.Principal.MaySubscribe(wish.Filter))
        {
            _server.Counters.RefusedSubscription();
            _server.Log.RefusedSubscription(session.ClientId, wish.Filter, fits ? "forbidden" : "too many subscriptions");
            return MqttSubscribeCode.Refused;
        }

        var granted = wish with { Qos = wish.Qos == MqttQos.AtMostOnce ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce };
        session.Filters.Add(wish.Filter);
        _server.Router.Subscriptions.Add(session, granted.Filter, granted.Qos);
        _server.Router.SendRetained(session, granted);
        return (MqttSubscribeCode)granted.Qos;
    }

    private void Unsubscribe(UnsubscribePacket packet)
    {
        foreach (var filter in packet.Filters)
        {
            if (_session!.Filters.Remove(filter))
                _server.Router.Subscriptions.Remove(_session, filter);
        }

        _lane.Answer(packet.PacketId, static (to, id) => PacketWriter.WithId(to, MqttPacketType.UnsubAck, id));
    }

    private static MqttProtocolError OnlyEmpty(in MqttFrame frame) =>
        frame.Body.Length == 0 ? MqttProtocolError.None : MqttProtocolError.TrailingBytes;
}
