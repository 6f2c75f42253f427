namespace Busbar.Mqtt.Server;

/// <summary>The last retained message of each topic, within a count and a weight. Thread safe.</summary>
internal sealed class RetainedMessages(int maxCount, int maxWeight)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Delivery> _byTopic = new(StringComparer.Ordinal);
    private long _weight;

    public int Count
    {
        get
        {
            lock (_gate)
                return _byTopic.Count;
        }
    }

    /// <summary>Keeps a message in place of its topic's last one; an empty one only takes that away (MQTT-3.3.1-10, -11). False when there is no room: then the last one stays.</summary>
    public bool Set(RoutedMessage message, MqttQos qos)
    {
        lock (_gate)
        {
            var had = _byTopic.TryGetValue(message.Topic, out var old);
            var without = _weight - (had ? old.Message.Weight : 0);
            if (message.Payload.Length == 0)
            {
                _byTopic.Remove(message.Topic);
                _weight = without;
                return true;
            }

            if ((!had && _byTopic.Count >= maxCount) || without + message.Weight > maxWeight)
                return false;
            _byTopic[message.Topic] = new Delivery(message, qos, Retain: true);
            _weight = without + message.Weight;
            return true;
        }
    }

    /// <summary>The retained messages that a filter selects.</summary>
    public IReadOnlyList<Delivery> Select(string filter)
    {
        lock (_gate)
        {
            if (filter.AsSpan().IndexOfAny('+', '#') < 0)
                return _byTopic.TryGetValue(filter, out var one) ? [one] : [];
            return [.. _byTopic.Values.Where(kept => MqttTopic.Matches(filter, kept.Message.Topic))];
        }
    }
}
