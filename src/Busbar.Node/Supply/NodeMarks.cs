using Busbar.Domain.Supply;
using Busbar.Ledger.Journal;
using Busbar.Store.Supply;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Supply;

/// <summary>Keeps on disk that the node runs, and knows after a start how long it did not.</summary>
internal sealed partial class NodeMarks(SqliteSupply store, IClock clock, TimeProvider time, ILogger<NodeMarks> logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>Takes up where the mark was left; an outage since then is on disk when it completes.</summary>
    /// <param name="grace">The most that an outage gives.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The outages that may still give somebody time.</returns>
    /// <exception cref="StoreException">The disk is full or failing.</exception>
    public async Task<IReadOnlyList<NodeOutage>> TakeUpAsync(Duration grace, CancellationToken cancellation)
    {
        var now = clock.GetCurrentInstant();
        var outage = NodeOutage.Between(await store.MarkAsync(cancellation), now);
        if (outage is not null)
            LogAway(outage.Ended - outage.Began, outage.Began);
        await store.PutMarkAsync(now, outage, cancellation);
        // Several in a row give more than the grace together.
        return await store.OutagesAsync(now - (grace * 10), cancellation);
    }

    /// <summary>Marks every minute until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await store.PutMarkAsync(clock.GetCurrentInstant(), outage: null, stopping);
            }
            catch (StoreException trouble)
            {
                // Then the outage counts from the mark before: longer, to nobody's harm.
                LogNotMarked(trouble.Message);
            }
        }
    }

    [LoggerMessage(1611, LogLevel.Warning, "The node did not run for {Away} since {Began}; nobody is tripped for debt before as long again")]
    private partial void LogAway(Duration away, Instant began);

    [LoggerMessage(1612, LogLevel.Warning, "That the node runs was not written down: {Trouble}")]
    private partial void LogNotMarked(string trouble);
}
