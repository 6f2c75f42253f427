using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Mqtt;
using Busbar.Mqtt.Server;

namespace Busbar.Node.Intake;

/// <summary>Lets devices in by their token; the user name is the meter's address.</summary>
internal sealed class MeterAuthenticator(DeviceTokens tokens) : IMqttAuthenticator
{
    public ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken cancellationToken)
    {
        MqttAuthentication answer = credentials.UserName is { } name && Address.TryParse(name, out var key)
            && credentials.Password is { } password && tokens.IsValid(new(key), password.Span, out var generation)
                ? new MqttAuthentication.Accepted(new MeterPrincipal(tokens, new(key), generation))
                : new MqttAuthentication.Refused(MqttConnectCode.BadCredentials, "user name is no meter, or not its token");
        return ValueTask.FromResult(answer);
    }

    private sealed class MeterPrincipal(DeviceTokens tokens, MeterId meter, long generation) : IMqttPrincipal
    {
        public string Name { get; } = meter.ToString();

        public bool MayPublish(string topic) =>
            IsCurrent() && DeviceTopic.TryParse(topic, out var named, out var channel) && named == meter && DeviceTopic.IsFromDevice(channel);

        public bool MaySubscribe(string filter) =>
            IsCurrent() && (filter == DeviceTopic.Time
            || (DeviceTopic.TryParse(filter, out var named, out var channel) && named == meter && !DeviceTopic.IsFromDevice(channel)));

        // One who came in while the token was being renewed is not among the connections that were closed for it.
        private bool IsCurrent() => tokens.GenerationOf(meter) == generation;
    }
}
