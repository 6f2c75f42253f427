using System.IO.Pipelines;
using Busbar.Mqtt.Codec;
using Microsoft.AspNetCore.Connections;

namespace Busbar.Mqtt.Server;

/// <summary>
/// One client's connection, from its first byte to its end: one reading loop; what leaves goes through its lane. What outlives it is in
/// its <see cref="Session"/>.
/// </summary>
internal sealed partial class MqttConnection
{
    private readonly MqttServer _server;
    private readonly ConnectionContext _transport;
    private readonly PipeReader _input;
    private readonly OutputLane _lane;
    private readonly MqttFrameReader _frames;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reason = -1;
    private Session? _session;
    private MqttClientInfo? _client;
    private MqttWill? _will;
    private TimeSpan _longestSilence;
    private long _heard;
    private volatile bool _paused;

    public MqttConnection(MqttServer server, ConnectionContext transport)
    {
        _server = server;
        _transport = transport;
        _input = transport.Transport.Input;
        _lane = new OutputLane(
            transport.Transport.Output, server.Options.MaxUnacknowledged, server.Counters, server.Time, () => Close(MqttCloseReason.ConnectionLost));
        _frames = new MqttFrameReader(server.Options.MaxPacketSize);
        _rate = new PublishRate(server.Options.MaxPublishesPerSecond, server.Time);
        _heard = server.Time.GetTimestamp();
        _longestSilence = server.Options.ConnectTimeout;
    }

    /// <summary>Completes when nothing of this connection is left: its will is published and its session free.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Who it speaks for; null before it has said so.</summary>
    public string? PrincipalName => _client?.Principal.Name;

    /// <summary>Ends the connection; the first reason stays. Never blocks: safe under any lock.</summary>
    public void Close(MqttCloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, -1) == -1)
            ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.Interrupt(), this, preferLocal: false);
    }

    /// <summary>Completes one accepted message; true when the caller is the one to call <see cref="Pump"/>.</summary>
    public bool Complete(uint place) => _lane.Complete(place);

    /// <summary>Sends what is there to send.</summary>
    public void Pump() => _lane.Pump();

    /// <summary>Closes the connection when it was silent for too long, though not while the server itself keeps it unread, or when it takes nothing.</summary>
    public void CheckSilence()
    {
        if (_lane.IsStuck(_server.Options.LongestSilence))
            Close(MqttCloseReason.SlowConsumer);
        if (!_paused && _server.Time.GetElapsedTime(Volatile.Read(ref _heard)) >= _longestSilence)
            Close(_client is null ? MqttCloseReason.ConnectTimedOut : MqttCloseReason.KeepAliveExpired);
    }

    /// <summary>Serves the connection until it is over.</summary>
    public async Task RunAsync(Action handshakeDone)
    {
        try
        {
            if (await OpenAsync(handshakeDone))
                await ReadAllAsync();
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ConnectionAbortedException)
        {
            Close(MqttCloseReason.ConnectionLost);
        }
        finally
        {
            // A fault of the host's ports passes through here to the server's boundary.
            Close(MqttCloseReason.ConnectionLost);
            await EndAsync();
        }
    }

    private void Interrupt()
    {
        _closing.Cancel();
        _input.CancelPendingRead();
    }

    private async Task EndAsync()
    {
        var reason = (MqttCloseReason)_reason;
        _server.Counters.Closed(reason);
        _lane.Close();
        // A refusal must still reach the client; nothing else is worth waiting for a client that may not read.
        if (reason is not (MqttCloseReason.Refused or MqttCloseReason.TooManyClients))
            _transport.Abort();
        _frames.Dispose();
        if (_client is not null && _session is not null)
        {
            _server.Log.Disconnected(_client.ClientId, reason);
            try
            {
                _server.Events.Disconnected(_client, reason);
                if (_will is not null && reason is not (MqttCloseReason.ClientDisconnected or MqttCloseReason.ServerStopping))
                    await _server.PublishWillAsync(_client, _will);
            }
            finally
            {
                _server.Sessions.Detach(_session);
                _ended.TrySetResult();
            }
        }

        _ended.TrySetResult();
    }

    private async Task ReadAllAsync()
    {
        while (true)
        {
            var read = await _input.ReadAsync();
            if (IsClosing)
                return;
            var buffer = read.Buffer;
            Volatile.Write(ref _heard, _server.Time.GetTimestamp());
            while (HandleFrames(ref buffer) is var next and not Next.Read)
            {
                if (next == Next.End)
                    return;
                _paused = true;
                await WaitAsync(next);
                Volatile.Write(ref _heard, _server.Time.GetTimestamp());
                _paused = false;
            }

            // Answers that cannot leave keep the connection unread, so that they cannot pile up.
            if (!_lane.WhenRoom().IsCompleted)
            {
                _paused = true;
                await WaitAsync(Next.WaitForLane);
                _paused = false;
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
            if (!read.IsCompleted)
                continue;
            Close(MqttCloseReason.ConnectionLost);
            return;
        }
    }

    private async ValueTask WaitAsync(Next next)
    {
        switch (next)
        {
            case Next.WaitForSink:
                await _server.Sink.WaitForRoomAsync(_closing.Token);
                break;
            case Next.WaitForLane or Next.GroupFull:
                await _lane.WhenRoom().WaitAsync(_closing.Token);
                break;
            case Next.WaitForRate:
                var pause = _rate.Refill();
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, _server.Time, _closing.Token);
                break;
        }
    }

    private bool IsClosing => Volatile.Read(ref _reason) >= 0;

    private void Fail(MqttProtocolError error)
    {
        _server.Log.ProtocolError(_client?.ClientId, _transport.RemoteEndPoint, error);
        Close(MqttCloseReason.ProtocolError);
    }
}
