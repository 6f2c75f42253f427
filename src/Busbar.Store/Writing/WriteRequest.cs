namespace Busbar.Store.Writing;

/// <summary>Something that waits for the writer. Its continuations never run on the writer's thread.</summary>
internal abstract class WriteRequest(CancellationToken cancellation)
{
    /// <summary>Given up before the writer came to it: then nothing of it is written.</summary>
    public bool IsCancelled => Cancellation.IsCancellationRequested;

    /// <summary>Whether it wants a transaction of its own because it is large or not undone by forgetting caches.</summary>
    public virtual bool Alone => false;

    /// <summary>How many bytes it brings, for bounding a group.</summary>
    public virtual long Size => 0;

    protected CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Writes within the group's transaction; may run again when the group failed because of another.</summary>
    public abstract void Apply(WriteTransaction transaction);

    /// <summary>The transaction is on disk.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception exception);

    public abstract void Cancel();
}

/// <summary>Any work on the writer's connection that gives a result.</summary>
internal sealed class WriteRequest<T>(Func<WriteTransaction, T> work, bool alone, CancellationToken cancellation) : WriteRequest(cancellation)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Done => _done.Task;

    public override bool Alone => alone;

    public override void Apply(WriteTransaction transaction) => _result = work(transaction);

    public override void Complete() => _done.TrySetResult(_result);

    public override void Fail(Exception exception) => _done.TrySetException(exception);

    public override void Cancel() => _done.TrySetCanceled(Cancellation);
}
