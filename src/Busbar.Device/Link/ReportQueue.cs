using System.Threading.Channels;
using Busbar.Device.Protocol;
using Busbar.Mqtt;

namespace Busbar.Device.Link;

/// <summary>
/// What a meter has to tell beside readings: events in their order, the last 64 of them while the link is down, and its state whenever that
/// is another. Thread safe.
/// </summary>
internal sealed class ReportQueue
{
    private const int MostWaiting = 64;

    private readonly Lock _gate = new();
    private readonly Queue<(long Number, byte[] Payload)> _events = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _number;
    private bool _isStateNew;

    /// <summary>Adds an event; the oldest makes room for it.</summary>
    public void Tell(byte[] payload)
    {
        lock (_gate)
        {
            while (_events.Count >= MostWaiting)
                _events.Dequeue();
            _events.Enqueue((++_number, payload));
        }

        _wake.Writer.TryWrite(true);
    }

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
                while (First() is { } first)
                {
                    await client.PublishAsync(topics.Event, first.Payload, MqttQos.AtLeastOnce, retain: false, cancellation);
                    Remove(first.Number);
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

    private bool TakeState()
    {
        lock (_gate)
        {
            var isNew = _isStateNew;
            _isStateNew = false;
            return isNew;
        }
    }

    private (long Number, byte[] Payload)? First()
    {
        lock (_gate)
            return _events.TryPeek(out var first) ? first : null;
    }

    private void Remove(long number)
    {
        lock (_gate)
        {
            if (_events.TryPeek(out var first) && first.Number == number)
                _events.Dequeue();
        }
    }

    private bool IsWaiting()
    {
        lock (_gate)
            return _isStateNew || _events.Count > 0;
    }
}
