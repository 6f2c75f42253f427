namespace Busbar.Mqtt;

/// <summary>A wish to receive what is published to the topics that a filter selects.</summary>
/// <param name="Filter">A valid topic filter.</param>
/// <param name="Qos">The highest quality wished for: 0 or 1.</param>
public readonly record struct MqttSubscription(string Filter, MqttQos Qos = MqttQos.AtLeastOnce);

/// <summary>The server's answer to one filter.</summary>
public enum MqttSubscribeCode : byte
{
    /// <summary>Granted at QoS 0.</summary>
    GrantedAtMostOnce = 0,

    /// <summary>Granted at QoS 1.</summary>
    GrantedAtLeastOnce = 1,

    /// <summary>Granted at QoS 2.</summary>
    GrantedExactlyOnce = 2,

    /// <summary>Refused.</summary>
    Refused = 0x80,
}
