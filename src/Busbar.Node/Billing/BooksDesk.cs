using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Journal;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Billing;

/// <summary>
/// Has the books drawn up in the background and keeps the newest: after the start, after something about money has changed, when somebody
/// asks, and each day. One at a time; between two that nobody asked for it rests at least 15 seconds, and twenty times as long as the last
/// took. Thread safe.
/// </summary>
internal sealed partial class BooksDesk(BooksSources sources, IClock clock, TimeProvider time, ILogger<BooksDesk> log)
{
    private const int RestFor = 20;

    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    private readonly ILogger _log = log;
    private readonly Lock _lock = new();
    private volatile BooksStanding _standing = new(null, null, IsRunning: false, null);
    private volatile TaskCompletionSource _asked = NewSignal();
    private volatile TaskCompletionSource _changed = NewSignal();

    /// <summary>The newest books, and how it stands with the next.</summary>
    public BooksStanding Standing => _standing;

    /// <summary>Something about money has changed; neither blocks nor throws.</summary>
    public void Changed() => _changed.TrySetResult();

    /// <summary>Somebody wants them drawn up now; when that is being done already, once more after it.</summary>
    public void Ask()
    {
        // Said at once, so that who asks and looks does not take the old books for the new.
        lock (_lock)
        {
            _standing = _standing with { IsRunning = true };
            _asked.TrySetResult();
        }
    }

    /// <summary>Draws up the books until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var rest = FirstAfter;
        Changed();
        while (true)
        {
            await AnyAsync([_asked.Task], rest, stopping);
            await AnyAsync([_asked.Task, _changed.Task], Every, stopping);
            Begin();
            var begun = time.GetTimestamp();
            await KeepAsync(stopping);
            var least = time.GetElapsedTime(begun) * RestFor;
            rest = least > ShortestRest ? least : ShortestRest;
        }
    }

    /// <summary>Draws up the books now, and does not keep them.</summary>
    /// <exception cref="ChainException">The ledger did not stand still for as long as that takes.</exception>
    public async Task<Books> DrawUpAsync(CancellationToken cancellation) => await new BooksAudit(sources).RunAsync(cancellation)
        ?? throw new ChainException("blocks come faster than the books can be drawn up; they are tried again later", isTransient: true);

    private void Begin()
    {
        lock (_lock)
        {
            (_asked, _changed) = (NewSignal(), NewSignal());
            _standing = _standing with { IsRunning = true };
        }
    }

    private async Task KeepAsync(CancellationToken stopping)
    {
        try
        {
            var books = await DrawUpAsync(stopping);
            Keep(new(books, clock.GetCurrentInstant(), IsRunning: false, null));
            if (books.Agree)
                LogAgree(books.Block, books.Totals.Bills, books.Totals.Accounts);
            else
                LogFaults(books.Block, books.Faults.Count, books.Faults[0].What, books.Faults[0].Detail);
        }
        catch (Exception failed) when (failed is ChainException or EthereumRpcException or StoreException)
        {
            Keep(_standing with { IsRunning = false, Trouble = failed.Message });
            LogNotDrawnUp(failed.Message);
            Changed();
        }
    }

    private void Keep(BooksStanding standing)
    {
        // Asked while the last ones were being drawn up: the next come at once.
        lock (_lock)
            _standing = standing with { IsRunning = _asked.Task.IsCompleted };
    }

    private async Task AnyAsync(IReadOnlyList<Task> signals, TimeSpan atMost, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny([.. signals, Task.Delay(atMost, time, over.Token)]);
        stopping.ThrowIfCancellationRequested();
        await over.CancelAsync();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(2311, LogLevel.Information, "The books agree after block {Block}: {Bills} bills of {Accounts} accounts")]
    private partial void LogAgree(ulong block, int bills, int accounts);

    [LoggerMessage(2312, LogLevel.Critical, "The books do not agree after block {Block}: {Count} faults, the first of {What}: {Detail}")]
    private partial void LogFaults(ulong block, int count, string what, string detail);

    [LoggerMessage(2313, LogLevel.Warning, "The books were not drawn up: {Trouble}")]
    private partial void LogNotDrawnUp(string trouble);
}

/// <summary>The newest books, and how it stands with the next.</summary>
/// <param name="Books">The newest; null until the first are drawn up.</param>
/// <param name="At">When they were.</param>
/// <param name="IsRunning">Whether they are being drawn up anew.</param>
/// <param name="Trouble">Why the last try brought none; null when it did.</param>
internal sealed record BooksStanding(Books? Books, Instant? At, bool IsRunning, string? Trouble);
