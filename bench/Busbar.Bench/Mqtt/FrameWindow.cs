using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Busbar.Mqtt;
using Busbar.Mqtt.Codec;

namespace Busbar.Bench.Mqtt;

/// <summary>The frames of one connection: as many as its window, side by side, used over and over.</summary>
internal sealed class FrameWindow
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

    public long Sent => _sent;

    public long InFlight => Volatile.Read(ref _sent) - Volatile.Read(ref _acknowledged);

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
