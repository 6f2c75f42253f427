using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Busbar.Mqtt;
using Busbar.Mqtt.Codec;

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
}

/// <summary>
/// QoS 1 at full speed: raw sockets, pre-encoded frames, each connection always with a full window. As many messages as there is room
/// for leave in one write, as devices behind one gateway would. PUBACKs are counted, and held to the order of their messages.
/// </summary>
internal sealed class AckedFrameLoad(AckedFrameSettings settings)
{
    private readonly LatencyHistogram _latency = new();
    private long _acknowledged;
    private long _measureFrom = long.MaxValue;
    private volatile bool _stop;

    /// <summary>Connects, warms up, measures, and waits for what is in flight. Acknowledgements of the warm-up do not count.</summary>
    public async Task<AckedFrameResult> RunAsync(TimeSpan warmUp, TimeSpan measure, TimeProvider time, CancellationToken cancellationToken)
    {
        var sockets = await Task.WhenAll(Enumerable.Range(0, settings.Connections).Select(at => ConnectAsync(at, cancellationToken)));
        var drivers = sockets.Select((socket, at) => Task.Run(() => DriveAsync(socket, at, cancellationToken), cancellationToken)).ToArray();
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

    private async Task<Socket> ConnectAsync(int at, CancellationToken cancellationToken)
    {
        var socket = new Socket(settings.Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(settings.Server, cancellationToken);
        var (clientId, userName, password) = settings.Credentials(at);
        var connect = new ArrayBufferWriter<byte>();
        PacketWriter.Connect(connect, new ConnectPacket
        {
            ClientId = clientId,
            UserName = userName,
            Password = password,
        });
        await socket.SendAsync(connect.WrittenMemory, cancellationToken);
        var answer = new byte[4];
        for (var got = 0; got < answer.Length;)
        {
            var more = await socket.ReceiveAsync(answer.AsMemory(got), cancellationToken);
            got += more > 0 ? more : throw new InvalidOperationException("the server closed the connection instead of answering CONNECT");
        }

        return answer[3] == 0 ? socket : throw new InvalidOperationException($"the server refused {clientId}: {(MqttConnectCode)answer[3]}");
    }

    private async Task DriveAsync(Socket socket, int at, CancellationToken cancellationToken)
    {
        using var owned = socket;
        var frames = new FrameWindow(settings, at);
        var received = new byte[4 * settings.Window];
        var kept = 0;
        await socket.SendAsync(frames.Next(settings.Window), cancellationToken);
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
            if (!_stop)
                await socket.SendAsync(frames.Next(acks), cancellationToken);
        }

        await socket.SendAsync(new byte[] { 0xE0, 0 }, cancellationToken);
    }

    /// <summary>The frames of one connection: as many as its window, side by side, used over and over.</summary>
    private sealed class FrameWindow
    {
        private readonly AckedFrameSettings _settings;
        private readonly int _connection;
        private readonly byte[] _template;
        private readonly int _payloadSize;
        private readonly byte[] _buffer;
        private readonly long[] _sentAt;
        private long _sent;
        private long _acknowledged;

        public FrameWindow(AckedFrameSettings settings, int connection)
        {
            _settings = settings;
            _connection = connection;
            var payload = settings.Payload(connection);
            var frame = new ArrayBufferWriter<byte>();
            PacketWriter.Publish(
                frame, System.Text.Encoding.UTF8.GetBytes(settings.Topic(connection)), payload, MqttQos.AtLeastOnce, retain: false, duplicate: false, 1);
            _template = frame.WrittenSpan.ToArray();
            _payloadSize = payload.Length;
            _buffer = new byte[_template.Length * settings.Window];
            for (var i = 0; i < settings.Window; i++)
                _template.CopyTo(_buffer, i * _template.Length);
            _sentAt = new long[settings.Window];
        }

        public long InFlight => _sent - _acknowledged;

        /// <summary>The next frames to send, valid until called again.</summary>
        public ReadOnlyMemory<byte> Next(int count)
        {
            var now = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++, _sent++)
            {
                var frame = _buffer.AsSpan(i * _template.Length, _template.Length);
                BinaryPrimitives.WriteUInt16BigEndian(frame[^(_payloadSize + 2)..], PacketId(_sent));
                _settings.Stamp?.Invoke(frame[^_payloadSize..], _connection, _sent);
                _sentAt[_sent % _sentAt.Length] = now;
            }

            return _buffer.AsMemory(0, count * _template.Length);
        }

        public void Acknowledge(ReadOnlySpan<byte> acks, LatencyHistogram latency, long measureFrom)
        {
            var now = Stopwatch.GetTimestamp();
            for (; acks.Length > 0; acks = acks[4..], _acknowledged++)
            {
                if (acks[0] != 0x40 || acks[1] != 2 || BinaryPrimitives.ReadUInt16BigEndian(acks[2..]) != PacketId(_acknowledged))
                    throw new InvalidOperationException($"not the PUBACK of message {_acknowledged}: {Convert.ToHexString(acks[..4])}");
                var sentAt = _sentAt[_acknowledged % _sentAt.Length];
                if (sentAt >= measureFrom)
                    latency.Add(Stopwatch.GetElapsedTime(sentAt, now));
            }
        }

        private static ushort PacketId(long message) => (ushort)((message % ushort.MaxValue) + 1);
    }
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
