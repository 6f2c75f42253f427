namespace Busbar.Node.Microgrids;

/// <summary>How far an actor has come, to wait for. Thread safe.</summary>
internal sealed class AppliedPosition(long position)
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private long _position = position;
    private bool _stopped;

    public long Position
    {
        get
        {
            lock (_gate)
                return _position;
        }
    }

    public Task WhenAsync(long position, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_position >= position)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_stopped)
                reached.SetCanceled(cancellation);
            else
                _waiting.Enqueue(reached, position);
            return reached.Task.WaitAsync(cancellation);
        }
    }

    public void MoveTo(long position)
    {
        lock (_gate)
        {
            _position = position;
            while (_waiting.TryPeek(out var reached, out var wanted) && wanted <= position)
            {
                _waiting.Dequeue();
                reached.TrySetResult();
            }
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            while (_waiting.TryDequeue(out var reached, out _))
                reached.TrySetCanceled();
        }
    }
}
