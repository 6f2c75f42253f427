namespace Busbar.Mqtt.Server;

/// <summary>One message from a client, as long as <see cref="IPublishSink.OnPublish"/> runs: the payload lies in the socket's own buffer.</summary>
public readonly ref struct InboundPublish
{
    /// <summary>The client identifier of the session.</summary>
    public required string ClientId { get; init; }

    /// <summary>Who published it, as the authenticator said.</summary>
    public required IMqttPrincipal Principal { get; init; }

    /// <summary>The topic name. The same instance for a client's repeated topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The message's bytes; copy them to keep them.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The quality it was published with.</summary>
    public required MqttQos Qos { get; init; }

    /// <summary>True when it is to be kept for later subscribers.</summary>
    public required bool Retain { get; init; }

    /// <summary>True when the client says that it may have sent it before.</summary>
    public required bool Duplicate { get; init; }

    /// <summary>True when the server publishes it as the will of a lost client; it has no acknowledgement.</summary>
    public required bool IsWill { get; init; }

    /// <summary>What to acknowledge it by; <see cref="AckToken.None"/> for QoS 0 and wills.</summary>
    public required AckToken Token { get; init; }
}
