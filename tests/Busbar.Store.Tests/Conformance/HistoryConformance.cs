using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Readings;
using NodaTime;

namespace Busbar.Store.Tests.Conformance;

/// <summary>What histories every store gives, packed or not.</summary>
public abstract class HistoryConformance : StoreSuite
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    [Theory]
    [InlineData(false, HistoryStep.Interval)]
    [InlineData(true, HistoryStep.Interval)]
    [InlineData(true, HistoryStep.Hour)]
    [InlineData(true, HistoryStep.Day)]
    [InlineData(true, HistoryStep.Month)]
    public async Task History_OverTheNightWhenClocksAreMoved_TotalIsTheDifferenceOfTheRegisters(bool packed, HistoryStep step)
    {
        // The whole of March in the zone, with its day of 23 hours.
        var (from, to) = (Berlin.AtStartOfDay(new(2026, 3, 1)).ToInstant(), Berlin.AtStartOfDay(new(2026, 4, 1)).ToInstant());
        var quarters = (int)((to - from) / Duration.FromMinutes(15));
        await AcceptAsync([.. Enumerable.Range(-4, quarters + 9).Select(i => Reading(1, from + (i * Duration.FromMinutes(15)), 1_000 + (i * i), i + 10))]);
        if (packed)
            await Store.PackAsync(to - Duration.FromDays(2));
        var table = await Store.Readings.HistoryAsync(new([Meter(1)], from, to, step, Berlin, IntervalLength.Default), None);
        Assert.Equal(Sum((long)quarters * quarters, quarters), table.Total);
        Assert.Equal(table.Total, table.Rows.Aggregate(default(EnergySum), (sum, row) => sum + row.Energy!.Value));
        Assert.All(table.Rows, row => Assert.Equal(HistoryMarks.Complete, row.Marks));
        Assert.Equal((from, to), (table.Rows[0].Start, table.Rows[^1].End));
        Assert.Equal(step switch { HistoryStep.Interval => quarters, HistoryStep.Hour => quarters / 4, HistoryStep.Day => 31, _ => 1 }, table.Rows.Count);
    }

    [Fact]
    public async Task History_BoundaryNotRead_TakesTheEstimateOfTheNewestVersion()
    {
        await AcceptAsync(Reading(1, At(0), 1_000), Reading(1, At(2), 1_200), Reading(1, At(4), 1_300));
        await ApplyAsync(
            new StoreChange.IntervalClosed(Closed(At(0), 1, estimates: [Estimate(1, 1_010)])),
            new StoreChange.IntervalClosed(Closed(At(0), 2, estimates: [Estimate(2, 1_150), Estimate(1, 1_150)])),
            new StoreChange.IntervalClosed(Closed(At(2), 1, estimates: [Estimate(1, 1_250) with { Flags = LeafFlags.OpeningEstimated }])));
        var table = await HistoryAsync([Meter(1)], 4);
        Assert.Equal([Sum(150, 0), Sum(50, 0), null, Sum(100, 0)], table.Rows.Select(row => row.Energy));
        Assert.Equal(
            [HistoryMarks.Estimated, HistoryMarks.Estimated, HistoryMarks.Missing, HistoryMarks.Gathered], table.Rows.Select(row => row.Marks));
    }

    [Fact]
    public async Task History_OfSeveralMeters_AddsThemAndAsksEachOnce()
    {
        await AcceptAsync(Reading(1, At(0), 1_000), Reading(1, At(1), 1_100), Reading(2, At(0), 10, 5), Reading(2, At(1), 10, 8));
        Assert.Equal(Sum(100, 3), (await HistoryAsync([Meter(1), Meter(2), Meter(1), Meter(3)], 1)).Total);
        Assert.Equal(HistoryMarks.Nothing, (await HistoryAsync([Meter(3)], 1)).Rows[0].Marks);
        await Assert.ThrowsAsync<ArgumentException>(() => HistoryAsync([], 1));
    }

    [Fact]
    public async Task History_OfAMeterThatMoved_GoesOn()
    {
        await AcceptAsync(Reading(1, At(0), 1_000), Reading(1, At(1), 1_100));
        await ApplyAsync(new StoreChange.ReadingAccepted(new(2), Reading(1, At(2), 1_500), At(2)));
        Assert.Equal([Sum(100, 0), Sum(400, 0)], (await HistoryAsync([Meter(1)], 2)).Rows.Select(row => row.Energy));
    }

    private static Instant At(int quarter) => Noon + (quarter * Duration.FromMinutes(15));

    private static new EnergySum? Sum(long import, long export) => StoreSuite.Sum(import, export);

    private static EstimatedLeaf Estimate(int meter, long import) =>
        new(Meter(meter), new(MeterRegister.FromMilliwattHours(import), default), StoreSuite.Sum(1, 0), LeafFlags.Estimated, default);

    private Task<HistoryTable> HistoryAsync(IReadOnlyList<MeterId> meters, int quarters) => Store.Readings.HistoryAsync(
        new HistoryQuery(meters, At(0), At(quarters), HistoryStep.Interval, DateTimeZone.Utc, IntervalLength.Default), None);
}
