using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Busbar.Mqtt.Server;

/// <summary>
/// An MQTT 3.1.1 server: sessions, subscriptions, retained messages and wills, QoS 0 and 1. It has no socket of its own; Kestrel hands
/// it connections through <see cref="MqttConnectionHandler"/>. A frame that breaks the protocol ends its connection at once, and a
/// connection that floods is read more slowly; the others do not notice either. Thread safe.
/// </summary>
public sealed class MqttServer : IAsyncDisposable
{
    [ThreadStatic]
    private static List<MqttConnection>? _due;

    private readonly IMqttAuthenticator _authenticator;
    private readonly ConcurrentDictionary<MqttConnection, byte> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _sweep;
    private int _pending;

    /// <summary>Makes a server with its limits and the ports its host carries out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public MqttServer(
        MqttServerOptions options,
        IMqttAuthenticator authenticator,
        IPublishSink sink,
        IMqttConnectionEvents events,
        TimeProvider time,
        ILogger<MqttServer> logger)
    {
        MqttServerOptionsCheck.ThrowIfInvalid(options);
        Options = options;
        _authenticator = authenticator;
        Sink = sink;
        Events = events;
        Time = time;
        Log = new MqttServerLog(logger);
        Router = new Router(options, Counters);
        Sessions = new SessionRegistry(options, Router.Subscriptions, time);
        _sweep = time.CreateTimer(static state => ((MqttServer)state!).Sweep(), this, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Counts and levels.</summary>
    public MqttServerStatistics Statistics => Counters.Read(Sessions.Connected, Sessions.Count, Router.RetainedCount);

    internal MqttServerOptions Options { get; }

    internal IPublishSink Sink { get; }

    internal IMqttConnectionEvents Events { get; }

    internal TimeProvider Time { get; }

    internal MqttServerLog Log { get; }

    internal ServerCounters Counters { get; } = new();

    internal Router Router { get; }

    internal SessionRegistry Sessions { get; }

    /// <summary>
    /// Acknowledges messages that the sink accepted, of any connections in any mixture, each connection with one write. A connection's
    /// PUBACKs leave in the order its messages came (MQTT-4.6.0-2), so one that is acknowledged early waits for those before it. Tokens
    /// of closed connections do nothing. Thread safe; never blocks, never throws.
    /// </summary>
    public static void Acknowledge(ReadOnlySpan<AckToken> tokens)
    {
        var touched = _due ??= [];
        foreach (var token in tokens)
        {
            if (token.Connection is { } connection && connection.Complete(token.Place))
                touched.Add(connection);
        }

        foreach (var connection in touched)
            connection.Pump();
        touched.Clear();
    }

    /// <summary>
    /// Publishes from the server itself, past sink and rights. Never waits: a client that is behind loses it or is disconnected by the
    /// rules of its queue.
    /// </summary>
    /// <returns>How many sessions it was queued for.</returns>
    /// <exception cref="ArgumentException">The topic is no valid name, or QoS 2.</exception>
    public int Publish(string topic, ReadOnlySpan<byte> payload, MqttQos qos = MqttQos.AtMostOnce, bool retain = false)
    {
        if (!MqttTopic.IsValidName(topic))
            throw new ArgumentException("not a valid topic name", nameof(topic));
        if (qos > MqttQos.AtLeastOnce)
            throw new ArgumentException("QoS 2 is not offered", nameof(qos));
        return RouteNow(topic, payload, qos, retain);
    }

    /// <summary>Ends the connection of a client, if it has one; its session stays or goes as its kind says. For rights that were withdrawn.</summary>
    /// <returns>True when it was connected.</returns>
    public bool Disconnect(string clientId)
    {
        if (Sessions.Find(clientId)?.Connection is not { } connection)
            return false;
        connection.Close(MqttCloseReason.ClosedByHost);
        return true;
    }

    /// <summary>Ends all connections that speak for somebody, whatever they call themselves; their sessions stay or go as their kind says.</summary>
    /// <param name="principal">Whose, by <see cref="IMqttPrincipal.Name"/>.</param>
    /// <returns>How many there were.</returns>
    public int DisconnectPrincipal(string principal)
    {
        var closed = 0;
        foreach (var connection in _connections.Keys)
        {
            if (!string.Equals(connection.PrincipalName, principal, StringComparison.Ordinal))
                continue;
            connection.Close(MqttCloseReason.ClosedByHost);
            closed++;
        }

        return closed;
    }

    /// <summary>Serves one connection until it is over. Never throws.</summary>
    public async Task RunAsync(ConnectionContext transport)
    {
        if (_stopping.IsCancellationRequested || Interlocked.Increment(ref _pending) > Options.MaxPendingConnections)
        {
            Interlocked.Decrement(ref _pending);
            Counters.Refused();
            transport.Abort();
            return;
        }

        Counters.Connection();
        var connection = new MqttConnection(this, transport);
        _connections.TryAdd(connection, 0);
        // The server may have stopped between the first look and the adding.
        if (_stopping.IsCancellationRequested)
            connection.Close(MqttCloseReason.ServerStopping);
        try
        {
            await connection.RunAsync(() => Interlocked.Decrement(ref _pending));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // A will that waited for the sink's room when the server was stopped.
        }
        catch (Exception failure)
        {
            // The boundary of one connection: whatever failed, in the host's ports too, ends only this one.
            Log.ConnectionFailed(failure, transport.RemoteEndPoint);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    /// <summary>Closes every connection, without their wills, and waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sweep.DisposeAsync();
        var open = _connections.Keys.ToList();
        foreach (var connection in open)
            connection.Close(MqttCloseReason.ServerStopping);
        await Task.WhenAll(open.Select(connection => connection.Ended));
    }

    internal async ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken cancellationToken)
    {
        try
        {
            return await _authenticator.AuthenticateAsync(credentials, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.AuthenticatorFailed(failure, credentials.ClientId);
            return new MqttAuthentication.Refused(MqttConnectCode.ServerUnavailable, "the authenticator failed");
        }
    }

    /// <summary>Publishes a lost client's will, through the sink like any other message of it.</summary>
    internal async Task PublishWillAsync(MqttClientInfo client, MqttWill will)
    {
        // Rights may have been withdrawn since CONNECT.
        if (!client.Principal.MayPublish(will.Topic))
            return;
        PublishOutcome outcome;
        while ((outcome = OfferWill(client, will)) == PublishOutcome.Full)
            await Sink.WaitForRoomAsync(_stopping.Token);
        Counters.Received(1);
        if (outcome is PublishOutcome.Route or PublishOutcome.AcceptedAndRouted)
            RouteNow(will.Topic, will.Payload.Span, will.Qos, will.Retain);
    }

    private PublishOutcome OfferWill(MqttClientInfo client, MqttWill will) => Sink.OnPublish(new InboundPublish
    {
        ClientId = client.ClientId,
        Principal = client.Principal,
        Topic = will.Topic,
        Payload = will.Payload.Span,
        Qos = will.Qos,
        Retain = will.Retain,
        Duplicate = false,
        IsWill = true,
        Token = AckToken.None,
    });

    private int RouteNow(string topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain)
    {
        var touched = new List<MqttConnection>();
        var queued = Router.Route(topic, payload, qos, retain, touched);
        foreach (var connection in touched)
            connection.Pump();
        return queued;
    }

    private void Sweep()
    {
        foreach (var (connection, _) in _connections)
            connection.CheckSilence();
        Sessions.Expire();
    }
}
