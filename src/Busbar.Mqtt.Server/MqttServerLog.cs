using System.Net;
using Microsoft.Extensions.Logging;

namespace Busbar.Mqtt.Server;

/// <summary>What the server logs. Event ids 3000 to 3099 are this room's.</summary>
internal sealed partial class MqttServerLog(ILogger logger)
{
    [LoggerMessage(3000, LogLevel.Debug, "MQTT client {ClientId} connected as {Principal} from {Remote}")]
    public partial void Connected(string clientId, string principal, EndPoint? remote);

    [LoggerMessage(3001, LogLevel.Debug, "MQTT client {ClientId} disconnected: {Reason}")]
    public partial void Disconnected(string clientId, MqttCloseReason reason);

    [LoggerMessage(3002, LogLevel.Information, "MQTT client {ClientId} from {Remote} refused with {Code}: {Reason}")]
    public partial void Refused(string clientId, EndPoint? remote, MqttConnectCode code, string reason);

    [LoggerMessage(3003, LogLevel.Information, "MQTT client {ClientId} from {Remote} broke the protocol: {Error}")]
    public partial void ProtocolError(string? clientId, EndPoint? remote, MqttProtocolError error);

    [LoggerMessage(3004, LogLevel.Warning, "MQTT client {ClientId} ({Principal}) may not publish to {Topic}: connection closed")]
    public partial void ForbiddenPublish(string clientId, string principal, string topic);

    [LoggerMessage(3005, LogLevel.Information, "MQTT client {ClientId} may not subscribe to {Filter}: {Reason}")]
    public partial void RefusedSubscription(string clientId, string filter, string reason);

    [LoggerMessage(3006, LogLevel.Error, "The MQTT authenticator failed for {ClientId}")]
    public partial void AuthenticatorFailed(Exception failure, string clientId);

    [LoggerMessage(3007, LogLevel.Error, "An MQTT connection from {Remote} failed")]
    public partial void ConnectionFailed(Exception failure, EndPoint? remote);
}
