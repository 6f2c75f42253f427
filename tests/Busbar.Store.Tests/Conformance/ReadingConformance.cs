using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Store.Tests.Conformance;

/// <summary>What every store of readings keeps to, packed or not.</summary>
public abstract class ReadingConformance : StoreSuite
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reading_Accepted_ComesBackWhole(bool packed)
    {
        var bands = new BandRegisters(
            MeterRegister.FromMilliwattHours(1), MeterRegister.FromMilliwattHours(2), default, MeterRegister.FromMilliwattHours(long.MaxValue));
        SignedReading[] readings =
        [
            Reading(1, Noon, 5_000_000_000, 12),
            Reading(1, Noon + Duration.FromMinutes(15), 5_000_100_000, 12, bands: bands, boot: 3, firmware: 2),
            Reading(2, Noon, 0, long.MaxValue, ulong.MaxValue, ReadingFlags.CoverOpened | ReadingFlags.ReadingsLost),
            Reading(2, Noon + Duration.FromMinutes(15), long.MaxValue, 0, 5, (ReadingFlags)ushort.MaxValue & ~ReadingFlags.OnRequest, boot: uint.MaxValue),
        ];
        await AcceptAsync(readings);
        await SettleAsync(packed);
        foreach (var reading in readings)
            Assert.Equal(reading, await Store.Readings.ReadingAsync(reading.Reading.Meter, reading.Reading.Instant, None));
        Assert.Null(await Store.Readings.ReadingAsync(Meter(1), Noon + Duration.FromSeconds(1), None));
        Assert.Null(await Store.Readings.ReadingAsync(Meter(3), Noon, None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadingsAt_OneInstant_OnlyThatMicrogridsMeters(bool packed)
    {
        await AcceptAsync([.. Enumerable.Range(1, 40).Select(i => Reading(i, Noon, i))]);
        await AcceptAsync([.. Enumerable.Range(1, 40).Select(i => Reading(i, Noon + Duration.FromMinutes(15), i + 100))]);
        await ApplyAsync(new StoreChange.ReadingAccepted(new(2), Reading(50, Noon, 1), Noon));
        await SettleAsync(packed);
        var read = await Store.Readings.ReadingsAtAsync(Grid, Noon, None);
        Assert.Equal(
            Enumerable.Range(1, 40).Select(i => Reading(i, Noon, i)).OrderBy(reading => reading.Reading.Meter),
            read.OrderBy(reading => reading.Reading.Meter));
        Assert.Equal(Meter(50), Assert.Single(await Store.Readings.ReadingsAtAsync(new(2), Noon, None)).Reading.Meter);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Series_OfOneMeter_FromInclusiveToExclusiveOldestFirst(bool packed)
    {
        Instant At(int i) => Noon + Duration.FromMinutes(15 * i);
        await AcceptAsync([.. Enumerable.Range(0, 300).SelectMany(i => new[] { Reading(1, At(i), 1000 + (i * i)), Reading(2, At(i), 7, i), Reading(3, At(i), i) })]);
        await SettleAsync(packed);
        var series = await Store.Readings.SeriesAsync(Meter(2), At(10), At(250), None);
        Assert.Equal(Enumerable.Range(10, 240).Select(At), series.Select(point => point.Instant));
        Assert.Equal(Enumerable.Range(10, 240).Select(i => (long)i), series.Select(point => point.Registers.Export.MilliwattHours));
        Assert.Empty(await Store.Readings.SeriesAsync(Meter(2), At(300), At(400), None));
        Assert.Empty(await Store.Readings.SeriesAsync(Meter(4), At(0), At(400), None));
    }

    [Fact]
    public async Task Series_HalfPackedHalfHot_IsSeamless()
    {
        Instant At(int i) => Noon + Duration.FromMinutes(15 * i);
        await AcceptAsync([.. Enumerable.Range(0, 400).Select(i => Reading(1, At(i), i))]);
        await Store.PackAsync(At(200));
        var series = await Store.Readings.SeriesAsync(Meter(1), At(0), At(400), None);
        Assert.Equal(Enumerable.Range(0, 400).Select(i => (long)i), series.Select(point => point.Registers.Import.MilliwattHours));
    }

    [Fact]
    public async Task Pack_LateReadingsOfAPackedDay_AreMergedIn()
    {
        Instant At(int i) => Noon + Duration.FromMinutes(15 * i);
        await AcceptAsync([.. Enumerable.Range(0, 40).Where(i => i % 3 != 0).Select(i => Reading(1, At(i), i))]);
        await SettleAsync(packed: true);
        await AcceptAsync([.. Enumerable.Range(0, 40).Where(i => i % 3 == 0).Select(i => Reading(1, At(i), i))]);
        var before = await Store.Readings.SeriesAsync(Meter(1), At(0), At(40), None);
        Assert.Equal(Enumerable.Range(0, 40).Select(At), before.Select(point => point.Instant));
        await SettleAsync(packed: true);
        Assert.Equal(before, await Store.Readings.SeriesAsync(Meter(1), At(0), At(40), None));
        for (var i = 0; i < 40; i++)
            Assert.Equal(Reading(1, At(i), i), await Store.Readings.ReadingAsync(Meter(1), At(i), None));
        Assert.Equal(40, (await Store.Readings.TotalsAsync(None)).Readings);
    }

    [Fact]
    public async Task Pack_MoreReadingsADayThanAreMovedAtOnce_AllArePacked()
    {
        Instant At(int i) => Noon + Duration.FromSeconds(10 * i);
        await AcceptAsync([.. Enumerable.Range(0, 2_500).SelectMany(i => new[] { Reading(1, At(i), i), Reading(2, At(i), 2 * i) })]);
        await SettleAsync(packed: true);
        for (var meter = 1; meter <= 2; meter++)
        {
            var series = await Store.Readings.SeriesAsync(Meter(meter), At(0), At(2_500), None);
            Assert.Equal(Enumerable.Range(0, 2_500).Select(i => (At(i), (long)i * meter)), series.Select(point => (point.Instant, point.Registers.Import.MilliwattHours)));
        }

        foreach (var i in (int[])[0, 999, 1_000, 1_001, 2_160, 2_499])
            Assert.Equal(Reading(2, At(i), 2 * i), await Store.Readings.ReadingAsync(Meter(2), At(i), None));
        Assert.Equal(5_000, (await Store.Readings.TotalsAsync(None)).Readings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reading_OnRequestInTheSameSecond_DoesNotHideTheIntervals(bool packed)
    {
        var closing = Reading(1, Noon, 100, sequence: 10);
        var requested = Reading(1, Noon, 100, sequence: 11, flags: ReadingFlags.ClockSet | ReadingFlags.OnRequest);
        await AcceptAsync(closing, requested);
        await SettleAsync(packed);
        Assert.Equal(closing, await Store.Readings.ReadingAsync(Meter(1), Noon, None));
        Assert.Equal(closing, Assert.Single(await Store.Readings.ReadingsAtAsync(Grid, Noon, None)));
        Assert.Single(await Store.Readings.SeriesAsync(Meter(1), Noon, Noon + Duration.FromHours(1), None));
        Assert.Equal(2, (await Store.Readings.TotalsAsync(None)).Readings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reading_StoredAgain_CountsOnce(bool packed)
    {
        await AcceptAsync(Reading(1, Noon, 5));
        await SettleAsync(packed);
        await AcceptAsync(Reading(1, Noon, 5));
        Assert.Equal(Reading(1, Noon, 5), await Store.Readings.ReadingAsync(Meter(1), Noon, None));
        Assert.Single(await Store.Readings.SeriesAsync(Meter(1), Noon, Noon + Duration.FromHours(1), None));
        await SettleAsync(packed);
        Assert.Equal(1, (await Store.Readings.TotalsAsync(None)).Readings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Series_OfAMeterThatMoved_GoesOverBothMicrogrids(bool packed)
    {
        var later = Noon + Duration.FromMinutes(15);
        await AcceptAsync(Reading(1, Noon, 5));
        await ApplyAsync(new StoreChange.ReadingAccepted(new(2), Reading(1, later, 9), later));
        await SettleAsync(packed);
        var series = await Store.Readings.SeriesAsync(Meter(1), Noon, Noon + Duration.FromHours(1), None);
        Assert.Equal([Noon, later], series.Select(point => point.Instant));
        Assert.Equal(Sum(4, 0), (await Store.Readings.TotalsAsync(None)).Energy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Totals_EnergyOfAllButTransformers(bool packed)
    {
        Instant At(int i) => Noon + Duration.FromHours(9 * i);
        await AcceptAsync([.. Enumerable.Range(0, 5).SelectMany(i => new[] { Reading(1, At(i), 100 + i, i), Reading(2, At(i), 10 * i), Reading(3, At(i), 1000 * i) })]);
        await ApplyAsync(new StoreChange.IntervalClosed(Closed(Noon) with { TransformerClosing = Reading(3, At(0), 0) }));
        await SettleAsync(packed);
        var totals = await Store.Readings.TotalsAsync(None);
        Assert.Equal(15, totals.Readings);
        Assert.Equal(Sum(44, 4), totals.Energy);
    }

    [Fact]
    public async Task Quarantine_GivesTheNewestFirst()
    {
        await ApplyAsync(
            new StoreChange.Quarantined(Grid, 3, "busbar/v1/a/reading", "WrongSignature", "detail", Bytes(10_000, 1), Noon),
            new StoreChange.Quarantined(null, 4, "busbar/v1/b/reading", "UnknownMeter", "who", ReadOnlyMemory<byte>.Empty, Noon));
        var refusals = await Store.Readings.QuarantineAsync(10, None);
        Assert.Equal(["UnknownMeter", "WrongSignature"], refusals.Select(refusal => refusal.Reason), StringComparer.Ordinal);
        Assert.Equal(("busbar/v1/a/reading", "detail", Noon), (refusals[1].Topic, refusals[1].Detail, refusals[1].ReceivedAt));
        Assert.Single(await Store.Readings.QuarantineAsync(1, None));
        Assert.Equal(2, (await Store.Readings.TotalsAsync(None)).Quarantined);
    }

    private Task SettleAsync(bool packed) => packed ? Store.PackAsync(Noon + Duration.FromDays(365)) : Task.CompletedTask;
}
