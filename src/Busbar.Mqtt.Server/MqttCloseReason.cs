namespace Busbar.Mqtt.Server;

/// <summary>Why the server's side of a connection is over.</summary>
public enum MqttCloseReason
{
    /// <summary>The network ended without a DISCONNECT.</summary>
    ConnectionLost = 0,

    /// <summary>The client said DISCONNECT.</summary>
    ClientDisconnected,

    /// <summary>Nothing came for one and a half times the keep-alive (MQTT-3.1.2-24).</summary>
    KeepAliveExpired,

    /// <summary>Another connection of the same principal came with the same client id (MQTT-3.1.4-2).</summary>
    TakenOver,

    /// <summary>A frame broke the protocol.</summary>
    ProtocolError,

    /// <summary>A message was published to a topic that the principal may not use; 3.1.1 has no other answer.</summary>
    ForbiddenPublish,

    /// <summary>The queue of QoS 1 messages to this client was full, or it took nothing for <see cref="MqttServerOptions.LongestSilence"/>.</summary>
    SlowConsumer,

    /// <summary>No CONNECT came in time.</summary>
    ConnectTimedOut,

    /// <summary>The CONNECT was refused: version, client id or credentials.</summary>
    Refused,

    /// <summary>No room for another client.</summary>
    TooManyClients,

    /// <summary>The host asked for it.</summary>
    ClosedByHost,

    /// <summary>The server is stopping.</summary>
    ServerStopping,
}
