using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using Busbar.Store.Tests.Conformance;
using NodaTime;

namespace Busbar.Store.Tests.Sqlite;

public sealed class FailureTests : StoreSuite
{
    private OpenSqlite Sqlite => (OpenSqlite)Store;

    protected override async Task<IOpenStore> OpenAsync() => await OpenSqlite.OpenAsync();

    [Fact]
    public async Task Append_DiskFull_NothingIsHalfDoneAndLaterAppendsGoOn()
    {
        await using var small = await OpenSqlite.OpenAsync(new() { MaximumPages = 100 });
        var owner = await small.Journal.TakeOverAsync(new("microgrid/1"), None);
        await small.Journal.AppendAsync(new(owner, [Record(1)], []), None);
        var change = new StoreChange.IntervalClosed(Closed(Noon));
        var full = await Assert.ThrowsAnyAsync<StoreException>(
            async () => await small.Journal.AppendAsync(new(owner, [Record(2), Record(3, 2_000_000)], [change]), None));
        Assert.True(full.IsTransient);
        Assert.Contains("is full; nothing was written", full.Message, StringComparison.Ordinal);
        Assert.Equal(1, await small.Journal.AppendAsync(new(owner, [Record(4)], []), None));
        Assert.Empty(await small.Outbox.WaitingAsync(1, None));
        await small.ReopenAsync();
        var positions = new List<byte[]>();
        await foreach (var entry in small.Journal.ReadAsync(owner.Journal, 0, None))
            positions.Add(entry.Record.Payload.ToArray());
        Assert.Equal([Record(1).Payload.ToArray(), Record(4).Payload.ToArray()], positions);
    }

    [Fact]
    public async Task Append_OneTooLargeForTheDiskAmongOthers_OnlyThatOneFails()
    {
        await using var small = await OpenSqlite.OpenAsync(new() { MaximumPages = 150 });
        var owner = await small.Journal.TakeOverAsync(new("microgrid/1"), None);
        var appends = Enumerable.Range(0, 60)
            .Select(i => small.Journal.AppendAsync(new(owner, [Record(i, i == 30 ? 2_000_000 : 40)], []), None).AsTask()).ToArray();
        await Assert.ThrowsAnyAsync<StoreException>(() => appends[30]);
        Assert.Equal(Enumerable.Range(0, 59).Select(i => (long)i), (await Task.WhenAll(appends.Where((_, i) => i != 30))).Order());
    }

