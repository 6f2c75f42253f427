using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Proofs;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Intake;

/// <summary>An operator records that a meter was changed: its registers may begin anew, once, and only then.</summary>
public sealed class MeterChangeTests
{
    [EngineFact]
    public async Task Record_MeterChanged_RegistersBeginAnewOnceAndOnlyWithANewBoot()
    {
        await using var community = await TestCommunity.StartAsync(new("house 1"), new("house 2"));
        var (changed, other) = (community.Meters[0], community.Meters[1]);
        await community.RunAsync(0, 1);
        await RefusedAsync(community, Anew(changed, 2, boot: 2, used: 70_000));

        Assert.Equal(
            new MeterChangeOutcome.Recorded(changed.Id),
            await community.Node.RecordMeterChangeAsync(changed.Id, "display broken, meter changed", default));
        await RefusedAsync(community, Anew(changed, 2, boot: 1, used: 70_000));
        await community.CloseAsync();
        await community.OpenAsync(2);
        await (await community.ConnectionOfAsync(changed)).SendAsync(changed.Seal(Anew(changed, 2, boot: 2, used: 70_000), community.Domain));
        await community.StepAsync(2, other);

        var proof = await community.ProofAsync(changed, 1);
        Assert.True(proof.Leaf.Flags.HasFlag(LeafFlags.RegisterReset));
        Assert.Equal(70_000, proof.Leaf.Energy.Import.MilliwattHours);
        Assert.Equal(new ProofOutcome.Genuine(1, IsEstimated: false), await community.VerifyAsync(proof));
        await RefusedAsync(community, Anew(changed, 3, boot: 3, used: 10));
    }

    [EngineFact]
    public async Task Record_UnknownMeterOrNoNote_RefusedAndNothingWritten()
    {
        await using var community = await TestCommunity.StartAsync(new TestMeter("house 1"));
        using var stranger = new TestMeter("a stranger");
        var meter = community.Meters[0].Id;
        Assert.Equal(new MeterChangeOutcome.UnknownMeter(stranger.Id), await community.Node.RecordMeterChangeAsync(stranger.Id, "changed", default));
        Assert.Equal(new MeterChangeOutcome.NoteRefused(2, 500), await community.Node.RecordMeterChangeAsync(meter, "  ", default));
        Assert.Equal(
            new MeterChangeOutcome.NoteRefused(501, 500), await community.Node.RecordMeterChangeAsync(meter, new string('x', 501), default));
        await foreach (var entry in community.Node.Store.Journal.ReadAsync(new("microgrid/1"), 0, default))
            Assert.NotEqual(Ledger.Journal.RecordKind.Command, entry.Record.Kind);
    }

    private static Reading Anew(TestMeter meter, int boundary, uint boot, long used) => meter.Read(boundary) with
    {
        Boot = boot,
        Registers = new(MeterRegister.FromMilliwattHours(used), MeterRegister.FromMilliwattHours(0)),
    };

    private static async Task RefusedAsync(TestCommunity community, Reading reading)
    {
        community.Node.MoveClock(reading.Instant);
        var meter = community.Meters.Single(one => one.Id == reading.Meter);
        var connection = await community.ConnectionOfAsync(meter);
        await connection.SendAsync(meter.Seal(reading, community.Domain));
        Assert.Equal("RegisterBackwards", (await connection.RefusalAsync()).Reason);
    }
}
