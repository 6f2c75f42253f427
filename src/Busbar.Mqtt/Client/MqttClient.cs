using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt;

/// <summary>
/// One connection to an MQTT 3.1.1 server. Made open, ends once, never reconnects by itself: its owner decides when to try again.
/// All members are thread safe. Messages that were not acknowledged when the connection ended are failed to their publishers, who
/// send them again on the next one.
/// </summary>
public sealed partial class MqttClient : IAsyncDisposable
{
    private readonly MqttClientOptions _options;
    private readonly TimeProvider _time;
    private readonly Stream _stream;
    private readonly OutgoingStream _out;
    private readonly Channel<MqttMessage> _incoming;
    private readonly PublishWindow _window;
    private readonly Dictionary<ushort, TaskCompletionSource<IReadOnlyList<MqttSubscribeCode>>> _asked = [];
    private readonly TaskCompletionSource<ConnAckPacket> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<MqttDisconnect> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MqttDisconnect? _end;
    private bool _saidGoodbye;
    private KeepAlive? _keepAlive;
    private long _dropped;

    private MqttClient(MqttClientOptions options, TimeProvider time, Stream stream)
    {
        _options = options;
        _time = time;
        _stream = stream;
        _out = new OutgoingStream(stream, failure => End(new MqttDisconnect(MqttDisconnectReason.NetworkFailed, Cause: failure)));
        _window = new PublishWindow(options.MaxInFlight);
        _incoming = Channel.CreateBounded<MqttMessage>(new BoundedChannelOptions(options.IncomingCapacity) { SingleWriter = true });
    }

    /// <summary>True when the server still had a session for this client id.</summary>
    public bool SessionPresent { get; private set; }

    /// <summary>Messages from subscriptions, in the order they came; completed when the connection is over and all are read.</summary>
    public ChannelReader<MqttMessage> Messages => _incoming.Reader;

    /// <summary>Completes, never faults, when the connection is over, with the reason.</summary>
    public Task<MqttDisconnect> Ended => _ended.Task;

    /// <summary>QoS 0 messages dropped because nobody read <see cref="Messages"/>.</summary>
    public long DroppedMessages => Interlocked.Read(ref _dropped);

