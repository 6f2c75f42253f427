using System.Net;

namespace Busbar.Mqtt.Server;

/// <summary>What a client showed in its CONNECT. Never logged whole.</summary>
/// <param name="ClientId">The client identifier; made by the server when the client sent none.</param>
/// <param name="UserName">The user name, or null.</param>
/// <param name="Password">The password, or null.</param>
/// <param name="Remote">Where the connection comes from, when the transport knows.</param>
public sealed record MqttCredentials(string ClientId, string? UserName, ReadOnlyMemory<byte>? Password, EndPoint? Remote)
{
    /// <summary>The client id alone: credentials stay out of logs.</summary>
    public override string ToString() => ClientId;
}
