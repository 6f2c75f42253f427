namespace Busbar.Mqtt.Server;

/// <summary>Counts since the server was made, and levels now. A copy, taken at one moment but not atomically.</summary>
public sealed record MqttServerStatistics
{
    /// <summary>Clients connected now.</summary>
    public required int Clients { get; init; }

    /// <summary>Sessions held now, of connected clients and of those away.</summary>
    public required int Sessions { get; init; }

    /// <summary>Retained messages held now.</summary>
    public required int Retained { get; init; }

    /// <summary>Connections accepted.</summary>
    public required long Connections { get; init; }

    /// <summary>CONNECTs refused: version, client id, credentials or room.</summary>
    public required long Refused { get; init; }

    /// <summary>Messages that clients published.</summary>
    public required long Received { get; init; }

    /// <summary>PUBACKs sent to clients.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Messages queued to subscribers.</summary>
    public required long Queued { get; init; }

    /// <summary>Messages dropped because a client's queue was full.</summary>
    public required long Dropped { get; init; }

    /// <summary>Retained messages not kept for want of room.</summary>
    public required long RetainedRefused { get; init; }

    /// <summary>Publishes to forbidden topics; each ended its connection.</summary>
    public required long ForbiddenPublishes { get; init; }

    /// <summary>Subscriptions refused with 0x80.</summary>
    public required long RefusedSubscriptions { get; init; }

    /// <summary>Frames that broke the protocol; each ended its connection.</summary>
    public required long ProtocolErrors { get; init; }

    /// <summary>Clients disconnected because their queue was full.</summary>
    public required long SlowConsumers { get; init; }
}
