using System.Diagnostics.CodeAnalysis;

namespace Busbar.Mqtt;

/// <summary>
/// The QoS 1 messages of a client: those sent and unacknowledged, at most <paramref name="limit"/>, and behind them those that wait for
/// a place, in the order of the calls. Not thread safe: used under the connection's gate.
/// </summary>
internal sealed class PublishWindow(int limit)
{
    private readonly Dictionary<ushort, Pending> _sent = [];
    private readonly Queue<Pending> _waiting = new();
    private readonly HashSet<ushort> _reserved = [];
    private ushort _lastId;

    public sealed class Pending(byte[] topic, ReadOnlyMemory<byte> payload, bool retain)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public byte[] Topic => topic;

        public ReadOnlyMemory<byte> Payload => payload;

        public bool Retain => retain;
    }

    public void Add(Pending message) => _waiting.Enqueue(message);

    /// <summary>The next message to send now, with its new packet identifier.</summary>
    public bool TrySend([NotNullWhen(true)] out Pending? message, out ushort packetId)
    {
        packetId = 0;
        message = null;
        while (_sent.Count < limit && _waiting.TryDequeue(out message))
        {
            if (message.Task.IsCompleted)
                continue;
            packetId = NextId();
            _sent.Add(packetId, message);
            return true;
        }

        message = null;
        return false;
    }

    /// <summary>Takes the message that a PUBACK names; null for one that is not ours.</summary>
    public Pending? Acknowledge(ushort packetId) => _sent.Remove(packetId, out var message) ? message : null;

    /// <summary>An identifier for a SUBSCRIBE or UNSUBSCRIBE, kept from messages until <see cref="Release"/>.</summary>
    public ushort Reserve()
    {
        var id = NextId();
        _reserved.Add(id);
        return id;
    }

    public void Release(ushort packetId) => _reserved.Remove(packetId);

    /// <summary>Takes everything, sent or waiting, to be failed.</summary>
    public IReadOnlyList<Pending> TakeAll()
    {
        List<Pending> all = [.. _sent.Values, .. _waiting];
        _sent.Clear();
        _waiting.Clear();
        return all;
    }

    /// <summary>An identifier that nothing under way uses (MQTT-2.3.1-2).</summary>
    private ushort NextId()
    {
        do
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        while (_sent.ContainsKey(_lastId) || _reserved.Contains(_lastId));
        return _lastId;
    }
}
