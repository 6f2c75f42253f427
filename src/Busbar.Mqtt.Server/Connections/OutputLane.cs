using System.Buffers;
using System.IO.Pipelines;
using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Server;

/// <summary>
/// Everything that leaves on one connection, from any thread: PUBACKs in the order of their messages, answers to its requests, then
/// the session's messages. One flush at a time, each with all that is there, up to <see cref="Budget"/>. Memory is bounded: messages
/// stay in the session's queue while the client does not read, and its own requests are not read while their answers cannot leave.
/// </summary>
internal sealed class OutputLane(PipeWriter output, int maxUnacknowledged, ServerCounters counters, TimeProvider time, Action broken)
{
    private const int Budget = 64 * 1024;
    private const int MaxAnswers = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly AckRing _acks = new(maxUnacknowledged);
    private readonly ArrayBufferWriter<byte> _answers = new(64);
    private TaskCompletionSource? _room;
    private Session? _session;
    private bool _flushing;
    private long _flushingSince;
    private bool _pumpDue;
    private bool _closed;

    /// <summary>From now on the session's messages are sent.</summary>
    public void Serve(Session session)
    {
        lock (_gate)
            _session = session;
        Pump();
    }

    /// <summary>Takes the next place for a PUBACK; false when too many wait.</summary>
    public bool TryReserve(ushort packetId, out uint place)
    {
        lock (_gate)
        {
            place = 0;
            if (_acks.IsFull)
                return false;
            place = _acks.Add(packetId);
            return true;
        }
    }

    /// <summary>Completes a place. True when PUBACKs are due by it and the caller is the one to call <see cref="Pump"/>.</summary>
    public bool Complete(uint place)
    {
        lock (_gate)
        {
            _acks.Complete(place);
            if (_closed || _pumpDue || _flushing || !_acks.IsReady)
                return false;
            return _pumpDue = true;
        }
    }

    /// <summary>Queues an answer, written by the caller, for the next <see cref="Pump"/>.</summary>
    public void Answer<TState>(TState state, Action<IBufferWriter<byte>, TState> write)
    {
        lock (_gate)
            write(_answers, state);
    }

    /// <summary>Completes at once unless the connection must not be read on: too many unacknowledged messages, or answers that cannot leave.</summary>
    public Task WhenRoom()
    {
        lock (_gate)
        {
            if (_closed || HasRoom)
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>True when the client has taken nothing for so long.</summary>
    public bool IsStuck(TimeSpan longest)
    {
        lock (_gate)
            return _flushing && time.GetElapsedTime(_flushingSince) >= longest;
    }

    /// <summary>Sends what is there. Never blocks; goes on by itself when the transport is ready again.</summary>
    public void Pump()
    {
        lock (_gate)
        {
            _pumpDue = false;
            while (!_flushing && !_closed && Fill())
                Flush();
            if (_room is not null && HasRoom)
            {
                _room.TrySetResult();
                _room = null;
            }
        }
    }

    /// <summary>After this nothing is written any more and nobody waits.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _room?.TrySetResult();
        }
    }

    private bool HasRoom => !_acks.IsFull && _answers.WrittenCount < MaxAnswers;

    private bool Fill()
    {
        var acks = _acks.Write(output);
        counters.Acknowledged(acks);
        var bytes = (4 * acks) + _answers.WrittenCount;
        if (_answers.WrittenCount > 0)
        {
            output.Write(_answers.WrittenSpan);
            _answers.ResetWrittenCount();
        }

        while (bytes < Budget && _session is not null && _session.TryNext(out var next, out var id, out var duplicate))
        {
            var message = next.Message;
            PacketWriter.Publish(output, message.TopicUtf8, message.Payload, next.Qos, next.Retain, duplicate, id);
            bytes += message.Weight;
        }

        return bytes > 0;
    }

    private void Flush()
    {
        var flush = output.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            Check(flush.Result);
            return;
        }

        _flushing = true;
        _flushingSince = time.GetTimestamp();
        _ = FinishAsync(flush);
    }

    private async Task FinishAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            Check(await flush);
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException or OperationCanceledException)
        {
            broken();
            return;
        }

        lock (_gate)
            _flushing = false;
        Pump();
    }

    private void Check(FlushResult result)
    {
        if (result.IsCompleted || result.IsCanceled)
            broken();
    }
}
