using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.Tests.Sqlite;

public sealed class WalCheckpointTests
{
    private const int LogBytes = 1024 * 1024;

    [Fact]
    public async Task Append_ManyTimesTheLogsSize_TheLogStartsOver()
    {
        await using var open = await OpenSqlite.OpenAsync(new() { WalBytes = LogBytes });
        await AppendAsync(open, appends: 400);
        Assert.InRange(LogLength(open), 1, 3 * LogBytes);
        Assert.True(new FileInfo(open.Store.File).Length > 20L * LogBytes);
    }

    [Fact]
    public async Task Append_WhileALongReadingNeedsTheLog_GoesOnAndTheLogStartsOverAfterIt()
    {
        await using var open = await OpenSqlite.OpenAsync(new() { WalBytes = LogBytes });
        await AppendAsync(open, appends: 1);
        long grown;
        using (var reader = SqliteSession.OpenReader(open.Store.File))
        {
            reader.Execute("BEGIN");
            reader.Execute("SELECT COUNT(*) FROM journal");
            await AppendAsync(open, appends: 100);
            grown = LogLength(open);
            Assert.InRange(grown, 5L * LogBytes, long.MaxValue);
            reader.Execute("COMMIT");
        }

        await AppendAsync(open, appends: 100);
        Assert.InRange(LogLength(open), 1, grown);
        Assert.Equal(201, open.Number("SELECT COUNT(*) FROM journal"));
    }

    private static long LogLength(OpenSqlite open) => new FileInfo(open.Store.File + "-wal").Length;

    private static async Task AppendAsync(OpenSqlite open, int appends)
    {
        var owner = await open.Journal.TakeOverAsync(new("microgrid/1"), CancellationToken.None);
        var record = new JournalRecord(RecordKind.Message, 1, Instant.FromUnixTimeSeconds(1_800_000_000), new byte[60_000]);
        for (var i = 0; i < appends; i++)
            await open.Journal.AppendAsync(new(owner, [record], []), CancellationToken.None);
    }
}
