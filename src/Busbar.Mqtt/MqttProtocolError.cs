namespace Busbar.Mqtt;

/// <summary>Why a frame was found to break the protocol. The default, <see cref="None"/>, is no error.</summary>
public enum MqttProtocolError : byte
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>Packet type 0 or 15 (2.2.1).</summary>
    ReservedPacketType,

    /// <summary>Fixed header flags other than the type demands (MQTT-2.2.2-2).</summary>
    InvalidFlags,

    /// <summary>A remaining length of more than four bytes (2.2.3).</summary>
    MalformedLength,

    /// <summary>A packet above the agreed maximum size; its body was never read.</summary>
    PacketTooLarge,

    /// <summary>A field reaches over the packet's end.</summary>
    Truncated,

    /// <summary>Bytes are left after the last field.</summary>
    TrailingBytes,

    /// <summary>A string that is no UTF-8 or holds U+0000 (MQTT-1.5.3-1, MQTT-1.5.3-2).</summary>
    InvalidUtf8,

    /// <summary>A topic name that is empty or holds a wildcard (MQTT-3.3.2-2, MQTT-4.7.3-1).</summary>
    InvalidTopicName,

    /// <summary>A topic filter that is empty or has a wildcard in the wrong place (MQTT-4.7.1-2, MQTT-4.7.1-3).</summary>
    InvalidTopicFilter,

    /// <summary>A quality of service of 3 (MQTT-3.3.1-4, MQTT-3-8.3-4).</summary>
    InvalidQos,

    /// <summary>A quality of service that this side does not offer.</summary>
    QosNotOffered,

    /// <summary>The duplicate flag on QoS 0 (MQTT-3.3.1-2).</summary>
    DuplicateWithoutQos,

    /// <summary>A packet identifier of zero (MQTT-2.3.1-1).</summary>
    ZeroPacketId,

    /// <summary>A protocol name other than "MQTT" (MQTT-3.1.2-1).</summary>
    UnknownProtocolName,

    /// <summary>A protocol level that this side does not speak (MQTT-3.1.2-2).</summary>
    UnsupportedVersion,

    /// <summary>CONNECT flags that contradict each other or use the reserved bit (MQTT-3.1.2-3, -11, -13, -14, -15, -22).</summary>
    InvalidConnectFlags,

    /// <summary>CONNACK flags or code outside the specification (3.2.2).</summary>
    InvalidConnectAnswer,

    /// <summary>A return code in SUBACK outside the specification (MQTT-3.9.3-2).</summary>
    InvalidSubscribeAnswer,

    /// <summary>SUBSCRIBE or UNSUBSCRIBE without a filter (MQTT-3.8.3-3, MQTT-3.10.3-2).</summary>
    NoTopicFilter,

    /// <summary>A packet that has no place here: a second CONNECT, anything before the first, a client's packet from a server.</summary>
    UnexpectedPacket,
}
