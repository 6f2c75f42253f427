namespace Busbar.Mqtt.Codec;

/// <summary>CONNACK (3.2).</summary>
internal readonly record struct ConnAckPacket(bool SessionPresent, MqttConnectCode Code)
{
    public static MqttProtocolError Decode(ReadOnlySpan<byte> body, out ConnAckPacket packet)
    {
        var fields = new FieldReader(body);
        var flags = fields.Byte();
        var code = fields.Byte();
        if (flags > 1 || code > (byte)MqttConnectCode.NotAuthorized || (flags == 1 && code != 0))
            fields.Fail(MqttProtocolError.InvalidConnectAnswer);
        packet = new ConnAckPacket(flags == 1, (MqttConnectCode)code);
        return fields.End();
    }
}