    /// <summary>Opens a connection and waits for the server's CONNACK.</summary>
    /// <exception cref="MqttException">Unreachable, refused or too slow; <see cref="MqttException.IsTransient"/> says whether trying again can help.</exception>
    /// <exception cref="ArgumentException">The options contradict each other or leave their range.</exception>
    public static async Task<MqttClient> ConnectAsync(MqttClientOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        MqttClientOptionsCheck.ThrowIfInvalid(options);
        using var late = new CancellationTokenSource(options.AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        MqttClient? client = null;
        try
        {
            client = new MqttClient(options, time, await MqttTransport.OpenAsync(options, either.Token));
            await client.OpenSessionAsync(either.Token);
            return client;
        }
        catch (Exception failure)
        {
            client?.End(new MqttDisconnect(MqttDisconnectReason.Closed, Cause: failure));
            if (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new MqttException(MqttFailure.TimedOut, $"no connection within {options.AnswerTimeout}", failure);
            throw;
        }
    }

    /// <summary>
    /// Publishes a message. QoS 0 completes when it is handed to the connection; QoS 1 completes when the server's PUBACK is here,
    /// waiting first while <see cref="MqttClientOptions.MaxInFlight"/> messages are unacknowledged. Messages of one quality are sent in
    /// the order of the calls. The payload must not change before completion. Cancelling stops the waiting, not a message already sent.
    /// </summary>
    /// <exception cref="MqttException">The connection ended before the acknowledgement, or the packet is too large.</exception>
    /// <exception cref="ArgumentException">The topic is no valid name, or QoS 2 was asked for.</exception>
    public Task PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQos qos = MqttQos.AtLeastOnce,
        bool retain = false,
        CancellationToken cancellationToken = default)
    {
        if (!MqttTopic.IsValidName(topic))
            throw new ArgumentException("not a valid topic name", nameof(topic));
        if (qos > MqttQos.AtLeastOnce)
            throw new ArgumentException("QoS 2 is not offered", nameof(qos));
        var utf8 = Encoding.UTF8.GetBytes(topic);
        var size = PacketWriter.PublishSize(utf8.Length, payload.Length, qos);
        if (size > _options.MaxPacketSize)
            throw new MqttException(MqttFailure.TooLarge, $"a packet of {size} bytes is above the limit of {_options.MaxPacketSize}");
        return qos == MqttQos.AtMostOnce
            ? PublishOnceAsync(utf8, payload, retain, cancellationToken)
            : PublishAcknowledgedAsync(new PublishWindow.Pending(utf8, payload, retain), cancellationToken);
    }

    /// <summary>Subscribes and waits for the server's answers, one for each filter in the same order.</summary>
    /// <exception cref="MqttException">The connection ended or the server did not answer in time.</exception>
    /// <exception cref="ArgumentException">No filter, one that is not valid, or QoS 2.</exception>
    public async Task<IReadOnlyList<MqttSubscribeCode>> SubscribeAsync(
        IReadOnlyList<MqttSubscription> subscriptions, CancellationToken cancellationToken = default)
    {
        CheckFilters([.. subscriptions.Select(wish => wish.Filter)], nameof(subscriptions));
        if (subscriptions.Any(wish => wish.Qos > MqttQos.AtLeastOnce))
            throw new ArgumentException("QoS 2 is not offered", nameof(subscriptions));
        var codes = await AskAsync(id => PacketWriter.Subscribe(_out.Buffer, new SubscribePacket(id, subscriptions)), cancellationToken);
        if (codes.Count == subscriptions.Count)
            return codes;
        End(new MqttDisconnect(MqttDisconnectReason.ProtocolError, MqttProtocolError.InvalidSubscribeAnswer));
        throw EndedException();
    }

    /// <summary>Unsubscribes and waits for the server's answer.</summary>
    /// <exception cref="MqttException">The connection ended or the server did not answer in time.</exception>
    /// <exception cref="ArgumentException">No filter, or one that is not valid.</exception>
    public async Task UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken = default)
    {
        CheckFilters(filters, nameof(filters));
        await AskAsync(id => PacketWriter.Unsubscribe(_out.Buffer, new UnsubscribePacket(id, filters)), cancellationToken);
    }

    /// <summary>Says goodbye, so that the will is not published, and closes. Safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_out.Gate)
        {
            if (_end is null && !_saidGoodbye)
                PacketWriter.Empty(_out.Buffer, MqttPacketType.Disconnect);
            _saidGoodbye = true;
        }

