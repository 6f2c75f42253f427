using System.Text;
using Busbar.Cryptography;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Proofs;
using Busbar.Node.Tests.Testing;
using Busbar.Store.Sqlite;

namespace Busbar.Node.Tests.Recovery;

/// <summary>A node after a restart is the node before it, whether it goes by its checkpoint or by its journal alone.</summary>
public sealed class RestartTests
{
    private static readonly JournalName Journal = JournalName.Microgrid(1);

    [EngineFact]
    public async Task Restart_FromCheckpointOrJournalAlone_SameStateAndSameBlocksAfterwards()
    {
        await using var community = await BeginAsync();
        await using var twin = await TwinAsync(community);
        await community.CloseAsync();
        Assert.NotNull(await CheckpointAsync(community.Folder));
        Assert.Null(await CheckpointAsync(twin.Folder));

        var ends = new List<(NodeTotals Totals, Hash256 State)>();
        foreach (var one in (TestCommunity[])[community, twin])
        {
            await one.OpenAsync(3);
            var before = await one.Node.TotalsAsync(default);
            Assert.Equal((0, 3, 3), (before.Acknowledged, before.Closed, before.Anchored));
            var estimate = await one.ProofAsync(one.Meters[1], 2);
            Assert.Equal(new ProofOutcome.Genuine(1, IsEstimated: true), await one.VerifyAsync(estimate));
            await GoOnAsync(one);
            ends.Add((await one.Node.TotalsAsync(default), default));
            await one.CloseAsync();
            ends[^1] = (ends[^1].Totals, Keccak256.Hash((await CheckpointAsync(one.Folder))!.State.Span));
        }

        Assert.Equal(ends[0], ends[1]);
        Assert.Equal(community.EnergyBetween(0, 5), ends[0].Totals.Ledger);
        Assert.Equal((5, 1, 0), (ends[0].Totals.Anchored, ends[0].Totals.Corrected, ends[0].Totals.Waiting));
    }

    [EngineFact]
    public async Task Restart_CheckpointOfAnotherVersion_JournalIsAppliedInstead()
    {
        await using var community = await BeginAsync();
        await community.CloseAsync();
        var checkpoint = (await CheckpointAsync(community.Folder))!;
        await using (var store = await SqliteStore.OpenAsync(community.Folder, TimeProvider.System, null, default))
        {
            var owner = await store.Journal.TakeOverAsync(Journal, default);
            byte[] other = [99, .. checkpoint.State.Span[1..]];
            await store.Journal.SaveCheckpointAsync(owner, checkpoint.Position, other, default);
        }

        await community.OpenAsync(3);
        await GoOnAsync(community);
        Assert.Equal(community.EnergyBetween(0, 5), (await community.Node.TotalsAsync(default)).Ledger);
    }

    [EngineFact]
    public async Task Start_NewJournal_RulesAreWrittenIntoIt()
    {
        await using var community = await BeginAsync();
        await community.CloseAsync();
        await using var store = await SqliteStore.OpenAsync(community.Folder, TimeProvider.System, null, default);
        var kinds = new List<RecordKind>();
        await foreach (var entry in store.Journal.ReadAsync(Journal, 0, default))
            kinds.Add(entry.Record.Kind);
        Assert.Single(kinds, kind => kind == RecordKind.Configuration);
        Assert.True(kinds.IndexOf(RecordKind.Configuration) < kinds.IndexOf(RecordKind.Message));
    }

