using System.Text;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Proofs;
using Busbar.Node.Tests.Testing;
using Busbar.Store.Journal;
using Busbar.Store.Sqlite;

namespace Busbar.Node.Tests.Recovery;

/// <summary>A journal whose end was cut off after it had been anchored: what was closed stays as it was closed.</summary>
public sealed class RepairTests
{
    private static readonly JournalName Journal = JournalName.Microgrid(1);

    [EngineTheory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Start_TailCutAfterAnchoring_ClosingsAndReadingsAreTakenBack(int damaged)
    {
        await using var community = await LiveAsync();
        var before = await community.Node.TotalsAsync(default);
        var proofs = await ProofsAsync(community);
        var anchored = await VersionsAsync(community);
        await community.CloseAsync();
        var repair = await CutAsync(community, damaged);
        Assert.True(repair.Removed > 0);

        await community.OpenAsync(6);

        var after = await community.Node.TotalsAsync(default);
        Assert.Equal(
            (before.Closed, before.Corrected, before.Anchored, before.Waiting, before.Store, before.Ledger, before.FinalBlockHash),
            (after.Closed, after.Corrected, after.Anchored, after.Waiting, after.Store, after.Ledger, after.FinalBlockHash));
        await community.StepAsync(6, [.. community.Meters]);
        await community.MoveToAsync(TestCommunity.At(6) + community.Rules.Waiting);
        await community.RunAsync(7, 8);
        await community.MoveToAsync(TestCommunity.At(8) + community.Rules.CorrectionDelay);
        var totals = await community.Node.TotalsAsync(default);
        Assert.Equal((0, 8, 8, 0), (totals.Refused, totals.Closed, totals.Anchored, totals.Waiting));
        Assert.Equal(before.Corrected, totals.Corrected);
        Assert.Equal((community.EnergyBetween(0, 8), community.EnergyBetween(0, 8)), (totals.Store, totals.Ledger));
        Assert.Equal(anchored, (await VersionsAsync(community)).Take(anchored.Count));
        foreach (var (proof, outcome) in proofs)
            Assert.Equal(outcome, await community.VerifyAsync(proof));
        Assert.Equal(proofs.Select(one => one.Proof.Leaf), (await ProofsAsync(community)).Take(proofs.Count).Select(one => one.Proof.Leaf));
    }

    [EngineFact]
    public async Task Restart_AfterWhatWasCutIsTakenBack_SameStateAndNotTakenAgain()
    {
        await using var community = await LiveAsync();
        await community.CloseAsync();
        await CutAsync(community, 2);
        await community.OpenAsync(6);
        var count = await RestoredAsync(community);
        Assert.True(count > 0);
        await community.CloseAsync();
        await community.OpenAsync(6);
        Assert.Equal(count, await RestoredAsync(community));
        await community.RunAsync(6, 7);
        Assert.Equal(community.EnergyBetween(0, 7), (await community.Node.TotalsAsync(default)).Ledger);
    }

    [EngineFact]
    public async Task Audit_DamageBeforeTheCheckpoint_NodeGoesOnAndNamesIt()
    {
        await using var community = await LiveAsync();
        await community.Node.AuditAsync(default);
        Assert.Empty(community.Node.DamagedJournals);
        await community.CloseAsync();
        await DamageAsync(community, 1);

        await community.OpenAsync(6);
        await community.Node.AuditAsync(default);

        var damage = Assert.Single(community.Node.DamagedJournals);
        Assert.Equal((Journal, true), (damage.Journal, damage.IsBeforeCheckpoint));
        await community.RunAsync(6, 7);
        Assert.Equal(community.EnergyBetween(0, 7), (await community.Node.TotalsAsync(default)).Ledger);
    }

    // Five intervals: house 2 is silent at the end of the third and tells later, house 3 has been silent since the fourth.
    private static async Task<TestCommunity> LiveAsync()
    {
        var community = await TestCommunity.StartAsync(new("house 1"), new("house 2"), new("house 3"), new("transformer", MeterKind.Transformer));
        var (first, second, transformer) = (community.Meters[0], community.Meters[1], community.Meters[3]);
        await community.RunAsync(0, 2);
        await community.StepAsync(3, first, community.Meters[2], transformer);
        await community.MoveToAsync(TestCommunity.At(3) + community.Rules.Waiting);
        await community.MoveToAsync(TestCommunity.At(4));
        await (await community.ConnectionOfAsync(second)).ReadAsync(3);
        await community.StepAsync(4, first, second, transformer);
        await community.MoveToAsync(TestCommunity.At(4) + community.Rules.Waiting);
        await community.StepAsync(5, first, second, transformer);
        await community.MoveToAsync(TestCommunity.At(5) + community.Rules.Waiting);
        await community.MoveToAsync(TestCommunity.At(5) + community.Rules.Waiting + community.Rules.CorrectionDelay);
        var silent = community.Meters[2];
        foreach (var boundary in (int[])[4, 5])
            await (await community.ConnectionOfAsync(silent)).ReadAsync(boundary);
        await community.MoveToAsync(TestCommunity.At(6) - NodaTime.Duration.FromMinutes(3));
        await community.MoveToAsync(TestCommunity.At(6) - NodaTime.Duration.FromMinutes(1));
        var totals = await community.Node.TotalsAsync(default);
        Assert.Equal((5, 5, 0), (totals.Closed, totals.Anchored, totals.Waiting));
        Assert.True(totals.Corrected >= 3, $"{totals.Corrected} corrections");
        return community;
    }

    private static async Task<JournalRepair> CutAsync(TestCommunity community, int boundary)
    {
        await DamageAsync(community, boundary);
        await using var store = await SqliteStore.OpenAsync(community.Folder, TimeProvider.System, null, default);
        return await store.RepairTailAsync(Journal, default);
    }

    private static async Task DamageAsync(TestCommunity community, int boundary)
    {
        var path = Path.Combine(community.Folder, SqliteStore.FileName);
        var bytes = await File.ReadAllBytesAsync(path);
        var instant = Encoding.ASCII.GetBytes($"\"instant\":{TestCommunity.At(boundary).ToUnixTimeSeconds()},");
        var at = bytes.AsSpan().IndexOf(instant);
        Assert.True(at > 0, "the reading is not in the journal as it came");
        bytes[at + 12] ^= 0x40;
        await File.WriteAllBytesAsync(path, bytes);
    }

    private static async Task<int> RestoredAsync(TestCommunity community)
    {
        var count = 0;
        await foreach (var entry in community.Node.Store.Journal.ReadAsync(Journal, 0, default))
            count += entry.Record.Kind == RecordKind.Restored ? 1 : 0;
        return count;
    }

    private static async Task<List<(OutboxKey Key, SumNode Root)>> VersionsAsync(TestCommunity community)
    {
        var versions = await community.Node.Store.Readings.VersionsAfterAsync(TestCommunity.Grid, TestCommunity.At(0), 0, 100, default);
        return [.. versions.Select(closed => (closed.Key, closed.Root))];
    }

    private static async Task<List<(ProofDocument Proof, ProofOutcome Outcome)>> ProofsAsync(TestCommunity community)
    {
        var proofs = new List<(ProofDocument, ProofOutcome)>();
        foreach (var (key, _) in await VersionsAsync(community))
        {
            foreach (var meter in community.Meters.Take(3))
            {
                var proof = await community.Node.Proofs.ProveAsync(TestCommunity.Grid, meter.Id, key.Interval.Start, key.Version, default);
                proofs.Add((proof!, await community.VerifyAsync(proof!)));
            }
        }

        return proofs;
    }
}
