using Busbar.Ledger.Journal;
using Busbar.Store.Journal;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Intake;

/// <summary>
/// Reads all journals from their beginning, slowly, after the start and then each day. A start goes by the checkpoint and does not see
/// what is damaged before it; the damage is found while a backup without it still exists.
/// </summary>
internal sealed partial class JournalAudit(SqliteStore store, TimeProvider time, ILogger<JournalAudit> logger)
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    // After each mebibyte, so that it never reads more than ten in a second.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private volatile IReadOnlyList<JournalDamage> _damaged = [];

    /// <summary>What the newest audit found.</summary>
    public IReadOnlyList<JournalDamage> Damaged => _damaged;

    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.Delay(FirstAfter, time, stopping);
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await AuditAsync(Pause, stopping);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    public async Task AuditAsync(TimeSpan pause, CancellationToken stopping)
    {
        var damaged = new List<JournalDamage>();
        try
        {
            foreach (var journal in await store.JournalsAsync(stopping))
            {
                if (await store.VerifyAsync(journal, pause, stopping) is not { } damage)
                    continue;
                damaged.Add(damage);
                LogDamaged(damage.Detail);
            }

            _damaged = damaged;
        }
        catch (StoreException exception)
        {
            LogNotRead(exception.Message);
        }
    }

    [LoggerMessage(1011, LogLevel.Critical,
        "{Detail}. The node goes on from its checkpoint; keep your last backup, stop the node and look with: busbar repair --check")]
    private partial void LogDamaged(string detail);

    [LoggerMessage(1012, LogLevel.Error, "The journals could not be read for checking: {Trouble}")]
    private partial void LogNotRead(string trouble);
}
