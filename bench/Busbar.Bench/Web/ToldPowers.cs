using System.Globalization;
using System.Text;
using Busbar.Bench.Footprint;
using Busbar.Bench.Ingest;
using Busbar.Domain.Metering;
using Busbar.Mqtt;

namespace Busbar.Bench.Web;

/// <summary>Meters that tell a power of one instant when they are asked to: a sum that can be told from all before.</summary>
internal sealed class ToldPowers : IAsyncDisposable
{
    private const int FirstWatts = 1_000;
    private const int StepWatts = 10;

    private readonly List<(MqttClient Client, string Topic)> _meters = [];
    private int _told;

    public static async Task<ToldPowers> ConnectAsync(StartedNode node, CancellationToken cancellation)
    {
        var meters = new ToldPowers();
        foreach (var (meter, token) in LoadMeter.Ids(node.Tokens.Count).Zip(node.Tokens))
        {
            var options = new MqttClientOptions
            {
                Port = node.MqttPort,
                ClientId = meter.ToString(),
                UserName = meter.ToString(),
                Password = Encoding.ASCII.GetBytes(token),
            };
            var client = await MqttClient.ConnectAsync(options, TimeProvider.System, cancellation);
            meters._meters.Add((client, DeviceTopic.For(meter, DeviceChannel.Telemetry)));
        }

        return meters;
    }

    /// <summary>All tell their next power.</summary>
    /// <returns>The sum as the page writes it.</returns>
    public async Task<string> TellAsync(CancellationToken cancellation)
    {
        var watts = FirstWatts + (StepWatts * _told++);
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var payload = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"power":{{watts}},"at":{{at}}}"""));
        foreach (var (client, topic) in _meters)
            await client.PublishAsync(topic, payload, MqttQos.AtMostOnce, retain: false, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{watts * _meters.Count / 1000.0:0.0}kW");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (client, _) in _meters)
            await client.DisposeAsync();
    }
}
