using Busbar.Device.Protocol;
using Busbar.Device.Supply;
using Busbar.Mqtt;

namespace Busbar.Device.Fleet;

/// <summary>The connection of one virtual meter, opened again when it is lost.</summary>
internal sealed class FleetConnection
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly Queue<byte[]> _backlog = new();
    private readonly VirtualMeter _meter;
    private readonly MeterFleetOptions _options;
    private readonly TimeProvider _time;
    private MqttClient? _client;

    public FleetConnection(VirtualMeter meter, int place, MeterFleetOptions options, TimeProvider time)
    {
        (_meter, _options, _time) = (meter, options, time);
        if (options.Community is not { } community)
            return;
        Supply = new(meter.Id, options.Domain, community);
        if (options.Registers is { } registers)
            Deliveries = new(meter, Supply, () => registers(place), options.Domain, community, time);
    }

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var client = await MqttClient.ConnectAsync(_options.Connection(_meter), _time, cancellationToken);
        _client = client;
        var topics = new List<MqttSubscription>();
        if (_options.Refused is not null)
            topics.Add(new(_meter.Topics.Refused, MqttQos.AtLeastOnce));
        if (Supply is not null)
            topics.Add(new(_meter.Topics.Permit, MqttQos.AtLeastOnce));
        if (Deliveries is not null)
            topics.Add(new(_meter.Topics.Order, MqttQos.AtLeastOnce));
        if (topics.Count == 0)
            return;
        await client.SubscribeAsync(topics, cancellationToken);
        _ = ListenAsync(client);
        await TellSupplyAsync(client, cancellationToken);
        if (Deliveries is { } deliveries)
            await deliveries.ConnectedAsync(client, cancellationToken);
    }

    /// <summary>The meter's relay; null when it has none.</summary>
    public VirtualSupply? Supply { get; }

    /// <summary>The meter's deliveries; null when it obeys no orders.</summary>
    public VirtualDeliveries? Deliveries { get; }

    /// <summary>The meter's time moves on; its relay and its deliveries with it.</summary>
    public async Task MoveToAsync(NodaTime.Instant now, CancellationToken cancellationToken)
    {
        var isChanged = Supply?.MoveTo(now) ?? false;
        Deliveries?.MoveTo(now);
        if (_client is not { } client)
            return;
        if (isChanged)
            await TellSupplyAsync(client, cancellationToken);
        if (Deliveries is { } deliveries)
            await deliveries.TellAsync(client, cancellationToken);
    }

    public Task PublishAsync(byte[] payload, CancellationToken cancellationToken)
    {
        if (_client is { } client)
            return SendAsync(client, payload, cancellationToken);
        if (_backlog.Count == _options.BacklogLimit)
            _backlog.Dequeue();
        _backlog.Enqueue(payload);
        return Task.CompletedTask;
    }

    public Task PublishTelemetryAsync(MeterTelemetry telemetry, CancellationToken cancellationToken) =>
        _client?.PublishAsync(_meter.Topics.Telemetry, telemetry.Encode(), MqttQos.AtMostOnce, retain: false, cancellationToken)
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
        Deliveries?.Disconnected();
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

                await client.PublishAsync(_meter.Topics.Reading, payload, MqttQos.AtLeastOnce, retain: false, cancellationToken);
                return;
            }
            catch (MqttException failure) when (failure.IsTransient && attempt < _options.Attempts)
            {
                await Task.Delay(pause, _time, cancellationToken);
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
                if (message.Topic == _meter.Topics.Refused)
                {
                    if (RefusalNotice.TryDecode(message.Payload.Span) is { } notice)
                        _options.Refused?.Invoke(_meter, notice);
                }
                else if (message.Topic == _meter.Topics.Order)
                {
                    Deliveries!.Take(message.Payload.Span);
                    await Deliveries.TellAsync(client, CancellationToken.None);
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
        ? client.PublishAsync(_meter.Topics.State, SupplyPayload.State(supply.Report), MqttQos.AtLeastOnce, retain: true, cancellationToken)
        : Task.CompletedTask;
}
