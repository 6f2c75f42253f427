using Busbar.Device.Protocol;
using Busbar.Device.Supply;
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
        var topics = new List<MqttSubscription>();
        if (options.Refused is not null)
            topics.Add(new(meter.Topics.Refused, MqttQos.AtLeastOnce));
        if (Supply is not null)
            topics.Add(new(meter.Topics.Permit, MqttQos.AtLeastOnce));
        if (topics.Count == 0)
            return;
        await client.SubscribeAsync(topics, cancellationToken);
        _ = ListenAsync(client);
        await TellSupplyAsync(client, cancellationToken);
    }

    /// <summary>The meter's relay; null when it has none.</summary>
    public VirtualSupply? Supply { get; } =
        options.Community is { } community ? new(meter.Id, options.Domain, community) : null;

    /// <summary>The meter's time moves on; its relay with it.</summary>
    public Task MoveToAsync(NodaTime.Instant now, CancellationToken cancellationToken) =>
        Supply is { } supply && supply.MoveTo(now) && _client is { } client ? TellSupplyAsync(client, cancellationToken) : Task.CompletedTask;

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

    private async Task ListenAsync(MqttClient client)
    {
        try
        {
            await foreach (var message in client.Messages.ReadAllAsync())
            {
                if (message.Topic == meter.Topics.Refused)
                {
                    if (RefusalNotice.TryDecode(message.Payload.Span) is { } notice)
                        options.Refused?.Invoke(meter, notice);
                }
                else if (Supply!.Take(message.Payload.Span))
                {
                    await TellSupplyAsync(client, CancellationToken.None);
                }
            }
        }
        catch (MqttException failure) when (failure.IsTransient)
        {
            // The connection is lost: the next one tells how the supply is.
        }
    }

    private Task TellSupplyAsync(MqttClient client, CancellationToken cancellationToken) => Supply is { } supply
        ? client.PublishAsync(meter.Topics.State, SupplyPayload.State(supply.Report), MqttQos.AtLeastOnce, retain: true, cancellationToken)
        : Task.CompletedTask;
}
