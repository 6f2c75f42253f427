using System.Net.Security;

namespace Busbar.Mqtt;

/// <summary>How a client connects. Immutable; checked when <see cref="MqttClient.ConnectAsync"/> is called.</summary>
public sealed record MqttClientOptions
{
    /// <summary>Host name or address. Default: this machine.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port, 1 to 65,535. Default 1883.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>TLS settings; null (the default) speaks plain TCP.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Opens the byte stream instead of host, port and TLS: another transport, or a test's.</summary>
    public Func<CancellationToken, ValueTask<Stream>>? OpenStream { get; init; }

    /// <summary>Identifies the session at the server; may be empty only with a clean session.</summary>
    public required string ClientId { get; init; }

    /// <summary>User name, or null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password, or null for none; needs a user name. At most 65,535 bytes.</summary>
    public byte[]? Password { get; init; }

    /// <summary>True (the default) to begin and end without stored state; false to go on with the session of this client id.</summary>
    public bool CleanSession { get; init; } = true;

    /// <summary>What the server publishes when this client is lost, or null.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>The longest silence towards the server: zero (never ping) or 1 to 65,535 whole seconds. Default 30 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long opening, and the answer to CONNECT, SUBSCRIBE or UNSUBSCRIBE, may take. Default 10 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest packet accepted or sent, bytes, 256 to 268,435,460. Default 256 KiB.</summary>
    public int MaxPacketSize { get; init; } = 256 * 1024;

    /// <summary>QoS 1 messages sent and not yet acknowledged, 1 to 32,768; a publisher above it waits. Default 64.</summary>
    public int MaxInFlight { get; init; } = 64;

    /// <summary>
    /// Incoming messages kept for a reader that is behind, 1 or more. Default 1,024. When full, QoS 0 is dropped and counted and
    /// QoS 1 ends the connection unacknowledged, so that a kept session delivers it again.
    /// </summary>
    public int IncomingCapacity { get; init; } = 1024;
}
