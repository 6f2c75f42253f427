namespace Busbar.Mqtt.Server;

/// <summary>The server's counts. Thread safe.</summary>
internal sealed class ServerCounters
{
    private long _connections;
    private long _refused;
    private long _received;
    private long _acknowledged;
    private long _queued;
    private long _dropped;
    private long _retainedRefused;
    private long _forbiddenPublishes;
    private long _refusedSubscriptions;
    private long _protocolErrors;
    private long _slowConsumers;

    public void Connection() => Interlocked.Increment(ref _connections);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Received(int count) => Add(ref _received, count);

    public void Acknowledged(int count) => Add(ref _acknowledged, count);

    public void Queued(int count) => Add(ref _queued, count);

    public void Dropped(int count) => Add(ref _dropped, count);

    public void RetainedRefused() => Interlocked.Increment(ref _retainedRefused);

    public void RefusedSubscription() => Interlocked.Increment(ref _refusedSubscriptions);

    /// <summary>Counts an end by those reasons that have a count of their own.</summary>
    public void Closed(MqttCloseReason reason)
    {
        switch (reason)
        {
            case MqttCloseReason.ForbiddenPublish:
                Interlocked.Increment(ref _forbiddenPublishes);
                break;
            case MqttCloseReason.ProtocolError:
                Interlocked.Increment(ref _protocolErrors);
                break;
            case MqttCloseReason.SlowConsumer:
                Interlocked.Increment(ref _slowConsumers);
                break;
            case MqttCloseReason.Refused or MqttCloseReason.TooManyClients:
                Refused();
                break;
        }
    }

    public MqttServerStatistics Read(int clients, int sessions, int retained) => new()
    {
        Clients = clients,
        Sessions = sessions,
        Retained = retained,
        Connections = Interlocked.Read(ref _connections),
        Refused = Interlocked.Read(ref _refused),
        Received = Interlocked.Read(ref _received),
        Acknowledged = Interlocked.Read(ref _acknowledged),
        Queued = Interlocked.Read(ref _queued),
        Dropped = Interlocked.Read(ref _dropped),
        RetainedRefused = Interlocked.Read(ref _retainedRefused),
        ForbiddenPublishes = Interlocked.Read(ref _forbiddenPublishes),
        RefusedSubscriptions = Interlocked.Read(ref _refusedSubscriptions),
        ProtocolErrors = Interlocked.Read(ref _protocolErrors),
        SlowConsumers = Interlocked.Read(ref _slowConsumers),
    };

    private static void Add(ref long to, int count)
    {
        if (count > 0)
            Interlocked.Add(ref to, count);
    }
}
