namespace Busbar.Mqtt.Server;

/// <summary>What became of a message put to a session.</summary>
internal enum QueueResult
{
    /// <summary>Queued; somebody else already sees to the sending, or the client is away.</summary>
    Queued,

    /// <summary>Queued, and the caller is the one to call <see cref="MqttConnection.Pump"/>.</summary>
    QueuedPumpDue,

    /// <summary>Not queued: no room, or QoS 0 for a client that is away.</summary>
    Dropped,

    /// <summary>Not queued: a connected client is too slow for QoS 1 and is to be disconnected.</summary>
    TooSlow,
}

/// <summary>
/// What the server remembers of a client apart from its connection (3.1.2.4): subscriptions, the messages queued for it and those sent
/// and unacknowledged. The received-QoS-2 identifiers will live here too. Thread safe; a connection's lane may be held when it is called.
/// </summary>
internal sealed class Session(string clientId, string principal, bool clean, MqttServerOptions limits)
{
    private readonly Lock _gate = new();
    private readonly Queue<Delivery> _queue = new();
    private readonly Queue<Delivery> _retained = new();
    private readonly List<(ushort Id, Delivery Delivery)> _inFlight = [];
    private long _queuedWeight;
    private int _resendAt;
    private bool _pumpDue;
    private ushort _lastId;
    private volatile MqttConnection? _connection;

    public string ClientId => clientId;

    public string Principal => principal;

    public bool Clean => clean;

    /// <summary>The connection that it has, or null while the client is away.</summary>
    public MqttConnection? Connection => _connection;

    /// <summary>Since when the client is away; the registry's.</summary>
    public long AwaySince { get; set; }

    /// <summary>Its filters; only its own connection's reading loop changes them, or the registry when it has none.</summary>
    public HashSet<string> Filters { get; } = new(StringComparer.Ordinal);

    /// <summary>The subscription tree's note, under its lock.</summary>
    public long FoundStamp { get; set; }

    /// <summary>The subscription tree's note, under its lock.</summary>
    public int FoundAt { get; set; }

    /// <summary>Gives it a connection; what was sent and not acknowledged is sent again first (MQTT-4.4.0-1).</summary>
    public void Attach(MqttConnection connection)
    {
        lock (_gate)
        {
            _connection = connection;
            _resendAt = 0;
            _pumpDue = false;
        }
    }

    public void Detach()
    {
        lock (_gate)
            _connection = null;
    }

    public QueueResult Enqueue(Delivery delivery)
    {
        lock (_gate)
        {
            var away = _connection is null;
            if (away && delivery.Qos == MqttQos.AtMostOnce)
                return QueueResult.Dropped;
            if (_queue.Count >= limits.MaxQueuedMessages || _queuedWeight + delivery.Message.Weight > limits.MaxQueuedBytes)
                return away || delivery.Qos == MqttQos.AtMostOnce ? QueueResult.Dropped : QueueResult.TooSlow;
            _queue.Enqueue(delivery);
            _queuedWeight += delivery.Message.Weight;
            return TakePumpDue(away) ? QueueResult.QueuedPumpDue : QueueResult.Queued;
        }
    }

    /// <summary>
    /// Puts retained messages before the queue. They are references to what is kept anyway, so a wide filter may select more than the
    /// queue holds and still be served as fast as the client reads. At most the number of retained messages the server keeps; returns how many found no room.
    /// </summary>
    public int EnqueueRetained(IReadOnlyList<Delivery> retained, MqttQos granted)
    {
        lock (_gate)
        {
            var room = Math.Max(0, limits.MaxRetainedMessages - _retained.Count);
            foreach (var kept in retained.Take(room))
                _retained.Enqueue(kept with { Qos = kept.Qos < granted ? kept.Qos : granted });
            return Math.Max(0, retained.Count - room);
        }
    }

    /// <summary>The next message to send to the connected client, in order, within the window of unacknowledged ones.</summary>
    public bool TryNext(out Delivery delivery, out ushort packetId, out bool duplicate)
    {
        lock (_gate)
        {
            duplicate = _resendAt < _inFlight.Count;
            if (duplicate)
            {
                (packetId, delivery) = _inFlight[_resendAt++];
                return true;
            }

            packetId = 0;
            var from = _retained.Count > 0 ? _retained : _queue;
            if (!from.TryPeek(out delivery) || (delivery.Qos == MqttQos.AtLeastOnce && _inFlight.Count >= limits.MaxInFlight))
            {
                _pumpDue = false;
                return false;
            }

            from.Dequeue();
            if (ReferenceEquals(from, _queue))
                _queuedWeight -= delivery.Message.Weight;
            if (delivery.Qos == MqttQos.AtMostOnce)
                return true;
            packetId = NextId();
            _inFlight.Add((packetId, delivery));
            _resendAt = _inFlight.Count;
            return true;
        }
    }

    /// <summary>The client's PUBACK. True when it named a message in flight.</summary>
    public bool Acknowledge(ushort packetId)
    {
        lock (_gate)
        {
            var at = _inFlight.FindIndex(sent => sent.Id == packetId);
            if (at < 0)
                return false;
            _inFlight.RemoveAt(at);
            if (at < _resendAt)
                _resendAt--;
            return true;
        }
    }

    private bool TakePumpDue(bool away)
    {
        if (away || _pumpDue)
            return false;
        return _pumpDue = true;
    }

    private ushort NextId()
    {
        do
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        while (_inFlight.Exists(sent => sent.Id == _lastId));
        return _lastId;
    }
}
