using System.Collections.Concurrent;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Trading;
using Busbar.Mqtt;
using Busbar.Mqtt.Server;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Deliveries;

/// <summary>Says orders over the node's MQTT server and hears what meters answer. Thread safe.</summary>
internal sealed partial class DeliveryLink(
    PrivateKey key, SigningDomain domain, IClock clock, TimeProvider time, ILogger<DeliveryLink> log) : IDeliveryLink
{
    /// <summary>How many orders to one meter may wait for their answers.</summary>
    public const int MostWaiting = 32;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<MeterId, MeterOrders> _meters = new();
    private volatile MqttServer? _mqtt;

    /// <inheritdoc />
    public Action<MeterId, DeliveryTold>? Heard { get; set; }

    /// <summary>From now on meters are told over this server.</summary>
    public void Attach(MqttServer mqtt)
    {
        _mqtt = mqtt;
        foreach (var orders in _meters.Values)
            orders.SayAgain();
    }

    /// <summary>Nothing is told any more; what waits goes on waiting.</summary>
    public void Detach() => _mqtt = null;

    /// <inheritdoc />
    public ulong NextNumber(MeterId meter) => Of(meter).NextNumber((ulong)Math.Max(1, clock.GetCurrentInstant().ToUnixTimeMilliseconds()));

    /// <inheritdoc />
    public async Task<DeliveryAnswer> SendAsync(DeliveryOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        var orders = Of(order.Meter);
        if (!orders.TryEnter())
            return new DeliveryAnswer.TooManyWaiting();
        try
        {
            await orders.TurnAsync(cancellation);
            try
            {
                return await SayAsync(orders, SignedOrder.Sign(order, domain, key), cancellation);
            }
            finally
            {
                orders.Yield();
            }
        }
        finally
        {
            orders.Leave();
        }
    }

    /// <summary>A meter says something, on <c>delivery</c> or on <c>state</c>. Never waits.</summary>
    public void Take(MeterId meter, DeviceChannel channel, ReadOnlySpan<byte> payload)
    {
        if (channel == DeviceChannel.State)
        {
            // It has just subscribed, or is about to say goodbye; saying an order once too often does no harm.
            if (_meters.TryGetValue(meter, out var waiting))
                waiting.SayAgain();
            return;
        }

        if (DeliveryTold.Decode(meter, payload) is not { } told)
        {
            LogUnreadable(meter, payload.Length);
            return;
        }

        var span = (told as DeliveryTold.Stopped)?.Span ?? (told as DeliveryTold.Reported)?.Span;
        if (span is not null && !span.IsGenuine(domain))
        {
            LogForged(meter, told.Name);
            return;
        }

        switch (told)
        {
            case DeliveryTold.Taken taken:
                Of(meter).Answer(taken.Order, new DeliveryAnswer.Taken());
                break;
            case DeliveryTold.Refused refused:
                LogRefused(meter, refused.Order, refused.Reason, refused.Detail);
                Of(meter).Refuse(refused);
                break;
        }

        Heard?.Invoke(meter, told);
    }

    private async Task<DeliveryAnswer> SayAsync(MeterOrders orders, SignedOrder signed, CancellationToken cancellation)
    {
        var payload = DeliveryOrderJson.Encode(signed);
        var topic = DeviceTopic.For(signed.Order.Meter, DeviceChannel.Order);
        var answered = orders.Expect(signed.Order.Number);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var again = orders.NextSaying;
            _mqtt?.Publish(topic, payload, MqttQos.AtLeastOnce);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(answered, again, Task.Delay(pause, time, patience.Token));
            await patience.CancelAsync();
            if (answered.IsCompleted)
                return await answered;
            cancellation.ThrowIfCancellationRequested();
            if (again.IsCompleted)
                pause = FirstPause;
        }
    }

    private MeterOrders Of(MeterId meter) => _meters.GetOrAdd(meter, static _ => new());

    [LoggerMessage(1651, LogLevel.Warning, "Meter {Meter} told of a delivery in {Size} bytes that are no such thing")]
    private partial void LogUnreadable(MeterId meter, int size);

    [LoggerMessage(1652, LogLevel.Warning, "Meter {Meter}: the signature of a {Event} is not its own; it is passed over")]
    private partial void LogForged(MeterId meter, string @event);

    [LoggerMessage(1653, LogLevel.Information, "Meter {Meter} refused order {Order}: {Reason}: {Detail}")]
    private partial void LogRefused(MeterId meter, ulong? order, string reason, string detail);
}
