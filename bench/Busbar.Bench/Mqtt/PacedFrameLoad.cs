using System.Diagnostics;
using System.Net.Sockets;

namespace Busbar.Bench.Mqtt;

/// <summary>
/// QoS 1 at a steady rate over all connections in turn, one message a write, whether or not earlier ones are acknowledged: what each
/// acknowledgement takes while there is room to spare.
/// </summary>
internal sealed class PacedFrameLoad(AckedFrameSettings settings, int perSecond)
{
    private readonly LatencyHistogram _latency = new();
    private Socket[] _sockets = [];
    private long _acknowledged;
    private long _measureFrom = long.MaxValue;
    private volatile bool _over;

    /// <summary>Connects every client.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken) => _sockets = await LoadSocket.ConnectAllAsync(settings, cancellationToken);

    /// <summary>Warms up, measures, and waits for what is in flight.</summary>
    public async Task<AckedFrameResult> RunAsync(TimeSpan warmUp, TimeSpan measure, TimeProvider time, CancellationToken cancellationToken)
    {
        FrameWindow[] frames = [.. _sockets.Select((_, at) => new FrameWindow(settings, at))];
        var receivers = _sockets.Select((socket, at) => Task.Run(() => ReceiveAsync(socket, frames[at], cancellationToken), cancellationToken)).ToArray();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1), time);
        await SendAsync(frames, warmUp, timer, cancellationToken);
        var before = Interlocked.Read(ref _acknowledged);
        var begin = Stopwatch.GetTimestamp();
        Volatile.Write(ref _measureFrom, begin);
        await SendAsync(frames, measure, timer, cancellationToken);
        var count = Interlocked.Read(ref _acknowledged) - before;
        var elapsed = Stopwatch.GetElapsedTime(begin);
        while (frames.Sum(frame => frame.InFlight) > 0 && !Array.Exists(receivers, receiver => receiver.IsFaulted))
            await timer.WaitForNextTickAsync(cancellationToken);
        _over = true;
        // One more message each, whose acknowledgement ends the receiver.
        for (var at = 0; at < frames.Length; at++)
            await _sockets[at].SendAsync(frames[at].Next(1), cancellationToken);
        await Task.WhenAll(receivers);
        return new AckedFrameResult(count, Interlocked.Read(ref _acknowledged), elapsed, _latency.At(0.50), _latency.At(0.99), _latency.At(0.999));
    }

    private async Task SendAsync(FrameWindow[] frames, TimeSpan length, PeriodicTimer timer, CancellationToken cancellationToken)
    {
        var sent = 0L;
        var start = Stopwatch.GetTimestamp();
        for (var elapsed = TimeSpan.Zero; elapsed < length; elapsed = Stopwatch.GetElapsedTime(start))
        {
            for (var due = (long)(elapsed.TotalSeconds * perSecond); sent < due; sent++)
            {
                var at = (int)(sent % frames.Length);
                // A server that is so far behind misses the rate, and the figure says so.
                if (frames[at].InFlight < settings.Window)
                    _sockets[at].Send(frames[at].Next(1).Span);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task ReceiveAsync(Socket socket, FrameWindow frames, CancellationToken cancellationToken)
    {
        using var owned = socket;
        var received = new byte[4 * settings.Window];
        var kept = 0;
        while (!_over)
        {
            var got = await socket.ReceiveAsync(received.AsMemory(kept), cancellationToken);
            if (got == 0)
                throw new InvalidOperationException("the server closed the connection under load");
            kept += got;
            var whole = kept / 4 * 4;
            frames.Acknowledge(received.AsSpan(0, whole), _latency, Volatile.Read(ref _measureFrom));
            received.AsSpan(whole, kept - whole).CopyTo(received);
            kept -= whole;
            Interlocked.Add(ref _acknowledged, whole / 4);
        }
    }
}
