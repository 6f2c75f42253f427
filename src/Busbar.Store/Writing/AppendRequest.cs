using Busbar.Ledger.Journal;

namespace Busbar.Store.Writing;

/// <summary>An append: records and the rows that follow from them.</summary>
internal sealed class AppendRequest(JournalCommit commit, CancellationToken cancellation) : WriteRequest(cancellation)
{
    private readonly TaskCompletionSource<long> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position;
    private JournalFencedException? _fenced;

    public Task<long> Done => _done.Task;

    public override long Size { get; } = SizeOf(commit);

    public override void Apply(WriteTransaction transaction)
    {
        // A fenced append touches nothing, so it need not spoil the group for the others.
        _fenced = transaction.Fence(commit.Owner);
        if (_fenced is not null)
            return;
        _position = transaction.Append(commit.Owner.Journal, commit.Records);
        for (var i = 0; i < commit.Changes.Count; i++)
            transaction.Changes.Apply(commit.Changes[i]);
    }

    public override void Complete()
    {
        if (_fenced is { } fenced)
            _done.TrySetException(fenced);
        else
            _done.TrySetResult(_position);
    }

    public override void Fail(Exception exception) => _done.TrySetException(exception);

    public override void Cancel() => _done.TrySetCanceled(Cancellation);

    private static long SizeOf(JournalCommit commit)
    {
        var size = 0L;
        for (var i = 0; i < commit.Records.Count; i++)
            size += commit.Records[i].Payload.Length + 16;
        return size + (commit.Changes.Count * 128L);
    }
}
