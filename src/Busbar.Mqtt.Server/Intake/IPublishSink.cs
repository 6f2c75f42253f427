namespace Busbar.Mqtt.Server;

/// <summary>What becomes of a message that a client published.</summary>
public enum PublishOutcome
{
    /// <summary>No room: the server reads no further from this connection and offers the same message again after <see cref="IPublishSink.WaitForRoomAsync"/>.</summary>
    Full = 0,

    /// <summary>The sink has copied the message and acknowledges it later by its token. It goes to no subscriber.</summary>
    Accepted,

    /// <summary>As <see cref="Accepted"/>, and the subscribers get it now.</summary>
    AcceptedAndRouted,

    /// <summary>The sink does not want it: the subscribers get it, and it is acknowledged at once.</summary>
    Route,

    /// <summary>Nobody gets it; it is acknowledged at once.</summary>
    Drop,
}

/// <summary>
/// Sees every message that clients publish, before any subscriber. Made for batches: <see cref="OnPublish"/> only takes the bytes, and
/// the acknowledgements of a whole batch are sent with one call of <see cref="MqttServer.Acknowledge"/>.
/// </summary>
public interface IPublishSink
{
    /// <summary>
    /// Takes or passes on one message whose size, form and right to the topic are checked. Called on the connection's reading thread,
    /// concurrently for different connections, in order for one. Must neither block nor throw, and must copy what it keeps.
    /// </summary>
    PublishOutcome OnPublish(in InboundPublish message);

    /// <summary>
    /// Completes when a message that was <see cref="PublishOutcome.Full"/> may be offered again; at once when there is room now, since
    /// room may have been made between the two calls. Room for one is enough: who finds it taken waits again. Meanwhile the connection is not read.
    /// </summary>
    ValueTask WaitForRoomAsync(CancellationToken cancellationToken);
}
