using System.Collections.Concurrent;
using Busbar.Cryptography;
using Busbar.Device.Deliveries;
using Busbar.Domain.Metering;
using Busbar.Domain.Supply;
using Busbar.Domain.Trading;
using Busbar.Mqtt;
using NodaTime;

namespace Busbar.Device.Fleet;

/// <summary>The deliveries of a virtual meter: a real one's, kept in memory. Thread safe.</summary>
internal sealed class VirtualDeliveries
{
    private readonly VirtualMeter _meter;
    private readonly VirtualSupply _supply;
    private readonly DeliveryControl _control;
    private readonly ConcurrentQueue<DeliveryTold> _told = new();
    private readonly Func<Registers> _registers;
    private readonly Lock _gate = new();
    private MeterSituation _situation;

    public VirtualDeliveries(
        VirtualMeter meter, VirtualSupply supply, Func<Registers> registers, SigningDomain domain, Address community, TimeProvider time)
    {
        (_meter, _supply, _registers) = (meter, supply, registers);
        _situation = Situation(null);
        _control = new(
            new VolatileDeliveries(),
            new(meter.Id, domain, community),
            board: null,
            _situation,
            new(span => meter.Sign(span, domain), static () => { }, _told.Enqueue),
            time);
    }

    /// <summary>The deliveries that have not stopped.</summary>
    public int Open => _control.Open;

    /// <summary>An order came; it is obeyed at once, as the meter stood when its time moved last.</summary>
    public void Take(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            _control.Take(payload);
            _control.Step(_situation);
        }
    }

    /// <summary>The time moves on.</summary>
    public void MoveTo(Instant now)
    {
        lock (_gate)
            _control.Step(_situation = Situation(now));
    }

    public void Disconnected() => _control.Disconnected();

    public async Task ConnectedAsync(MqttClient client, CancellationToken cancellationToken)
    {
        _control.Connected();
        await TellAsync(client, cancellationToken);
    }

    /// <summary>Publishes what there is to tell; where it must arrive, what a lost connection swallows is told again on the next.</summary>
    public async Task TellAsync(MqttClient client, CancellationToken cancellationToken)
    {
        try
        {
            while (_told.TryDequeue(out var told))
                await client.PublishAsync(_meter.Topics.Delivery, told.Encode(), MqttQos.AtLeastOnce, retain: false, cancellationToken);
        }
        catch (MqttException lost) when (lost.IsTransient)
        {
            _control.Disconnected();
        }
    }

    private MeterSituation Situation(Instant? now)
    {
        var report = _supply.Report;
        return new(now, _registers(), new(report.Relay ?? RelayState.Closed, report.Reason), report.Relay, Volts: null);
    }
}
