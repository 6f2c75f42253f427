using System.Buffers;
using System.IO.Pipelines;
using Busbar.Mqtt.Codec;
using Busbar.Tests;

namespace Busbar.Mqtt.Tests.Client;

/// <summary>The other end of a client's stream, which says only what a test tells it to.</summary>
internal sealed class ScriptedServer
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();
    private readonly MqttFrameReader _frames = new(1024 * 1024);

    public ManualTimeProvider Time { get; } = new();

    public MqttClientOptions Options => new()
    {
        ClientId = "c",
        KeepAlive = TimeSpan.Zero,
        OpenStream = _ => ValueTask.FromResult<Stream>(new TwoWayStream(_toClient.Reader.AsStream(), _toServer.Writer.AsStream())),
    };

    public async Task<MqttClient> ConnectAsync(MqttClientOptions? options = null, bool present = false)
    {
        var connecting = MqttClient.ConnectAsync(options ?? Options, Time);
        Assert.Equal(MqttPacketType.Connect, (await ReadAsync()).Type);
        await SendAsync(to => PacketWriter.ConnAck(to, new ConnAckPacket(present, MqttConnectCode.Accepted)));
        return await connecting.WaitAsync(Patience);
    }

    public async Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        write(_toClient.Writer);
        await _toClient.Writer.FlushAsync();
    }

    public Task AcknowledgeAsync(ushort id) => SendAsync(to => PacketWriter.WithId(to, MqttPacketType.PubAck, id));

    public Task PublishAsync(string payload, ushort id = 0) => SendAsync(to => PacketWriter.Publish(
        to, "t"u8, System.Text.Encoding.UTF8.GetBytes(payload), id == 0 ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce, retain: false, duplicate: false, id));

    public void Close() => _toClient.Writer.Complete();

    public async Task<(MqttPacketType Type, byte Flags, byte[] Body)> ReadAsync()
    {
        while (true)
        {
            var read = await _toServer.Reader.ReadAsync().AsTask().WaitAsync(Patience);
            var buffer = read.Buffer;
            if (_frames.TryRead(ref buffer, out var frame, out _))
            {
                var seen = (frame.Type, frame.Flags, frame.Body.ToArray());
                _toServer.Reader.AdvanceTo(buffer.Start);
                return seen;
            }

            _toServer.Reader.AdvanceTo(buffer.Start, buffer.End);
            Assert.False(read.IsCompleted, "the client closed the stream");
        }
    }

    /// <summary>The packet id and payload of the next packet, a PUBLISH of QoS 1.</summary>
    public async Task<(ushort Id, string Payload)> ReadPublishAsync()
    {
        var (type, flags, body) = await ReadAsync();
        Assert.Equal(MqttProtocolError.None, PublishPacket.Decode(new MqttFrame(type, flags, body), out var packet));
        return (packet.PacketId, System.Text.Encoding.UTF8.GetString(packet.Payload));
    }

    private sealed class TwoWayStream(Stream input, Stream output) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => output.WriteAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            input.Dispose();
            output.Dispose();
        }
    }
}
