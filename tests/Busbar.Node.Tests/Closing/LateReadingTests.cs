using Busbar.Domain.Metering;
using Busbar.Ledger.Proofs;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Closing;

/// <summary>A meter falls silent: estimated, and corrected by new versions when its own readings come.</summary>
public sealed class LateReadingTests
{
    [EngineFact]
    public async Task Close_MeterSilentThenBack_EstimateThenTruthAndBothVersionsProve()
    {
        await using var community = await TestCommunity.StartAsync(new("house 1"), new("house 2"), new("house 3"));
        var (silent, other) = (community.Meters[0], community.Meters[1]);
        await community.RunAsync(0, 2);
        await community.StepAsync(3, community.Meters[1], community.Meters[2]);
        Assert.Equal(2, (await community.Node.TotalsAsync(default)).Closed);

        await community.MoveToAsync(TestCommunity.At(3) + community.Rules.Waiting);
        await community.StepAsync(4, community.Meters[1], community.Meters[2]);
        await community.MoveToAsync(TestCommunity.At(4) + community.Rules.Waiting);

        Assert.Equal(4, (await community.Node.TotalsAsync(default)).Anchored);
        var estimate = await community.ProofAsync(silent, 2);
        Assert.True(estimate.Leaf.Flags.HasFlag(LeafFlags.Estimated));
        Assert.Null(estimate.Reading);
        Assert.Equal(new ProofOutcome.Genuine(1, IsEstimated: true), await community.VerifyAsync(estimate));

        await BringTruthAsync(community, silent);

        var totals = await community.Node.TotalsAsync(default);
        Assert.Equal((5, 5, 2, 0), (totals.Closed, totals.Anchored, totals.Corrected, totals.Waiting));
        Assert.Equal(community.EnergyBetween(0, 5), totals.Store);
        Assert.Equal(community.EnergyBetween(0, 5), totals.Ledger);
        foreach (var boundary in (int[])[2, 3])
        {
            var truth = await community.ProofAsync(silent, boundary);
            Assert.Equal((2, silent.RegistersAt(boundary + 1)), (truth.Header.Version, truth.Leaf.Closing));
            Assert.Equal(new ProofOutcome.Genuine(2, IsEstimated: false), await community.VerifyAsync(truth));
            Assert.Equal(new ProofOutcome.Genuine(2, IsEstimated: true), await community.VerifyAsync(await community.ProofAsync(silent, boundary, 1)));
            Assert.Equal(new ProofOutcome.Genuine(2, IsEstimated: false), await community.VerifyAsync(await community.ProofAsync(other, boundary, 1)));
            Assert.Equal(new ProofOutcome.Genuine(2, IsEstimated: false), await community.VerifyAsync(await community.ProofAsync(other, boundary, 2)));
        }

        // The estimate that was handed out before still holds, and says that there is a newer version.
        Assert.Equal(new ProofOutcome.Genuine(2, IsEstimated: true), await community.VerifyAsync(estimate));
    }

    private static async Task BringTruthAsync(TestCommunity community, TestMeter silent)
    {
        await community.MoveToAsync(TestCommunity.At(5));
        var connection = await community.ConnectionOfAsync(silent);
        await connection.ReadAsync(3);
        await connection.ReadAsync(4);
        await community.StepAsync(5, [.. community.Meters]);
        await community.MoveToAsync(TestCommunity.At(5) + community.Rules.CorrectionDelay + Duration.FromSeconds(1));
    }
}
