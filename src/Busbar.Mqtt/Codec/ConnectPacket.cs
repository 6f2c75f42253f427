namespace Busbar.Mqtt.Codec;

/// <summary>CONNECT (3.1). The properties of 5.0 will be further members that 3.1.1 leaves out.</summary>
internal sealed record ConnectPacket
{
    private const byte UserNameFlag = 0x80;
    private const byte PasswordFlag = 0x40;
    private const byte WillRetainFlag = 0x20;
    private const byte WillFlag = 0x04;
    private const byte CleanFlag = 0x02;
    private const byte ReservedFlag = 0x01;

    public MqttVersion Version { get; init; } = MqttVersion.V311;

    public required string ClientId { get; init; }

    public bool CleanSession { get; init; } = true;

    public ushort KeepAliveSeconds { get; init; }

    public MqttWill? Will { get; init; }

    public string? UserName { get; init; }

    public byte[]? Password { get; init; }

    /// <summary>The connect flags byte (3.1.2.3).</summary>
    public byte Flags => (byte)(
        (UserName is null ? 0 : UserNameFlag)
        | (Password is null ? 0 : PasswordFlag)
        | (Will is null ? 0 : WillFlag | ((byte)Will.Qos << 3) | (Will.Retain ? WillRetainFlag : 0))
        | (CleanSession ? CleanFlag : 0));

    public static MqttProtocolError Decode(ReadOnlySpan<byte> body, out ConnectPacket? packet)
    {
        packet = null;
        var fields = new FieldReader(body);
        var name = fields.Binary();
        if (!name.SequenceEqual("MQTT"u8))
            fields.Fail(MqttProtocolError.UnknownProtocolName);
        var version = (MqttVersion)fields.Byte();
        // The rest of the body has another shape in another version, so it is not looked at.
        if (version != MqttVersion.V311)
            fields.Fail(MqttProtocolError.UnsupportedVersion);
        var flags = fields.Byte();
        if (!AreConsistent(flags))
            fields.Fail(MqttProtocolError.InvalidConnectFlags);
        var keepAlive = fields.UInt16();
        var clientId = fields.Text();
        var will = (flags & WillFlag) != 0 ? DecodeWill(ref fields, flags) : null;
        var userName = (flags & UserNameFlag) != 0 ? fields.Text() : null;
        var password = (flags & PasswordFlag) != 0 ? fields.Binary().ToArray() : null;
        if (fields.End() is var error and not MqttProtocolError.None)
            return error;
        packet = new ConnectPacket
        {
            Version = version,
            ClientId = clientId,
            CleanSession = (flags & CleanFlag) != 0,
            KeepAliveSeconds = keepAlive,
            Will = will,
            UserName = userName,
            Password = password,
        };
        return MqttProtocolError.None;
    }

    private static MqttWill DecodeWill(ref FieldReader fields, byte flags)
    {
        var topic = fields.Text();
        if (fields.Error == MqttProtocolError.None && !MqttTopic.IsValidName(topic))
            fields.Fail(MqttProtocolError.InvalidTopicName);
        return new MqttWill(topic, fields.Binary().ToArray(), (MqttQos)((flags >> 3) & 3), (flags & WillRetainFlag) != 0);
    }

    private static bool AreConsistent(byte flags)
    {
        var willQos = (flags >> 3) & 3;
        if ((flags & ReservedFlag) != 0 || willQos == 3)
            return false;
        if ((flags & WillFlag) == 0 && (willQos != 0 || (flags & WillRetainFlag) != 0))
            return false;
        return (flags & UserNameFlag) != 0 || (flags & PasswordFlag) == 0;
    }
}
