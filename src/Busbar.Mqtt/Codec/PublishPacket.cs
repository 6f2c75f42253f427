namespace Busbar.Mqtt.Codec;

/// <summary>PUBLISH (3.3), as views into the frame: nothing is copied.</summary>
internal readonly ref struct PublishPacket
{
    public MqttQos Qos { get; private init; }

    public bool Retain { get; private init; }

    public bool Duplicate { get; private init; }

    /// <summary>Zero for QoS 0.</summary>
    public ushort PacketId { get; private init; }

    /// <summary>The topic's bytes, not yet checked: <see cref="TopicCache"/> checks a topic when it sees it first.</summary>
    public ReadOnlySpan<byte> Topic { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    public static MqttProtocolError Decode(in MqttFrame frame, out PublishPacket packet)
    {
        packet = default;
        var qos = (frame.Flags >> 1) & 3;
        var duplicate = (frame.Flags & 8) != 0;
        if (qos == 3)
            return MqttProtocolError.InvalidQos;
        if (duplicate && qos == 0)
            return MqttProtocolError.DuplicateWithoutQos;
        var fields = new FieldReader(frame.Body);
        var topic = fields.Binary();
        var id = qos == 0 ? (ushort)0 : fields.PacketId();
        packet = new PublishPacket
        {
            Qos = (MqttQos)qos,
            Retain = (frame.Flags & 1) != 0,
            Duplicate = duplicate,
            PacketId = id,
            Topic = topic,
            Payload = fields.Rest(),
        };
        return fields.Error;
    }
}
