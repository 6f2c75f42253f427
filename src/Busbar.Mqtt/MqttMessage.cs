namespace Busbar.Mqtt;

/// <summary>An application message that came in on a subscription. Immutable; the payload is the receiver's own copy.</summary>
/// <param name="Topic">The topic name it was published to.</param>
/// <param name="Payload">The bytes as published.</param>
/// <param name="Qos">The quality of this delivery, at most the granted one.</param>
/// <param name="Retain">True when the server sent it because it was retained, not because it was published now.</param>
/// <param name="Duplicate">True when it may have been delivered before (QoS 1 only).</param>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos, bool Retain = false, bool Duplicate = false);

/// <summary>The message that the server publishes when this client is lost without saying goodbye (MQTT 3.1.1, 3.1.2.5).</summary>
/// <param name="Topic">A topic name without wildcards.</param>
/// <param name="Payload">At most 65,535 bytes.</param>
/// <param name="Qos">0 or 1.</param>
/// <param name="Retain">True to keep it for later subscribers.</param>
public sealed record MqttWill(string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos = MqttQos.AtMostOnce, bool Retain = false);
