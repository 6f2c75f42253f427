using System.Threading.Channels;
using Busbar.Device.Protocol;
using Busbar.Mqtt;

namespace Busbar.Device.Link;

/// <summary>
/// What a meter has to tell beside readings: events in their order, the last 64 of them while the link is down; what becomes of deliveries,
/// likewise; and its state whenever that is another. Thread safe.
/// </summary>
internal sealed class ReportQueue
{
    private const int MostWaiting = 64;

    private readonly Lock _gate = new();
    private readonly Queue<(long Number, byte[] Payload)> _events = new();
    private readonly Queue<(long Number, byte[] Payload)> _deliveries = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _number;
    private bool _isStateNew;

    /// <summary>Adds an event; the oldest makes room for it.</summary>
    public void Tell(byte[] payload) => Add(_events, payload);

    /// <summary>Adds what became of a delivery; the oldest makes room for it. What must arrive is told again till acknowledged.</summary>
    public void TellDelivery(byte[] payload) => Add(_deliveries, payload);

    /// <summary>The state is another now.</summary>
    public void TellState()
    {
        lock (_gate)
            _isStateNew = true;
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Sends over one connection until it ends or is cancelled.</summary>
    public async Task SendAsync(MqttClient client, MeterTopics topics, Func<byte[]> state, CancellationToken cancellation)
    {
        try
        {
            do
            {
                while (TakeState())
                    await client.PublishAsync(topics.State, state(), MqttQos.AtLeastOnce, retain: true, cancellation);
                while (First(_events) is { } first)
                {
                    await client.PublishAsync(topics.Event, first.Payload, MqttQos.AtLeastOnce, retain: false, cancellation);
                    Remove(_events, first.Number);
                }

                while (First(_deliveries) is { } told)
                {
                    await client.PublishAsync(topics.Delivery, told.Payload, MqttQos.AtLeastOnce, retain: false, cancellation);
                    Remove(_deliveries, told.Number);
                }

                _wake.Reader.TryRead(out _);
            }
            while (IsWaiting() || await _wake.Reader.WaitToReadAsync(cancellation));
        }
        catch (Exception ended) when (ended is MqttException or OperationCanceledException)
        {
            // The next connection begins with the state, and with the events that were not acknowledged.
        }
    }

    private void Add(Queue<(long Number, byte[] Payload)> queue, byte[] payload)
    {
        lock (_gate)
        {
            while (queue.Count >= MostWaiting)
                queue.Dequeue();
            queue.Enqueue((++_number, payload));
        }

        _wake.Writer.TryWrite(true);
    }

    private bool TakeState()
    {
        lock (_gate)
        {
            var isNew = _isStateNew;
            _isStateNew = false;
            return isNew;
        }
    }

    private (long Number, byte[] Payload)? First(Queue<(long Number, byte[] Payload)> queue)
    {
        lock (_gate)
            return queue.TryPeek(out var first) ? first : null;
    }

    private void Remove(Queue<(long Number, byte[] Payload)> queue, long number)
    {
        lock (_gate)
        {
            if (queue.TryPeek(out var first) && first.Number == number)
                queue.Dequeue();
        }
    }

    private bool IsWaiting()
    {
        lock (_gate)
            return _isStateNew || _events.Count > 0 || _deliveries.Count > 0;
    }
}
