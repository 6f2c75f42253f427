using System.Text;
using Busbar.Bench.Ingest;
using Busbar.Bench.Running;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Mqtt;
using NodaTime;

namespace Busbar.Bench.Footprint;

/// <summary>Meters on their own connections, each telling its power and a signed reading every second.</summary>
internal static class LiveMeters
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Connects, sends for so many seconds, and runs a measurement while still connected.</summary>
    /// <returns>What was measured, and how many readings were acknowledged before.</returns>
    public static async Task<(T Result, long Readings)> SendAsync<T>(StartedNode node, int seconds, Func<T> measure, CancellationToken cancellation)
    {
        var meters = await Task.WhenAll(Enumerable.Range(0, node.Tokens.Count).Select(number => LiveMeter.ConnectAsync(node, number, cancellation)));
        try
        {
            using var timer = new PeriodicTimer(Every, TimeProvider.System);
            for (var second = 1; second <= seconds; second++)
            {
                await Task.WhenAll(meters.Select(meter => meter.SendAsync(second, cancellation)));
                await timer.WaitForNextTickAsync(cancellation);
            }

            return (measure(), (long)seconds * meters.Length);
        }
        finally
        {
            foreach (var meter in meters)
                await meter.DisposeAsync();
        }
    }

    /// <summary>Connects and sends every second until cancelled; then it disconnects and returns.</summary>
    public static async Task SendUntilAsync(StartedNode node, CancellationToken cancellation)
    {
        try
        {
            await SendAsync(node, int.MaxValue, static () => 0, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // That is how it ends.
            return;
        }
    }

    private sealed class LiveMeter(MqttClient client, PrivateKey key, SigningDomain domain) : IAsyncDisposable
    {
        private static readonly byte[] Telemetry = Encoding.ASCII.GetBytes("""{"power":1250.5,"voltage":229.8,"current":5.44,"frequency":50.01}""");

        private readonly MeterId _meter = new(key.Address);
        private readonly WallClock _clock = new();

        public static async Task<LiveMeter> ConnectAsync(StartedNode node, int number, CancellationToken cancellation)
        {
            var key = LoadMeter.Key(number);
            var options = new MqttClientOptions
            {
                Port = node.MqttPort,
                ClientId = key.Address.ToString(),
                UserName = key.Address.ToString(),
                Password = Encoding.ASCII.GetBytes(node.Tokens[number]),
            };
            var client = await MqttClient.ConnectAsync(options, TimeProvider.System, cancellation);
            return new(client, key, new SigningDomain(node.ChainId, Address.Parse(node.Meters)));
        }

        public async Task SendAsync(int second, CancellationToken cancellation)
        {
            await client.PublishAsync(DeviceTopic.For(_meter, DeviceChannel.Telemetry), Telemetry, MqttQos.AtMostOnce, retain: false, cancellation);
            var reading = new Reading(
                _meter,
                1,
                (ulong)second,
                Instant.FromUnixTimeSeconds(_clock.GetCurrentInstant().ToUnixTimeSeconds()),
                new Registers(MeterRegister.FromMilliwattHours(1_000_000 + (second * 300L)), MeterRegister.Zero),
                LoadMeter.Firmware,
                ReadingFlags.ClockSet | ReadingFlags.OnRequest);
            var payload = ReadingJson.Encode(SignedReading.Sign(reading, domain, key));
            await client.PublishAsync(DeviceTopic.For(_meter, DeviceChannel.Reading), payload, MqttQos.AtLeastOnce, retain: false, cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            key.Dispose();
        }
    }
}
