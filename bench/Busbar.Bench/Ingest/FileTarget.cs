using System.Buffers.Binary;
using Busbar.Bench.Running;
using Busbar.Mqtt.Server;
using Microsoft.Win32.SafeHandles;

namespace Busbar.Bench.Ingest;

/// <summary>
/// The limit that the journal is held against: the same server, but each payload is only appended to a file, with one fdatasync for
/// all that came while the one before was running.
/// </summary>
internal sealed class FileTarget : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly SafeFileHandle _file;
    private readonly Sink _sink;
    private readonly Thread _writer;
    private MqttHost? _host;

    private FileTarget()
    {
        _file = File.OpenHandle(Path.Combine(_folder.Path, "frames"), FileMode.CreateNew, FileAccess.Write);
        _sink = new Sink(_file);
        _writer = new Thread(_sink.WriteAll) { Name = "file writer" };
        _writer.Start();
    }

    public int Port => _host!.Port;

    public static async Task<FileTarget> StartAsync(CancellationToken cancellation)
    {
        var target = new FileTarget();
        target._host = await MqttHost.StartAsync(target._sink, cancellation);
        return target;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _sink.Stop();
        _writer.Join();
        _file.Dispose();
        _folder.Dispose();
    }

    private sealed class Sink(SafeFileHandle file) : IPublishSink
    {
        private readonly Lock _gate = new();
        private readonly AutoResetEvent _some = new(initialState: false);
        private Group _filling = new();
        private Group _writing = new();
        private volatile bool _stopping;

        public PublishOutcome OnPublish(in InboundPublish message)
        {
            bool first;
            lock (_gate)
                first = _filling.Add(message.Payload, message.Token);
            if (first)
                _some.Set();
            return PublishOutcome.Accepted;
        }

        // The load's windows bound what can wait.
        public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void Stop()
        {
            _stopping = true;
            _some.Set();
        }

        public void WriteAll()
        {
            var offset = 0L;
            while (!_stopping)
            {
                _some.WaitOne();
                lock (_gate)
                    (_filling, _writing) = (_writing, _filling);
                RandomAccess.Write(file, _writing.Bytes, offset);
                offset += _writing.Bytes.Length;
                DiskSync.Data(file);
                MqttServer.Acknowledge(_writing.Tokens);
                _writing.Clear();
            }
        }
    }

    private sealed class Group
    {
        private byte[] _bytes = new byte[1 << 20];
        private AckToken[] _tokens = new AckToken[4096];
        private int _length;
        private int _count;

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

        public ReadOnlySpan<AckToken> Tokens => _tokens.AsSpan(0, _count);

        /// <summary>Appends; true when it is the first.</summary>
        public bool Add(ReadOnlySpan<byte> payload, AckToken token)
        {
            if (_bytes.Length - _length < payload.Length + sizeof(int))
                Array.Resize(ref _bytes, (2 * _bytes.Length) + payload.Length);
            if (_count == _tokens.Length)
                Array.Resize(ref _tokens, 2 * _tokens.Length);
            BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_length), payload.Length);
            payload.CopyTo(_bytes.AsSpan(_length + sizeof(int)));
            _length += payload.Length + sizeof(int);
            _tokens[_count] = token;
            return _count++ == 0;
        }

        public void Clear()
        {
            _tokens.AsSpan(0, _count).Clear();
            _length = 0;
            _count = 0;
        }
    }
}
