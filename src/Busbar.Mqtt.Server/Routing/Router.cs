namespace Busbar.Mqtt.Server;

/// <summary>Carries messages to the sessions that subscribed, and keeps the retained ones. Thread safe.</summary>
internal sealed class Router(MqttServerOptions limits, ServerCounters counters)
{
    [ThreadStatic]
    private static List<(Session Session, MqttQos Qos)>? _found;

    private readonly RetainedMessages _retained = new(limits.MaxRetainedMessages, limits.MaxRetainedBytes);

    public SubscriptionTree Subscriptions { get; } = new();

    public int RetainedCount => _retained.Count;

    /// <summary>
    /// Queues a message for its subscribers. Connections that are to be pumped for it are added to <paramref name="due"/>, so that a
    /// group of messages costs each of them one write. Returns how many sessions got it.
    /// </summary>
    public int Route(string topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain, List<MqttConnection> due)
    {
        var targets = _found ??= [];
        targets.Clear();
        Subscriptions.Match(topic, targets);
        if (targets.Count == 0 && !retain)
            return 0;
        var message = new RoutedMessage(topic, payload.ToArray());
        if (retain && !_retained.Set(message, qos))
            counters.RetainedRefused();
        var queued = 0;
        foreach (var (session, granted) in targets)
        {
            // To those already subscribed it is news, not a retained message (MQTT-3.3.1-9).
            var delivery = new Delivery(message, qos < granted ? qos : granted, Retain: false);
            queued += Put(session, delivery, due) ? 1 : 0;
        }

        targets.Clear();
        counters.Queued(queued);
        return queued;
    }

    /// <summary>Queues the retained messages that a new subscription selects (MQTT-3.3.1-6, MQTT-3.8.4-3).</summary>
    public void SendRetained(Session session, MqttSubscription granted)
    {
        var selected = _retained.Select(granted.Filter);
        if (selected.Count > 0)
            counters.Dropped(session.EnqueueRetained(selected, granted.Qos));
    }

    private bool Put(Session session, Delivery delivery, List<MqttConnection> due)
    {
        switch (session.Enqueue(delivery))
        {
            case QueueResult.QueuedPumpDue:
                if (session.Connection is { } connection)
                    due.Add(connection);
                return true;
            case QueueResult.Queued:
                return true;
            case QueueResult.TooSlow:
                counters.Dropped(1);
                session.Connection?.Close(MqttCloseReason.SlowConsumer);
                return false;
            default:
                if (session.Connection is not null || delivery.Qos > MqttQos.AtMostOnce)
                    counters.Dropped(1);
                return false;
        }
    }
}
