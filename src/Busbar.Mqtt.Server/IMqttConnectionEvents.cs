using System.Net;

namespace Busbar.Mqtt.Server;

/// <summary>Hears of clients coming and going. Called in order for one client; must neither block nor throw.</summary>
public interface IMqttConnectionEvents
{
    /// <summary>A client is connected: its CONNACK is on the way.</summary>
    void Connected(MqttClientInfo client);

    /// <summary>A connected client is gone. When another connection took its client id over, this comes before that one's <see cref="Connected"/>.</summary>
    void Disconnected(MqttClientInfo client, MqttCloseReason reason);
}

/// <summary>A connected client.</summary>
/// <param name="ClientId">Its client identifier.</param>
/// <param name="Principal">Who it speaks for.</param>
/// <param name="Remote">Where it comes from, when the transport knows.</param>
/// <param name="CleanSession">False when its session is kept after the connection.</param>
public sealed record MqttClientInfo(string ClientId, IMqttPrincipal Principal, EndPoint? Remote, bool CleanSession);
