namespace Busbar.Mqtt.Codec;

/// <summary>The upper four bits of a packet's first byte (2.2.1).</summary>
internal enum MqttPacketType : byte
{
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    PubRec = 5,
    PubRel = 6,
    PubComp = 7,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,
}

/// <summary>The protocol level of CONNECT; what a body looks like depends on it.</summary>
internal enum MqttVersion : byte
{
    V311 = 4,
    V5 = 5,
}