        _out.Send();
        // A server that does not read must not hold up its client's end.
        await Task.WhenAny(_out.WhenWritten(), Task.Delay(TimeSpan.FromSeconds(1), _time));
        End(new MqttDisconnect(MqttDisconnectReason.Closed));
        await _ended.Task;
    }

    private static void CheckFilters(IReadOnlyList<string> filters, string name)
    {
        if (filters.Count == 0 || filters.Any(filter => !MqttTopic.IsValidFilter(filter)))
            throw new ArgumentException("needs valid topic filters, one or more", name);
    }

    private async Task OpenSessionAsync(CancellationToken cancellationToken)
    {
        lock (_out.Gate)
        {
            PacketWriter.Connect(_out.Buffer, new ConnectPacket
            {
                ClientId = _options.ClientId,
                CleanSession = _options.CleanSession,
                KeepAliveSeconds = (ushort)_options.KeepAlive.TotalSeconds,
                Will = _options.Will,
                UserName = _options.UserName,
                Password = _options.Password,
            });
        }

        _out.Send();
        _ = ReadAllAsync(PipeReader.Create(_stream));
        var answer = await _answer.Task.WaitAsync(cancellationToken);
        if (answer.Code != MqttConnectCode.Accepted)
            throw new MqttException(MqttFailure.Refused, $"the server refused the connection: {answer.Code}") { ConnectCode = answer.Code };
        SessionPresent = answer.SessionPresent;
        if (_options.KeepAlive > TimeSpan.Zero)
            _keepAlive = new KeepAlive(this);
    }

    private async Task PublishOnceAsync(byte[] topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken)
    {
        await _out.WhenRoom().WaitAsync(cancellationToken);
        lock (_out.Gate)
        {
            ThrowIfEnded();
            PacketWriter.Publish(_out.Buffer, topic, payload.Span, MqttQos.AtMostOnce, retain, duplicate: false, 0);
        }

        Sent();
    }

    private async Task PublishAcknowledgedAsync(PublishWindow.Pending message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_out.Gate)
        {
            ThrowIfEnded();
            _window.Add(message);
            WriteWindow();
        }

        Sent();
        await using var cancelled = cancellationToken.UnsafeRegister(static (state, token) => ((PublishWindow.Pending)state!).TrySetCanceled(token), message);
        await message.Task;
    }

    /// <summary>Writes what the window lets through. Under the gate.</summary>
    private void WriteWindow()
    {
        while (_window.TrySend(out var message, out var id))
            PacketWriter.Publish(_out.Buffer, message.Topic, message.Payload.Span, MqttQos.AtLeastOnce, message.Retain, duplicate: false, id);
    }

    private async Task<IReadOnlyList<MqttSubscribeCode>> AskAsync(Action<ushort> write, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<IReadOnlyList<MqttSubscribeCode>>(TaskCreationOptions.RunContinuationsAsynchronously);
        ushort id;
        lock (_out.Gate)
        {
            ThrowIfEnded();
            id = _window.Reserve();
            _asked.Add(id, answer);
            write(id);
        }

        Sent();
        try
        {
            return await answer.Task.WaitAsync(_options.AnswerTimeout, _time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new MqttException(MqttFailure.TimedOut, $"no answer within {_options.AnswerTimeout}", late);
        }
        finally
        {
            lock (_out.Gate)
            {
                _asked.Remove(id);
                _window.Release(id);
            }
        }
    }

    private void Sent()
    {
        _keepAlive?.Wrote();
        _out.Send();
    }

    private void ThrowIfEnded()
    {
        if (_end is not null)
            throw EndedException();
    }

    private MqttException EndedException()
    {
        Debug.Assert(_end is not null, "only asked for when the connection is over");
        return _end.Reason switch
        {
            MqttDisconnectReason.Closed => new MqttException(MqttFailure.Closed, "the client was closed", _end.Cause),
            MqttDisconnectReason.ProtocolError =>
                new MqttException(MqttFailure.Protocol, $"the server broke the protocol: {_end.ProtocolError}") { ProtocolError = _end.ProtocolError },
            var reason => new MqttException(MqttFailure.ConnectionLost, $"the connection ended: {reason}", _end.Cause),
        };
    }

    /// <summary>Ends the connection once: the first reason stays, everybody who waits is told.</summary>
    private void End(MqttDisconnect end)
    {
        IReadOnlyList<PublishWindow.Pending> unacknowledged;
        TaskCompletionSource<IReadOnlyList<MqttSubscribeCode>>[] unanswered;
        lock (_out.Gate)
        {
            if (_end is not null)
                return;
            // A server may close at our goodbye before we do: what it then looks like from here, it was we who ended it.
            if (_saidGoodbye && end.Reason is MqttDisconnectReason.ServerClosed or MqttDisconnectReason.NetworkFailed)
                end = new MqttDisconnect(MqttDisconnectReason.Closed);
            _end = end;
            unacknowledged = _window.TakeAll();
            unanswered = [.. _asked.Values];
        }

        _keepAlive?.Dispose();
        _stream.Dispose();
        foreach (var message in unacknowledged)
            message.TrySetException(EndedException());
        foreach (var answer in unanswered)
            answer.TrySetException(EndedException());
        _answer.TrySetException(EndedException());
        _incoming.Writer.TryComplete();
        _ended.TrySetResult(_end);
    }
}
