namespace Busbar.Mqtt.Codec;

/// <summary>SUBSCRIBE (3.8).</summary>
internal sealed record SubscribePacket(ushort PacketId, IReadOnlyList<MqttSubscription> Subscriptions)
{
    public static MqttProtocolError Decode(ReadOnlySpan<byte> body, out SubscribePacket? packet)
    {
        var fields = new FieldReader(body);
        var id = fields.PacketId();
        var wishes = new List<MqttSubscription>();
        while (!fields.AtEnd)
        {
            var filter = FilterField.Read(ref fields);
            var qos = fields.Byte();
            if (qos > 3)
                fields.Fail(MqttProtocolError.InvalidFlags);
            else if (qos == 3)
                fields.Fail(MqttProtocolError.InvalidQos);
            wishes.Add(new MqttSubscription(filter, (MqttQos)qos));
        }

        if (wishes.Count == 0)
            fields.Fail(MqttProtocolError.NoTopicFilter);
        packet = fields.Error == MqttProtocolError.None ? new SubscribePacket(id, wishes) : null;
        return fields.Error;
    }
}

/// <summary>UNSUBSCRIBE (3.10).</summary>
internal sealed record UnsubscribePacket(ushort PacketId, IReadOnlyList<string> Filters)
{
    public static MqttProtocolError Decode(ReadOnlySpan<byte> body, out UnsubscribePacket? packet)
    {
        var fields = new FieldReader(body);
        var id = fields.PacketId();
        var filters = new List<string>();
        while (!fields.AtEnd)
            filters.Add(FilterField.Read(ref fields));
        if (filters.Count == 0)
            fields.Fail(MqttProtocolError.NoTopicFilter);
        packet = fields.Error == MqttProtocolError.None ? new UnsubscribePacket(id, filters) : null;
        return fields.Error;
    }
}

/// <summary>SUBACK (3.9).</summary>
internal sealed record SubAckPacket(ushort PacketId, IReadOnlyList<MqttSubscribeCode> Codes)
{
    public static MqttProtocolError Decode(ReadOnlySpan<byte> body, out SubAckPacket? packet)
    {
        var fields = new FieldReader(body);
        var id = fields.PacketId();
        var codes = new List<MqttSubscribeCode>();
        while (!fields.AtEnd)
        {
            var code = fields.Byte();
            if (code > 2 && code != (byte)MqttSubscribeCode.Refused)
                fields.Fail(MqttProtocolError.InvalidSubscribeAnswer);
            codes.Add((MqttSubscribeCode)code);
        }

        if (codes.Count == 0)
            fields.Fail(MqttProtocolError.Truncated);
        packet = fields.Error == MqttProtocolError.None ? new SubAckPacket(id, codes) : null;
        return fields.Error;
    }
}

/// <summary>A body that is a packet identifier and nothing else: PUBACK, PUBREC, PUBREL, PUBCOMP, UNSUBACK.</summary>
internal static class PacketIdBody
{
    public static MqttProtocolError Decode(ReadOnlySpan<byte> body, out ushort packetId)
    {
        var fields = new FieldReader(body);
        packetId = fields.PacketId();
        return fields.End();
    }
}

file static class FilterField
{
    public static string Read(ref FieldReader fields)
    {
        var filter = fields.Text();
        if (fields.Error == MqttProtocolError.None && !MqttTopic.IsValidFilter(filter))
            fields.Fail(MqttProtocolError.InvalidTopicFilter);
        return filter;
    }
}
