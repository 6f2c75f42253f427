using Busbar.Ledger.Journal;
using Busbar.Store.Tests.Conformance;

namespace Busbar.Store.Tests.Sqlite;

/// <summary>Three rows of two records each; the middle or the last one is damaged in each way that there is.</summary>
public sealed class DamageTests : StoreSuite
{
    private const string Last = "(SELECT MAX(id) FROM journal)";
    private const string Middle = "(SELECT id FROM journal ORDER BY id LIMIT 1 OFFSET 1)";

    private OpenSqlite Sqlite => (OpenSqlite)Store;

    protected override async Task<IOpenStore> OpenAsync() => await OpenSqlite.OpenAsync();

    [Theory]
    [InlineData($"UPDATE journal SET blob = zeroblob(length(blob)) WHERE id = {Last}", 4)]
    [InlineData($"UPDATE journal SET blob = substr(blob, 1, length(blob) - 1) WHERE id = {Last}", 4)]
    [InlineData($"UPDATE journal SET checksum = checksum + 1 WHERE id = {Last}", 4)]
    [InlineData($"UPDATE journal SET count = count + 1 WHERE id = {Last}", 4)]
    [InlineData($"UPDATE journal SET count = -1 WHERE id = {Last}", 4)]
    [InlineData($"UPDATE journal SET epoch = epoch + 1 WHERE id = {Last}", 4)]
    [InlineData($"UPDATE journal SET id = id + 1 WHERE id = {Last}", 4)]
    [InlineData($"DELETE FROM journal WHERE id = {Last}", 4)]
    [InlineData($"UPDATE journal SET blob = zeroblob(length(blob)) WHERE id = {Middle}", 2)]
    [InlineData($"DELETE FROM journal WHERE id = {Middle}", 2)]
    [InlineData("DELETE FROM journal", 0)]
    public async Task Read_DamagedRow_StopsThereAndRepairCutsThere(string damage, long position)
    {
        await WriteAsync();
        Sqlite.Execute(damage);

        var sound = new List<long>();
        var damaged = await Assert.ThrowsAsync<JournalDamagedException>(async () =>
        {
            await foreach (var entry in Store.Journal.ReadAsync(new("microgrid/1"), 0, None))
                sound.Add(entry.Position);
        });
        Assert.Equal(position, damaged.Position);
        Assert.Equal(Enumerable.Range(0, (int)position).Select(i => (long)i), sound);

        var repair = await Sqlite.Store.RepairTailAsync(new("microgrid/1"), None);
        Assert.Equal((position, 6 - position), (repair.End, repair.Removed));
        Assert.True(File.Exists(repair.File));
        Assert.Equal(position, (await AllAsync("microgrid/1")).Count);
        Assert.Equal(position, await AppendAsync(await OwnAsync(), Record(9)));
        Assert.Equal(position + 1, (await AllAsync("microgrid/1")).Count);
    }

    [Theory]
    [InlineData($"UPDATE journal SET blob = zeroblob(length(blob)) WHERE id = {Last}")]
    [InlineData($"DELETE FROM journal WHERE id = {Last}")]
    [InlineData("UPDATE journal_owner SET checksum = checksum - 1")]
    public async Task TakeOver_DamagedTail_IsRefusedAndChangesNothing(string damage)
    {
        var owner = await WriteAsync();
        Sqlite.Execute(damage);
        await Assert.ThrowsAsync<JournalDamagedException>(() => OwnAsync());
        Assert.Equal(owner.Epoch, Sqlite.Number("SELECT epoch FROM journal_owner"));
    }