    [Fact]
    public async Task Open_FolderInUse_SaysSo()
    {
        var refused = await Assert.ThrowsAsync<StoreException>(
            () => SqliteStore.OpenAsync(Path.GetDirectoryName(Sqlite.Store.File)!, TimeProvider.System, null, None));
        Assert.Contains("in use by another Busbar", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_SchemaOfANewerVersion_IsRefusedAndUnchanged()
    {
        Sqlite.Execute("PRAGMA user_version = 99");
        var refused = await Assert.ThrowsAsync<StoreException>(Store.ReopenAsync);
        Assert.Contains("newer Busbar (schema 99", refused.Message, StringComparison.Ordinal);
        Sqlite.Execute($"PRAGMA user_version = {Schema.Newest}");
        await Store.ReopenAsync();
    }

    [Fact]
    public async Task Open_NotADatabase_SaysSo()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, SqliteStore.FileName), Bytes(20_000, 3));
        var refused = await Assert.ThrowsAnyAsync<StoreException>(
            () => SqliteStore.OpenAsync(folder.Path, TimeProvider.System, null, None));
        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public void Library_Absent_SaysWhatToInstall()
    {
        var absent = Assert.Throws<StoreException>(() => SqliteLibrary.Load(["libsqlite3-that-is-not.so"]));
        Assert.Contains("SQLite is not installed", absent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_WhileAppending_RestoresToOneMoment()
    {
        using var folder = new TemporaryFolder();
        var owner = await OwnAsync();
        await AppendAsync(owner, Record(0));
        await AcceptAsync(Reading(1, Noon, 77));
        var appends = Enumerable.Range(1, 300).Select(i => AppendAsync(owner, Record(i))).ToArray();
        await Sqlite.Store.BackupToAsync(Path.Combine(folder.Path, SqliteStore.FileName), None);
        await Task.WhenAll(appends);

        await using var restored = await SqliteStore.OpenAsync(folder.Path, TimeProvider.System, null, None);
        var count = 0;
        await foreach (var entry in restored.Journal.ReadAsync(owner.Journal, 0, None))
            Assert.Equal(Record(count++).Payload.ToArray(), entry.Record.Payload.ToArray());
        Assert.InRange(count, 1, 301);
        Assert.Equal(Reading(1, Noon, 77), await restored.Readings.ReadingAsync(Meter(1), Noon, None));
        var again = await restored.Journal.TakeOverAsync(owner.Journal, None);
        Assert.Equal(count, await restored.Journal.AppendAsync(new(again, [Record(9)], []), None));
    }

    [Fact]
    public async Task Backup_OverAFileThatExists_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var target = Path.Combine(folder.Path, "backup");
        await File.WriteAllTextAsync(target, "mine");
        await Assert.ThrowsAsync<StoreException>(() => Sqlite.Store.BackupToAsync(target, None));
        Assert.Equal("mine", await File.ReadAllTextAsync(target));
    }

    [Fact]
    public async Task Quarantine_Full_TheOldestGoAndAreCounted()
    {
        await using var small = await OpenSqlite.OpenAsync(new() { QuarantineLimit = 10 });
        var owner = await small.Journal.TakeOverAsync(new("microgrid/1"), None);
        for (var i = 0; i < 25; i++)
        {
            var refused = new StoreChange.Quarantined(Grid, i, "topic", $"Reason{i}", "", ReadOnlyMemory<byte>.Empty, Noon);
            await small.Journal.AppendAsync(new(owner, [], [refused]), None);
        }

        var kept = await small.Readings.QuarantineAsync(100, None);
        Assert.Equal(Enumerable.Range(15, 10).Reverse().Select(i => $"Reason{i}"), kept.Select(refusal => refusal.Reason), StringComparer.Ordinal);
        Assert.Equal(25, (await small.Readings.TotalsAsync(None)).Quarantined);
    }

    [Fact]
    public async Task Append_AfterClosing_Throws()
    {
        await using var closed = await OpenSqlite.OpenAsync();
        var owner = await closed.Journal.TakeOverAsync(new("microgrid/1"), None);
        await closed.Store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await closed.Journal.AppendAsync(new(owner, [Record(1)], []), None));
    }

    [Fact]
    public async Task Packed_DamagedRow_IsAStoreFailureNotAWrongNumber()
    {
        await AcceptAsync([.. Enumerable.Range(0, 50).Select(i => Reading(1, Noon + Duration.FromMinutes(i), i * 1000))]);
        await Store.PackAsync(Noon + Duration.FromDays(2));
        Sqlite.Execute("UPDATE meter_day SET blob = substr(blob, 1, 40)");
        await Assert.ThrowsAsync<StoreException>(() => Store.Readings.SeriesAsync(Meter(1), Noon, Noon + Duration.FromHours(1), None));
    }

    [Fact]
    public async Task SameMoment_ManyReadersAndTheWriter_SeeWholeCommitsOnly()
    {
        var owner = await OwnAsync();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
                await AppendAsync(owner, Record(2 * i), Record((2 * i) + 1));
        });
        var seen = 0;
        while (!writing.IsCompleted || seen < 200)
        {
            var entries = await AllAsync("microgrid/1");
            Assert.Equal(0, entries.Count % 2);
            Assert.True(entries.Count >= seen);
            seen = entries.Count;
        }

        await writing;
    }
}
