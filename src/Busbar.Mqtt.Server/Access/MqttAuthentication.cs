namespace Busbar.Mqtt.Server;

/// <summary>The answer of an authenticator: a principal, or a refusal with its code and a reason for the log.</summary>
public abstract record MqttAuthentication
{
    private MqttAuthentication()
    {
    }

    /// <summary>The client is who it says.</summary>
    /// <param name="Principal">Who that is.</param>
    public sealed record Accepted(IMqttPrincipal Principal) : MqttAuthentication;

    /// <summary>The client may not connect.</summary>
    /// <param name="Code">What the client is told; never <see cref="MqttConnectCode.Accepted"/>.</param>
    /// <param name="Reason">What the log is told, in a few words without secrets.</param>
    public sealed record Refused(MqttConnectCode Code, string Reason) : MqttAuthentication;
}
