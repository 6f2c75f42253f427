using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Clock;

/// <summary>
/// Packs the readings of days that are over, beside everything else. A packed day is read as before, and readings that come late
/// for it are merged in the next time; so when it is done matters to nobody but the disk.
/// </summary>
internal sealed partial class DayPacker(SqliteStore store, IClock clock, TimeProvider time, ILogger<DayPacker> logger)
{
    // Most late readings are in by then, so that a day is seldom written twice.
    private static readonly Duration Margin = Duration.FromHours(2);
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private long _packedDays;

    /// <summary>Packs soon after the start and then each hour, until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.Delay(FirstAfter, time, stopping);
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await PackAsync(stopping);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <summary>Whether a day has become ready since this was last asked.</summary>
    public bool IsDayOver()
    {
        var days = (clock.GetCurrentInstant() - Margin).ToUnixTimeSeconds() / NodaConstants.SecondsPerDay;
        return days > Interlocked.Exchange(ref _packedDays, days);
    }

    /// <summary>Packs every day that is ready. What the disk refuses is told, and done the next time.</summary>
    public async Task PackAsync(CancellationToken stopping)
    {
        try
        {
            var moved = await store.PackAsync(clock.GetCurrentInstant() - Margin, stopping);
            if (moved > 0)
                LogPacked(moved);
        }
        catch (StoreException exception)
        {
            LogNotPacked(exception.Message);
        }
    }

    [LoggerMessage(1211, LogLevel.Debug, "{Readings} readings of days that are over were packed")]
    private partial void LogPacked(long readings);

    [LoggerMessage(1212, LogLevel.Warning, "Readings of days that are over stay unpacked, which takes space and nothing else: {Trouble}")]
    private partial void LogNotPacked(string trouble);
}
