using System.Threading.Channels;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Writing;

/// <summary>
/// The one thread that writes. It takes all that waits in its bounded queue, up to a size, into one transaction: one fsync
/// for many. When a group fails, each of its requests is tried alone, so that one cannot spoil another.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    private readonly Channel<WriteRequest> _queue;
    private readonly SqliteStoreOptions _options;
    private readonly string _file;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<WriteRequest> _group = [];
    private readonly WalCheckpointer _checkpointer;
    private WriteTransaction _transaction;
    private bool _broken;

    public StoreWriter(SqliteSession session, string file, SqliteStoreOptions options)
    {
        _options = options;
        _file = file;
        _transaction = new(session, options);
        _checkpointer = new(file, options);
        _queue = Channel.CreateBounded<WriteRequest>(
            new BoundedChannelOptions(options.QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        new Thread(Run) { Name = "Busbar store writer", IsBackground = true }.Start();
    }

    /// <summary>Queues a request; waits for a place when the queue is full.</summary>
    public ValueTask EnqueueAsync(WriteRequest request, CancellationToken cancellation) =>
        _queue.Writer.TryWrite(request) ? default : WaitForPlaceAsync(request, cancellation);

    /// <summary>Does work in a transaction and gives its result when that is on disk.</summary>
    public async Task<T> DoAsync<T>(Func<WriteTransaction, T> work, bool alone, CancellationToken cancellation)
    {
        var request = new WriteRequest<T>(work, alone, cancellation);
        await EnqueueAsync(request, cancellation);
        return await request.Done;
    }

    /// <summary>Writes what is queued, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _ended.Task;
    }

    private async ValueTask WaitForPlaceAsync(WriteRequest request, CancellationToken cancellation)
    {
        try
        {
            await _queue.Writer.WriteAsync(request, cancellation);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException("store", "the store is closed; nothing was written");
        }
    }

    private void Run()
    {
        WriteRequest? held = null;
        while (held is not null || _queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            held = Gather(held);
            if (_group.Count > 0)
                Write(_group);
            _group.Clear();
        }

        _checkpointer.Dispose();
        _transaction.Dispose();
        _ended.SetResult();
    }

    /// <summary>Fills the group; gives back a request that has to wait for the next one.</summary>
    private WriteRequest? Gather(WriteRequest? held)
    {
        var size = 0L;
        while (size < _options.GroupBytes && (held is not null || _queue.Reader.TryRead(out held)))
        {
            var request = held;
            held = null;
            if (request.IsCancelled)
            {
                request.Cancel();
                continue;
            }

            if (request.Alone && _group.Count > 0)
                return request;
            _group.Add(request);
            size += request.Size;
            if (request.Alone)
                break;
        }

        return null;
    }

    private void Write(List<WriteRequest> group)
    {
        try
        {
            Reopen();
            _checkpointer.BeforeWriting(_transaction.Session);
            _transaction.Begin();
            foreach (var request in group)
                request.Apply(_transaction);
            _transaction.Commit();
            _checkpointer.AfterWriting(_transaction.Session);
        }
        catch (Exception failure)
        {
            Undo();
            if (group.Count == 1)
            {
                group[0].Fail(Told(failure));
                return;
            }

            foreach (var request in group)
                Write([request]);
            return;
        }

        foreach (var request in group)
            request.Complete();
    }

    /// <summary>What fails outside is a store failure; what else is thrown is a bug, and stays what it is.</summary>
    private Exception Told(Exception failure) => failure switch
    {
        InvalidDataException damaged => new StoreException(
            $"a row of {_file} is damaged: {damaged.Message}; nothing was written. Restore a backup", isTransient: false, damaged),
        IOException or UnauthorizedAccessException => new StoreException(
            $"a file beside {_file} cannot be written: {failure.Message}; nothing was changed", isTransient: true, failure),
        _ => failure,
    };

    private void Undo()
    {
        // Where the connection could not be replaced, there is none to undo anything on.
        if (_broken)
            return;
        try
        {
            _transaction.Rollback();
        }
        catch (StoreException)
        {
            // The connection cannot even undo: it is replaced before the next group, which then sees the file as it is.
            _broken = true;
        }
    }

    private void Reopen()
    {
        if (!_broken)
            return;
        _transaction.Dispose();
        _transaction = new(SqliteSession.OpenWriter(_file, _options), _options);
        _broken = false;
    }
}
