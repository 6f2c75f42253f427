using System.Net;

namespace Busbar.Mqtt.Server;

/// <summary>The limits of a server. Every queue has a bound and a decided behaviour at it. Checked when the server is made.</summary>
public sealed record MqttServerOptions
{
    /// <summary>The address to listen on. Default: loopback only.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The TCP port, 0 (any free one) to 65,535. Default 1883.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>Clients connected at once, 1 or more; one more is told <see cref="MqttConnectCode.ServerUnavailable"/>. Default 10,000.</summary>
    public int MaxClients { get; init; } = 10_000;

    /// <summary>Connections that have not yet finished CONNECT, 1 or more; one more is closed at once. Default 1,000.</summary>
    public int MaxPendingConnections { get; init; } = 1_000;

    /// <summary>Sessions kept for clients that are away, 0 or more; beyond it the one away longest is forgotten. Default 20,000.</summary>
    public int MaxKeptSessions { get; init; } = 20_000;

    /// <summary>How long a session is kept for a client that is away. Default 7 days.</summary>
    public TimeSpan KeptSessionLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Largest packet, bytes, 256 to 268,435,460; a larger one ends the connection before its body is read. Default 64 KiB.</summary>
    public int MaxPacketSize { get; init; } = 64 * 1024;

    /// <summary>Filters one client may subscribe to, 1 or more; one more is refused with 0x80. Default 64.</summary>
    public int MaxSubscriptions { get; init; } = 64;

    /// <summary>QoS 1 messages of one connection waiting for the sink's acknowledgement, 1 to 32,768; then the connection is not read. Default 256.</summary>
    public int MaxUnacknowledged { get; init; } = 256;

    /// <summary>QoS 1 messages sent to one client and not yet acknowledged by it, 1 to 1,024. Default 32.</summary>
    public int MaxInFlight { get; init; } = 32;

    /// <summary>
    /// Messages queued for one client, 1 or more. When full, QoS 0 is dropped and counted; QoS 1 disconnects a connected client, and is
    /// dropped and counted for one that is away. Default 1,000.
    /// </summary>
    public int MaxQueuedMessages { get; init; } = 1_000;

    /// <summary>Payload bytes queued for one client, with the same behaviour as <see cref="MaxQueuedMessages"/>. Default 4 MiB.</summary>
    public int MaxQueuedBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Retained messages, 0 or more; another topic's is then routed but not kept, and counted. Default 50,000.</summary>
    public int MaxRetainedMessages { get; init; } = 50_000;

    /// <summary>Bytes of all retained topics and payloads, with the same behaviour. Default 32 MiB.</summary>
    public int MaxRetainedBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Messages one connection may publish in a second, in the mean; a faster one is read more slowly. Default 10,000; 0 is no limit.</summary>
    public int MaxPublishesPerSecond { get; init; } = 10_000;

    /// <summary>How long a new connection may take to send CONNECT. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The silence allowed to a client whose keep-alive is zero (never), and the longest that any client may take nothing of what is
    /// sent to it, so that no dead connection stays for ever. Default 10 minutes.
    /// </summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromMinutes(10);
}
