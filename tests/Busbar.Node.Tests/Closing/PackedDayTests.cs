using Busbar.Domain.Metering;
using Busbar.Ledger.Proofs;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Closing;

/// <summary>Days that are over are packed by the node itself; what is read, proven and corrected stays right.</summary>
public sealed class PackedDayTests
{
    private const int Hour = 4;
    private const int Day = 24 * Hour;

    [EngineFact]
    public async Task Advance_DayOverAndLateReadings_PackedAndTheTruthProves()
    {
        await using var community = new TestCommunity(new("house 1"), new("house 2"), new("house 3"), new("transformer", MeterKind.Transformer))
        {
            Rules = new() { Length = IntervalLength.FromMinutes(60) },
        };
        await community.OpenOrGoAsync(now: 0);
        var silent = community.Meters[2];
        TestMeter[] others = [.. community.Meters.Where(meter => meter != silent)];
        await HoursAsync(community, 0, 21, [.. community.Meters]);
        await HoursAsync(community, 22, 25, others);
        Assert.Equal(0, (await community.Node.Store.SizeAsync(default)).PackedReadings);

        await HoursAsync(community, 26, 26, others);

        // The first day of four meters, of which one said nothing in the last two hours.
        Assert.Equal((4 * 24) - 2, (await community.Node.Store.SizeAsync(default)).PackedReadings);
        var estimate = await community.ProofAsync(silent, 22 * Hour);
        Assert.Equal(new ProofOutcome.Genuine(1, IsEstimated: true), await community.VerifyAsync(estimate));

        await community.MoveToAsync(TestCommunity.At(26 * Hour) + community.Rules.Waiting);
        await community.MoveToAsync(TestCommunity.At((26 * Hour) + 1));
        var connection = await community.ConnectionOfAsync(silent);
        for (var hour = 22; hour <= 26; hour++)
            await connection.ReadAsync(hour * Hour);
        await HoursAsync(community, 27, 27, [.. community.Meters]);
        await community.MoveToAsync(TestCommunity.At(27 * Hour) + community.Rules.CorrectionDelay);
        await CheckAsync(community, last: 27);

        await HoursAsync(community, 28, 50, [.. community.Meters]);
        Assert.Equal(4 * 48, (await community.Node.Store.SizeAsync(default)).PackedReadings);
        await CheckAsync(community, last: 50);
        await community.CloseAsync();
        await community.OpenAsync(50 * Hour);
        await CheckAsync(community, last: 50);
    }

    private static async Task HoursAsync(TestCommunity community, int first, int last, TestMeter[] meters)
    {
        for (var hour = first; hour <= last; hour++)
            await community.StepAsync(hour * Hour, meters);
    }

    private static async Task CheckAsync(TestCommunity community, int last)
    {
        var totals = await community.Node.TotalsAsync(default);
        var energy = community.EnergyBetween(0, last * Hour);
        Assert.Equal((energy, energy), (totals.Store, totals.Ledger));
        Assert.Equal((last, last, 0), (totals.Closed, totals.Anchored, totals.Waiting));
        foreach (var hour in (int[])[0, 21, 22, 23, 24, 25, last - 1])
        {
            foreach (var meter in community.Meters.Where(meter => meter.Kind != MeterKind.Transformer))
            {
                var proof = await community.ProofAsync(meter, hour * Hour);
                Assert.Equal(meter.RegistersAt((hour + 1) * Hour), proof.Leaf.Closing);
                Assert.Equal(new ProofOutcome.Genuine(proof.Header.Version, IsEstimated: false), await community.VerifyAsync(proof));
            }

            Assert.Equal(hour is >= 21 and <= 25 ? 2 : 1, (await community.ProofAsync(community.Meters[0], hour * Hour)).Header.Version);
        }

        var points = await community.Node.Store.Readings.SeriesAsync(
            community.Meters[2].Id, TestCommunity.At(0), TestCommunity.At(Day), default);
        Assert.Equal(Enumerable.Range(0, 24).Select(hour => TestCommunity.At(hour * Hour)), points.Select(point => point.Instant));
    }
}
