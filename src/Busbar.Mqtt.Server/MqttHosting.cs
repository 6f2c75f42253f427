using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Busbar.Mqtt.Server;

/// <summary>Gives Kestrel's connections to the server: <c>listen.UseConnectionHandler&lt;MqttConnectionHandler&gt;()</c>.</summary>
public sealed class MqttConnectionHandler(MqttServer server) : ConnectionHandler
{
    /// <inheritdoc/>
    public override Task OnConnectedAsync(ConnectionContext connection) => server.RunAsync(connection);
}

/// <summary>Puts an MQTT server on Kestrel.</summary>
public static class MqttHosting
{
    /// <summary>Listens where the options say; the host's services must hold an <see cref="MqttServer"/>.</summary>
    public static void ListenMqtt(this KestrelServerOptions kestrel, MqttServerOptions options) =>
        kestrel.Listen(options.Address, options.Port, listen => listen.UseConnectionHandler<MqttConnectionHandler>());
}
