using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Busbar.Bench.Mqtt;

/// <summary>Writes what differs from message to message into a pre-encoded payload: a sequence number, say.</summary>
internal delegate void PayloadStamp(Span<byte> payload, int connection, long message);

/// <summary>One load's settings.</summary>
/// <param name="Server">Where any MQTT 3.1.1 server listens.</param>
/// <param name="Connections">Clients at once.</param>
/// <param name="Window">Messages of one client that may wait for their PUBACK, 1 to 65,535.</param>
/// <param name="Topic">The topic of a connection.</param>
/// <param name="Payload">The payload of a connection, the same size for all its messages.</param>
/// <param name="Stamp">Makes each message its own; null sends the same bytes again and again.</param>
internal sealed record AckedFrameSettings(
    IPEndPoint Server, int Connections, int Window, Func<int, string> Topic, Func<int, byte[]> Payload, PayloadStamp? Stamp = null)
{
    /// <summary>The client id, user name and password of a connection.</summary>
    public Func<int, (string ClientId, string? UserName, byte[]? Password)> Credentials { get; init; } = at => ($"load-{at}", null, null);

    /// <summary>How many messages each connection sends before it ends; without end by default.</summary>
    public long MessagesEach { get; init; } = long.MaxValue;
}

/// <summary>
/// QoS 1 at full speed: raw sockets, pre-encoded frames, each connection always with a full window. As many messages as there is room
/// for leave in one write, as devices behind one gateway would. PUBACKs are counted, and held to the order of their messages.
/// </summary>
internal sealed class AckedFrameLoad(AckedFrameSettings settings)
{
    private readonly LatencyHistogram _latency = new();
    private Socket[] _sockets = [];
    private long _acknowledged;
    private long _measureFrom = long.MaxValue;
    private volatile bool _stop;

    /// <summary>Connects every client.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken) => _sockets = await LoadSocket.ConnectAllAsync(settings, cancellationToken);

    /// <summary>Warms up, measures, and waits for what is in flight. Acknowledgements of the warm-up do not count.</summary>
    public async Task<AckedFrameResult> RunAsync(TimeSpan warmUp, TimeSpan measure, TimeProvider time, CancellationToken cancellationToken)
    {
        var drivers = _sockets.Select((socket, at) => Task.Run(() => DriveAsync(socket, at, cancellationToken), cancellationToken)).ToArray();
        var all = Task.WhenAll(drivers);
        // A connection that fails ends the wait at once.
        await Task.WhenAny(all, Task.Delay(warmUp, time, cancellationToken));
        var before = Interlocked.Read(ref _acknowledged);
        var begin = Stopwatch.GetTimestamp();
        Volatile.Write(ref _measureFrom, begin);
        await Task.WhenAny(all, Task.Delay(measure, time, cancellationToken));
        var count = Interlocked.Read(ref _acknowledged) - before;
        var elapsed = Stopwatch.GetElapsedTime(begin);
        _stop = true;
        await all;
        return new AckedFrameResult(count, Interlocked.Read(ref _acknowledged), elapsed, _latency.At(0.50), _latency.At(0.99), _latency.At(0.999));
    }

    private async Task DriveAsync(Socket socket, int at, CancellationToken cancellationToken)
    {
        using var owned = socket;
        var frames = new FrameWindow(settings, at);
        var received = new byte[4 * settings.Window];
        var kept = 0;
        await socket.SendAsync(frames.Next(Most(settings.Window, frames)), cancellationToken);
        while (frames.InFlight > 0)
        {
            var got = await socket.ReceiveAsync(received.AsMemory(kept), cancellationToken);
            if (got == 0)
                throw new InvalidOperationException("the server closed the connection under load");
            kept += got;
            var acks = kept / 4;
            if (acks == 0)
                continue;
            frames.Acknowledge(received.AsSpan(0, 4 * acks), _latency, Volatile.Read(ref _measureFrom));
            received.AsSpan(4 * acks, kept - (4 * acks)).CopyTo(received);
            kept -= 4 * acks;
            Interlocked.Add(ref _acknowledged, acks);
            if (!_stop && Most(acks, frames) is > 0 and var next)
                await socket.SendAsync(frames.Next(next), cancellationToken);
        }

        await socket.SendAsync(LoadSocket.Disconnect, cancellationToken);
    }

    private int Most(int wanted, FrameWindow frames) => (int)Math.Min(wanted, settings.MessagesEach - frames.Sent);
}

/// <summary>What a load measured.</summary>
/// <param name="Acknowledged">Acknowledgements within the measured time.</param>
/// <param name="AcknowledgedInAll">Acknowledgements of the whole run, to be held against what the server stored.</param>
/// <param name="Elapsed">The measured time.</param>
/// <param name="P50">Half of the messages were acknowledged within this.</param>
/// <param name="P99">99 of a hundred.</param>
/// <param name="P999">999 of a thousand.</param>
internal sealed record AckedFrameResult(long Acknowledged, long AcknowledgedInAll, TimeSpan Elapsed, TimeSpan P50, TimeSpan P99, TimeSpan P999)
{
    public double PerSecond => Acknowledged / Elapsed.TotalSeconds;
}
