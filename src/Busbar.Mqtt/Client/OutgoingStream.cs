using System.Buffers;

namespace Busbar.Mqtt;

/// <summary>
/// Collects packets while a write is under way and writes them together when it is done: two buffers in turn, one write at a time.
/// Packets are written into <see cref="Buffer"/> under <see cref="Gate"/>, then <see cref="Send"/> is called outside of it.
/// </summary>
internal sealed class OutgoingStream(Stream stream, Action<Exception> failed)
{
    /// <summary>A sender of QoS 0 waits while more than this is unwritten.</summary>
    private const int HighWater = 256 * 1024;

    private ArrayBufferWriter<byte> _spare = new(1024);
    private bool _writing;
    private bool _failed;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _idle;

    public Lock Gate { get; } = new();

    /// <summary>Use only under <see cref="Gate"/>.</summary>
    public ArrayBufferWriter<byte> Buffer { get; private set; } = new(1024);

    /// <summary>Completes when the buffer has room, or has failed.</summary>
    public Task WhenRoom()
    {
        lock (Gate)
        {
            if (Buffer.WrittenCount < HighWater || _failed)
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Completes when everything given to <see cref="Send"/> is written, or has failed.</summary>
    public Task WhenWritten()
    {
        lock (Gate)
        {
            if (!_writing || _failed)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Sees to it that what the buffer holds is written: by the write under way, or by one that begins now.</summary>
    public void Send()
    {
        lock (Gate)
        {
            if (_writing || Buffer.WrittenCount == 0)
                return;
            _writing = true;
        }

        _ = WriteAllAsync();
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (true)
            {
                ArrayBufferWriter<byte> full;
                TaskCompletionSource? room;
                lock (Gate)
                {
                    if (Buffer.WrittenCount == 0)
                    {
                        _writing = false;
                        _idle?.TrySetResult();
                        _idle = null;
                        return;
                    }

                    full = Buffer;
                    Buffer = _spare;
                    room = _room;
                    _room = null;
                }

                room?.TrySetResult();
                await stream.WriteAsync(full.WrittenMemory, CancellationToken.None);
                full.ResetWrittenCount();
                _spare = full;
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The writing flag stays up: a stream that failed once is never written again.
            failed(failure);
            lock (Gate)
            {
                _failed = true;
                _room?.TrySetResult();
                _idle?.TrySetResult();
            }
        }
    }
}
