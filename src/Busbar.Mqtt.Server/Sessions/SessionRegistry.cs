namespace Busbar.Mqtt.Server;

/// <summary>Every session by its client id, and the rules of who may have which: one connection each, and never another principal's. Thread safe.</summary>
internal sealed class SessionRegistry(MqttServerOptions limits, SubscriptionTree subscriptions, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private int _connected;

    public int Count
    {
        get
        {
            lock (_gate)
                return _sessions.Count;
        }
    }

    public int Connected => Volatile.Read(ref _connected);

    /// <summary>Gives a connection its session, after the connection that had it is wholly over (MQTT-3.1.4-2).</summary>
    public async ValueTask<(MqttConnectCode Code, Session? Session, bool Present)> AttachAsync(
        MqttConnection connection, string clientId, string principal, bool clean, CancellationToken cancellationToken)
    {
        while (true)
        {
            MqttConnection? other;
            lock (_gate)
            {
                var known = _sessions.GetValueOrDefault(clientId);
                if (known is not null && !string.Equals(known.Principal, principal, StringComparison.Ordinal))
                    return (MqttConnectCode.IdentifierRejected, null, false);
                other = known?.Connection;
                if (other is null)
                    return _connected < limits.MaxClients ? Give(connection, known, clientId, principal, clean) : (MqttConnectCode.ServerUnavailable, null, false);
            }

            other.Close(MqttCloseReason.TakenOver);
            await other.Ended.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes the connection from a session; a clean one is forgotten, another is kept within the limits.</summary>
    public void Detach(Session session)
    {
        lock (_gate)
        {
            _connected--;
            session.Detach();
            session.AwaySince = time.GetTimestamp();
            if (session.Clean)
                Forget(session);
            else if (_sessions.Count - _connected > limits.MaxKeptSessions && Away().MinBy(away => away.AwaySince) is { } longest)
                Forget(longest);
        }
    }

    public Session? Find(string clientId)
    {
        lock (_gate)
            return _sessions.GetValueOrDefault(clientId);
    }

    /// <summary>Forgets sessions whose client was away too long.</summary>
    public void Expire()
    {
        lock (_gate)
        {
            foreach (var late in Away().Where(away => time.GetElapsedTime(away.AwaySince) >= limits.KeptSessionLifetime).ToList())
                Forget(late);
        }
    }

    private (MqttConnectCode Code, Session Session, bool Present) Give(MqttConnection connection, Session? known, string clientId, string principal, bool clean)
    {
        var present = known is not null && !clean && !known.Clean;
        if (known is not null && !present)
            Forget(known);
        var session = present ? known! : new Session(clientId, principal, clean, limits);
        _sessions[clientId] = session;
        _connected++;
        session.Attach(connection);
        return (MqttConnectCode.Accepted, session, present);
    }

    private IEnumerable<Session> Away() => _sessions.Values.Where(session => session.Connection is null);

    private void Forget(Session session)
    {
        _sessions.Remove(session.ClientId);
        foreach (var filter in session.Filters)
            subscriptions.Remove(session, filter);
    }
}
