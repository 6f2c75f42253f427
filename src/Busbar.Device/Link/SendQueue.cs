using Busbar.Device.Buffer;
using Busbar.Device.Protocol;
using Busbar.Domain.Metering;
using Busbar.Mqtt;

namespace Busbar.Device.Link;

/// <summary>
/// Sends what the buffer holds over one connection: in order, a bounded number ahead of the acknowledgements, each removed only when
/// its own acknowledgement and all before it are here.
/// </summary>
internal sealed class SendQueue(MqttClient client, ReadingBuffer buffer, string topic, int window, Func<Reading, SignedReading> sign, IMeterLinkObserver? observer)
{
    private readonly Queue<(ulong Sequence, Task Acknowledged)> _underWay = new();
    private ulong _next;

    /// <summary>The acknowledgement that is waited for; null when none is under way.</summary>
    public Task? Head => _underWay.TryPeek(out var first) ? first.Acknowledged : null;

    /// <summary>Sends as much as the window allows.</summary>
    public void Fill(CancellationToken cancellationToken)
    {
        while (_underWay.Count < window && buffer.NextWaiting(_next, out var followsLoss) is { } reading)
        {
            if (followsLoss)
                reading = DeclareLoss(reading);
            var sequence = reading.Reading.Sequence;
            _underWay.Enqueue((sequence, client.PublishAsync(topic, ReadingJson.Encode(reading), MqttQos.AtLeastOnce, retain: false, cancellationToken)));
            _next = sequence + 1;
        }
    }

    /// <summary>Takes the acknowledgements that are here.</summary>
    /// <exception cref="MqttException">The connection ended before one came.</exception>
    public async Task CollectAsync()
    {
        while (_underWay.TryPeek(out var first) && first.Acknowledged.IsCompleted)
        {
            await first.Acknowledged;
            _underWay.Dequeue();
            buffer.Acknowledge(first.Sequence);
        }
    }

    /// <summary>Waits for what is under way, then begins again from what the node expects.</summary>
    public async Task RestartAsync(RefusalNotice notice)
    {
        while (_underWay.TryDequeue(out var first))
        {
            await first.Acknowledged;
            buffer.Acknowledge(first.Sequence);
        }

        buffer.Rewind(notice.Expected!.Value);
        _next = 0;
    }

    private SignedReading DeclareLoss(SignedReading reading)
    {
        var declared = sign(reading.Reading with { Flags = reading.Reading.Flags | ReadingFlags.ReadingsLost });
        buffer.Replace(declared);
        observer?.LossDeclared(reading.Reading.Sequence);
        return declared;
    }
}