    [Theory]
    [InlineData($"UPDATE journal SET blob = zeroblob(length(blob)) WHERE id = {Middle}", 2)]
    [InlineData($"DELETE FROM journal WHERE id = {Middle}", 2)]
    [InlineData("UPDATE journal_owner SET checksum = checksum - 1", 5)]
    public async Task Verify_Damage_IsToldWithItsPlaceAndChangesNothing(string damage, long position)
    {
        var owner = await WriteAsync();
        await Store.Journal.SaveCheckpointAsync(owner, 4, Bytes(10, 1), None);
        Assert.Null(await Sqlite.Store.VerifyAsync(owner.Journal, TimeSpan.Zero, None));
        Assert.Equal([owner.Journal], await Sqlite.Store.JournalsAsync(None));
        Sqlite.Execute(damage);

        var found = await Sqlite.Store.VerifyAsync(owner.Journal, TimeSpan.Zero, None);

        Assert.Equal((owner.Journal, position, 6L, (long?)4, position < 4), (found!.Journal, found.Position, found.End, found.Checkpoint, found.IsBeforeCheckpoint));
        Assert.Contains("microgrid/1 is damaged from record", found.Detail, StringComparison.Ordinal);
        Assert.Equal(6, await AppendAsync(owner, Record(9)));
    }

    [Fact]
    public async Task Verify_WhileAppending_IsSound()
    {
        var owner = await WriteAsync();
        var appends = Enumerable.Range(0, 200).Select(i => AppendAsync(owner, Record(i, 20_000))).ToArray();
        for (var i = 0; i < 5; i++)
            Assert.Null(await Sqlite.Store.VerifyAsync(owner.Journal, TimeSpan.Zero, None));
        await Task.WhenAll(appends);
        Assert.Null(await Sqlite.Store.VerifyAsync(owner.Journal, TimeSpan.Zero, None));
    }

    [Fact]
    public async Task Repair_CutTail_IsRememberedUntilItsOwnerForgets()
    {
        var owner = await WriteAsync();
        Assert.False(await Sqlite.Store.IsRepairedAsync(owner.Journal, None));
        Sqlite.Execute($"DELETE FROM journal WHERE id = {Last}");
        await Sqlite.Store.RepairTailAsync(owner.Journal, None);
        await Store.ReopenAsync();
        Assert.True(await Sqlite.Store.IsRepairedAsync(owner.Journal, None));
        Assert.False(await Sqlite.Store.IsRepairedAsync(new("microgrid/2"), None));
        await Sqlite.Store.ForgetRepairAsync(owner.Journal, None);
        Assert.False(await Sqlite.Store.IsRepairedAsync(owner.Journal, None));
    }

    [Fact]
    public async Task Repair_CheckpointBehindTheCut_GoesToo()
    {
        var owner = await WriteAsync();
        await Store.Journal.SaveCheckpointAsync(owner, 6, Bytes(10, 1), None);
        Sqlite.Execute($"DELETE FROM journal WHERE id = {Last}");
        Assert.True((await Sqlite.Store.RepairTailAsync(owner.Journal, None)).CheckpointRemoved);
        Assert.Null(await Store.Journal.LoadCheckpointAsync(owner.Journal, None));
        await Assert.ThrowsAsync<JournalFencedException>(() => AppendAsync(owner, Record(1)));
    }

    [Fact]
    public async Task Repair_SoundJournal_IsLeftAlone()
    {
        var owner = await WriteAsync();
        var repair = await Sqlite.Store.RepairTailAsync(owner.Journal, None);
        Assert.Equal((6L, 0L, null), (repair.End, repair.Removed, repair.File));
        Assert.Equal(6, await AppendAsync(owner, Record(6)));
    }

    [Fact]
    public async Task Repair_PutsTheRemovedBytesAside()
    {
        await WriteAsync();
        Sqlite.Execute($"UPDATE journal SET checksum = 1 WHERE id = {Last}");
        var blob = Sqlite.Blob($"SELECT blob FROM journal WHERE id = {Last}");
        var repair = await Sqlite.Store.RepairTailAsync(new("microgrid/1"), None);
        var line = Assert.Single(await File.ReadAllLinesAsync(repair.File!));
        Assert.Contains(Convert.ToBase64String(blob), line.Replace("\\u002B", "+", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private async Task<JournalOwnership> WriteAsync()
    {
        var owner = await OwnAsync();
        for (var i = 0; i < 3; i++)
            await AppendAsync(owner, Record(2 * i), Record((2 * i) + 1));
        return owner;
    }
}
