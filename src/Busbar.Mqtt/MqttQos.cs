namespace Busbar.Mqtt;

/// <summary>How surely a message is delivered (MQTT 3.1.1, 4.3). Stored and sent as its number.</summary>
public enum MqttQos : byte
{
    /// <summary>Sent once, never acknowledged.</summary>
    AtMostOnce = 0,

    /// <summary>Acknowledged by a PUBACK; may arrive more than once.</summary>
    AtLeastOnce = 1,

    /// <summary>Reserved: the codec knows it, neither client nor server offers it yet.</summary>
    ExactlyOnce = 2,
}
