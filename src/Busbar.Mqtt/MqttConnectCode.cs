namespace Busbar.Mqtt;

/// <summary>The server's answer to CONNECT (MQTT 3.1.1, table 3.1). The number goes on the wire.</summary>
public enum MqttConnectCode : byte
{
    /// <summary>The connection is open.</summary>
    Accepted = 0,

    /// <summary>The server does not speak this version of the protocol.</summary>
    UnacceptableVersion = 1,

    /// <summary>The client identifier is well formed but not allowed here.</summary>
    IdentifierRejected = 2,

    /// <summary>The server has no room or is stopping: trying again later can help.</summary>
    ServerUnavailable = 3,

    /// <summary>The user name or password is wrong.</summary>
    BadCredentials = 4,

    /// <summary>The client is known and may not connect.</summary>
    NotAuthorized = 5,
}