    [EngineFact]
    public async Task Start_JournalTailDamaged_PlainMessageThenRepairedAndGoesOn()
    {
        await using var community = await BeginAsync();
        var meter = community.Meters[0];
        var payload = Encoding.UTF8.GetString(meter.Seal(meter.Read(4), community.Domain));
        community.Node.MoveClock(TestCommunity.At(4));
        await (await community.ConnectionOfAsync(meter)).SendAsync(Encoding.UTF8.GetBytes(payload));
        meter.Next--;
        await using var twin = await TwinAsync(community);
        await community.CloseAsync();
        Damage(Path.Combine(twin.Folder, SqliteStore.FileName), payload.Substring(payload.IndexOf("signature", StringComparison.Ordinal) + 20, 60));
        var size = new FileInfo(Path.Combine(twin.Folder, SqliteStore.FileName)).Length;

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var damaged = await Assert.ThrowsAsync<JournalDamagedException>(() => twin.OpenAsync(3));
            Assert.Contains("microgrid/1", damaged.Message, StringComparison.Ordinal);
            Assert.False(damaged.IsTransient);
        }

        Assert.Equal(size, new FileInfo(Path.Combine(twin.Folder, SqliteStore.FileName)).Length);
        await using (var store = await SqliteStore.OpenAsync(twin.Folder, TimeProvider.System, null, default))
        {
            var repair = await store.RepairTailAsync(Journal, default);
            Assert.True(repair.Removed > 0);
            Assert.True(File.Exists(repair.File));
        }

        await twin.OpenAsync(3);
        // The reading that was cut off comes again with the others of its boundary.
        await GoOnAsync(twin);
        var totals = await twin.Node.TotalsAsync(default);
        Assert.Equal(twin.EnergyBetween(0, 5), totals.Store);
        Assert.Equal(twin.EnergyBetween(0, 5), totals.Ledger);
        Assert.Equal((5, 1, 0), (totals.Anchored, totals.Corrected, totals.Waiting));
    }

    [EngineFact]
    public async Task Restart_EngineSnapshotsGone_SameBlocks()
    {
        await using var community = await BeginAsync();
        var before = await community.Node.TotalsAsync(default);
        await community.CloseAsync();
        Directory.Delete(Path.Combine(community.Folder, "engine"), recursive: true);
        await community.OpenAsync(3);
        Assert.Equal(before.FinalBlockHash, (await community.Node.TotalsAsync(default)).FinalBlockHash);
    }

    // Three intervals, in the last of which the second house is silent and estimated.
    private static async Task<TestCommunity> BeginAsync()
    {
        var community = await TestCommunity.StartAsync(new("house 1"), new("house 2"), new("house 3"));
        await community.RunAsync(0, 2);
        await community.StepAsync(3, community.Meters[0], community.Meters[2]);
        await community.MoveToAsync(TestCommunity.At(3) + community.Rules.Waiting);
        return community;
    }

    private static async Task GoOnAsync(TestCommunity community)
    {
        await community.MoveToAsync(TestCommunity.At(4));
        await (await community.ConnectionOfAsync(community.Meters[1])).ReadAsync(3);
        await community.RunAsync(4, 5);
        await community.MoveToAsync(TestCommunity.At(5) + community.Rules.CorrectionDelay);
    }

    // A backup of the running node: its checkpoint is written when it stops, so the twin has its journal alone.
    private static async Task<TestCommunity> TwinAsync(TestCommunity community)
    {
        var twin = new TestCommunity([.. community.Meters.Select(meter => new TestMeter(meter.Name, meter.Kind) { Next = meter.Next })]);
        await community.Node.Store.BackupToAsync(Path.Combine(twin.Folder, SqliteStore.FileName), default);
        File.Copy(Path.Combine(community.Folder, "addresses.json"), Path.Combine(twin.Folder, "addresses.json"));
        return twin;
    }

    private static async Task<JournalCheckpoint?> CheckpointAsync(string folder)
    {
        await using var store = await SqliteStore.OpenAsync(folder, TimeProvider.System, null, default);
        return await store.Journal.LoadCheckpointAsync(Journal, default);
    }

    private static void Damage(string path, string text)
    {
        var bytes = File.ReadAllBytes(path);
        var at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));
        Assert.True(at > 0, "the reading is not in the journal as it came");
        bytes[at] ^= 0x40;
        File.WriteAllBytes(path, bytes);
    }
}
