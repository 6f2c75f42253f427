namespace Busbar.Mqtt.Server;

/// <summary>Decides who may connect. Called once for each CONNECT, concurrently; a port that the server's host carries out.</summary>
public interface IMqttAuthenticator
{
    /// <summary>Answers with the principal or a refusal. An exception refuses with <see cref="MqttConnectCode.ServerUnavailable"/>.</summary>
    ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken cancellationToken);
}

/// <summary>Who a connection speaks for, and what it may do. Called on the sockets' threads: thread safe, quick, never blocking.</summary>
public interface IMqttPrincipal
{
    /// <summary>A stable name, for logs and for guarding sessions: another principal can never take over this one's client id.</summary>
    string Name { get; }

    /// <summary>True when a message may be published to this topic name.</summary>
    bool MayPublish(string topic);

    /// <summary>True when everything that this filter selects may be read.</summary>
    bool MaySubscribe(string filter);
}
