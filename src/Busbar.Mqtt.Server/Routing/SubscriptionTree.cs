namespace Busbar.Mqtt.Server;

/// <summary>
/// Who subscribed to what, as a tree of topic levels: finding the subscribers of a name costs its levels and the finds, however many
/// filters there are. A session that several filters select is found once, at the best quality (3.3.5). Thread safe.
/// </summary>
internal sealed class SubscriptionTree
{
    private readonly Lock _gate = new();
    private readonly Node _root = new();
    private long _stamp;

    /// <summary>Adds or replaces a subscription.</summary>
    public void Add(Session session, string filter, MqttQos qos)
    {
        lock (_gate)
        {
            var node = _root;
            foreach (var level in filter.Split('/'))
                node = node.Child(level);
            node.Subscribers[session] = qos;
        }
    }

    public void Remove(Session session, string filter)
    {
        lock (_gate)
            Remove(_root, filter.Split('/'), session);
    }

    /// <summary>Adds every subscriber of a topic name to a list.</summary>
    public void Match(string topic, List<(Session Session, MqttQos Qos)> found)
    {
        lock (_gate)
        {
            _stamp++;
            Match(_root, topic, topic[0] != '$', found);
        }
    }

    private static void Remove(Node node, ReadOnlySpan<string> levels, Session session)
    {
        if (levels.IsEmpty)
        {
            node.Subscribers.Remove(session);
            return;
        }

        if (!node.Children.TryGetValue(levels[0], out var child))
            return;
        Remove(child, levels[1..], session);
        // Empty branches go, or a client could grow the tree for ever by subscribing and unsubscribing.
        if (child.Subscribers.Count == 0 && child.Children.Count == 0)
            node.Children.Remove(levels[0]);
    }

    private void Match(Node node, ReadOnlySpan<char> rest, bool wildcards, List<(Session Session, MqttQos Qos)> found)
    {
        if (wildcards && node.Children.TryGetValue("#", out var all))
            Take(all, found);
        var slash = rest.IndexOf('/');
        var level = slash < 0 ? rest : rest[..slash];
        if (node.ByText.TryGetValue(level, out var child))
            Descend(child, slash < 0, rest, slash, found);
        if (wildcards && node.Children.TryGetValue("+", out var any))
            Descend(any, slash < 0, rest, slash, found);
    }

    private void Descend(Node child, bool last, ReadOnlySpan<char> rest, int slash, List<(Session Session, MqttQos Qos)> found)
    {
        if (!last)
        {
            Match(child, rest[(slash + 1)..], wildcards: true, found);
            return;
        }

        Take(child, found);
        // "sport/#" selects "sport" itself (4.7.1.2).
        if (child.Children.TryGetValue("#", out var all))
            Take(all, found);
    }

    private void Take(Node node, List<(Session Session, MqttQos Qos)> found)
    {
        foreach (var (session, qos) in node.Subscribers)
        {
            if (session.FoundStamp != _stamp)
            {
                session.FoundStamp = _stamp;
                session.FoundAt = found.Count;
                found.Add((session, qos));
            }
            else if (found[session.FoundAt].Qos < qos)
            {
                found[session.FoundAt] = (session, qos);
            }
        }
    }

    private sealed class Node
    {
        public Node() => ByText = Children.GetAlternateLookup<ReadOnlySpan<char>>();

        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Node>.AlternateLookup<ReadOnlySpan<char>> ByText { get; }

        public Dictionary<Session, MqttQos> Subscribers { get; } = [];

        public Node Child(string level)
        {
            if (!Children.TryGetValue(level, out var child))
                Children.Add(level, child = new Node());
            return child;
        }
    }
}
