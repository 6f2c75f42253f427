using System.Runtime.InteropServices;
using System.Threading.Channels;
using Busbar.Ledger.Journal;
using Busbar.Mqtt.Server;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Intake;

/// <summary>
/// The only way into the journals of the microgrids: gathers what comes in from all sides, writes it in groups, and only when
/// it is on disk acknowledges it and hands it to the actors, in the journal's order. Full means that sockets are not read.
/// </summary>
internal sealed partial class JournalPump : IAsyncDisposable
{
    private const int Capacity = 32_768;
    private const int MostInGroup = 8_192;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<IncomingRecord> _incoming = Channel.CreateBounded<IncomingRecord>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly IJournal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger<JournalPump> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public JournalPump(IJournal journal, TimeProvider time, ILogger<JournalPump> logger)
    {
        _journal = journal;
        _time = time;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Why writing does not go on at the moment, or null.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Ends when the pump has stopped for good; faults when it may not go on.</summary>
    public Task Completion => _running;

    public bool TryPost(IJournalReader reader, in JournalRecord record, AckToken token) =>
        _incoming.Writer.TryWrite(new(reader, record, token, null));

    public async ValueTask WaitForRoomAsync(CancellationToken cancellation)
    {
        if (!await _incoming.Writer.WaitToWriteAsync(cancellation))
            throw new OperationCanceledException("the node is stopping");
    }

    /// <summary>Writes a record and waits until it is on disk.</summary>
    /// <returns>Its position.</returns>
    public async Task<long> WriteAsync(IJournalReader reader, JournalRecord record, CancellationToken cancellation)
    {
        var written = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _incoming.Writer.WriteAsync(new(reader, record, AckToken.None, written), cancellation);
        return await written.Task.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _incoming.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var group = new IncomingGroup();
        try
        {
            while (await _incoming.Reader.WaitToReadAsync(_stopping.Token))
            {
                for (var count = 0; count < MostInGroup && _incoming.Reader.TryRead(out var item); count++)
                    group.Add(item);
                // All at once, so that the store puts them to disk together.
                await Task.WhenAll(group.Parts.Select(WriteAsync));
                group.Clear();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            LogStopped();
        }
        finally
        {
            _incoming.Writer.TryComplete();
            while (_incoming.Reader.TryRead(out var left))
                left.Written?.TrySetCanceled();
        }
    }

    private async Task WriteAsync(IncomingPart part)
    {
        var records = part.Records.ToArray();
        var position = await AppendAsync(new(part.Reader.Owner, records, []));
        MqttServer.Acknowledge(CollectionsMarshal.AsSpan(part.Tokens));
        foreach (var (place, written) in part.Waiting)
            written.TrySetResult(position + place);
        await part.Reader.TakeAsync(new JournalEntries(position, records), _stopping.Token);
    }

    private async Task<long> AppendAsync(JournalCommit commit)
    {
        while (true)
        {
            try
            {
                var position = await _journal.AppendAsync(commit, _stopping.Token);
                Trouble = null;
                return position;
            }
            catch (StoreException exception) when (exception is not JournalFencedException)
            {
                Trouble = exception.Message;
                LogWaiting(exception.Message);
                await Task.Delay(RetryAfter, _time, _stopping.Token);
            }
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "Nothing is acknowledged until this is mended: {Trouble}")]
    private partial void LogWaiting(string trouble);

    [LoggerMessage(1002, LogLevel.Debug, "The journal pump has stopped")]
    private partial void LogStopped();
}

/// <summary>Who reads a journal as it grows: a microgrid's actor.</summary>
internal interface IJournalReader
{
    /// <summary>The right to write to its journal.</summary>
    JournalOwnership Owner { get; }

    /// <summary>Takes entries that are on disk, in order; waits while its queue is full.</summary>
    ValueTask TakeAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation);
}
