namespace Busbar.Mqtt.Codec;

/// <summary>One whole control packet, its body still undecoded. The body is valid until the next frame is read.</summary>
internal readonly ref struct MqttFrame(MqttPacketType type, byte flags, ReadOnlySpan<byte> body)
{
    public MqttPacketType Type { get; } = type;

    public byte Flags { get; } = flags;

    public ReadOnlySpan<byte> Body { get; } = body;
}
