using Busbar.Device.Protocol;
using Busbar.Mqtt;

namespace Busbar.Device.Fleet;

/// <summary>The connection of one virtual meter, opened again when it is lost.</summary>
internal sealed class FleetConnection(VirtualMeter meter, MeterFleetOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly Queue<byte[]> _backlog = new();
    private MqttClient? _client;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var client = await MqttClient.ConnectAsync(options.Connection(meter), time, cancellationToken);
        _client = client;
        if (options.Refused is not { } refused)
            return;
        await client.SubscribeAsync([new MqttSubscription(meter.Topics.Refused, MqttQos.AtLeastOnce)], cancellationToken);
        _ = ListenAsync(client, refused);
    }

    public Task PublishAsync(byte[] payload, CancellationToken cancellationToken)
    {
        if (_client is { } client)
            return SendAsync(client, payload, cancellationToken);
        if (_backlog.Count == options.BacklogLimit)
            _backlog.Dequeue();
        _backlog.Enqueue(payload);
        return Task.CompletedTask;
    }

    public Task PublishTelemetryAsync(MeterTelemetry telemetry, CancellationToken cancellationToken) =>
        _client?.PublishAsync(meter.Topics.Telemetry, telemetry.Encode(), MqttQos.AtMostOnce, retain: false, cancellationToken)
        ?? Task.CompletedTask;

    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (_client is not null)
            return;
        await OpenAsync(cancellationToken);
        while (_backlog.TryPeek(out var payload))
        {
            await SendAsync(_client!, payload, cancellationToken);
            _backlog.Dequeue();
        }
    }

    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _client, null) is { } client)
            await client.DisposeAsync();
    }

    // A reading whose acknowledgement was lost is repeated as it was: the node knows it by its sequence number.
    private async Task SendAsync(MqttClient client, byte[] payload, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (attempt > 1)
                {
                    await client.DisposeAsync();
                    await OpenAsync(cancellationToken);
                    client = _client!;
                }

                await client.PublishAsync(meter.Topics.Reading, payload, MqttQos.AtLeastOnce, retain: false, cancellationToken);
                return;
            }
            catch (MqttException failure) when (failure.IsTransient && attempt < options.Attempts)
            {
                await Task.Delay(pause, time, cancellationToken);
                pause *= 2;
            }
        }
    }

    private async Task ListenAsync(MqttClient client, Action<VirtualMeter, RefusalNotice> refused)
    {
        await foreach (var message in client.Messages.ReadAllAsync())
            if (RefusalNotice.TryDecode(message.Payload.Span) is { } notice)
                refused(meter, notice);
    }
}
