using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Busbar.Mqtt.Server;

/// <summary>
/// An MQTT 3.1.1 server: sessions, subscriptions, retained messages and wills, QoS 0 and 1. It has no socket of its own; Kestrel hands
/// it connections through <see cref="MqttConnectionHandler"/>. Thread safe.
/// </summary>
public sealed class MqttServer : IAsyncDisposable
{
    /// <summary>Makes a server with its limits and the ports its host carries out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public MqttServer(
        MqttServerOptions options,
        IMqttAuthenticator authenticator,
        IPublishSink sink,
        IMqttConnectionEvents events,
        TimeProvider time,
        ILogger<MqttServer> logger)
    {
        _ = (options, authenticator, sink, events, time, logger);
    }

    /// <summary>Counts and levels.</summary>
    public MqttServerStatistics Statistics => throw new NotSupportedException();

    /// <summary>
    /// Acknowledges messages that the sink accepted, of any connections in any mixture, each connection with one write. A connection's
    /// PUBACKs leave in the order its messages came (MQTT-4.6.0-2), so one that is acknowledged early waits for those before it. Tokens
    /// of closed connections do nothing. Never blocks, never throws.
    /// </summary>
    public static void Acknowledge(ReadOnlySpan<AckToken> tokens)
    {
    }

    /// <summary>Publishes from the server itself, past sink and rights. Never waits: a client that is behind loses it or is disconnected by the rules of its queue.</summary>
    /// <returns>How many sessions it was queued for.</returns>
    /// <exception cref="ArgumentException">The topic is no valid name, or QoS 2.</exception>
    public int Publish(string topic, ReadOnlySpan<byte> payload, MqttQos qos = MqttQos.AtMostOnce, bool retain = false) => 0;

    /// <summary>Ends the connection of a client, if it has one; its session stays as its kind says. For rights that were withdrawn.</summary>
    public bool Disconnect(string clientId) => false;

    /// <summary>Serves one connection until it is over. Never throws.</summary>
    public Task RunAsync(ConnectionContext transport) => Task.CompletedTask;

    /// <summary>Closes every connection and waits for them.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
