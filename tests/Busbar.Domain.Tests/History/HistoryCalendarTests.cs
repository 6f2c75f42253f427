using Busbar.Domain.History;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Tests.History;

public sealed class HistoryCalendarTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
    private static readonly DateTimeZone Kolkata = DateTimeZoneProviders.Tzdb["Asia/Kolkata"];
    private static readonly DateTimeZone Kathmandu = DateTimeZoneProviders.Tzdb["Asia/Kathmandu"];
    private static readonly DateTimeZone LordHowe = DateTimeZoneProviders.Tzdb["Australia/Lord_Howe"];

    [Theory]
    [InlineData(2026, 3, 29, 23, 92)]
    [InlineData(2026, 10, 25, 25, 100)]
    [InlineData(2026, 6, 1, 24, 96)]
    public void Boundaries_OfADayWhenClocksAreMoved_HasItsTrueHoursAndQuarters(int year, int month, int day, int hours, int quarters)
    {
        var (from, to) = Day(new(year, month, day), Berlin);
        Assert.Equal(hours + 1, HistoryCalendar.Boundaries(from, to, HistoryStep.Hour, Berlin, IntervalLength.Default).Count);
        Assert.Equal(quarters + 1, HistoryCalendar.Boundaries(from, to, HistoryStep.Interval, Berlin, IntervalLength.Default).Count);
        Assert.Equal([from, to], HistoryCalendar.Boundaries(from, to, HistoryStep.Day, Berlin, IntervalLength.Default));
        Assert.Equal(Duration.FromHours(hours), to - from);
    }

    [Fact]
    public void Boundaries_OffsetsOfHalvesAndQuarters_AreThoseOfTheWallClock()
    {
        var at = Instant.FromUtc(2026, 5, 5, 12, 0);
        Assert.Equal(Instant.FromUtc(2026, 5, 5, 11, 30), First(at, HistoryStep.Hour, Kolkata));
        Assert.Equal(Instant.FromUtc(2026, 5, 5, 11, 15), First(at, HistoryStep.Hour, Kathmandu));
        Assert.Equal(Instant.FromUtc(2026, 5, 4, 18, 30), First(at, HistoryStep.Day, Kolkata));
        Assert.Equal(Instant.FromUtc(2026, 4, 30, 18, 15), First(at, HistoryStep.Month, Kathmandu));
        Assert.Equal(Instant.FromUtc(2025, 12, 31, 18, 30), First(at, HistoryStep.Year, Kolkata));
    }

    [Fact]
    public void Boundaries_ClocksMovedByHalfAnHour_NoHourIsSkippedAndNoneOverlaps()
    {
        var (from, to) = Day(new(2026, 4, 5), LordHowe);
        var hours = HistoryCalendar.Boundaries(from, to, HistoryStep.Hour, LordHowe, IntervalLength.Default);
        Assert.Equal(Duration.FromHours(24.5), to - from);
        Assert.Equal((from, to, 26), (hours[0], hours[^1], hours.Count));
        Assert.Single(hours.Zip(hours.Skip(1)), pair => pair.Second - pair.First == Duration.FromMinutes(30));
    }

    [Fact]
    public void Boundaries_OfPartOfASpan_ReachAroundIt()
    {
        var from = Instant.FromUtc(2024, 1, 31, 10, 7);
        var to = Instant.FromUtc(2024, 3, 1, 0, 0);
        var months = HistoryCalendar.Boundaries(from, to, HistoryStep.Month, DateTimeZone.Utc, IntervalLength.Default);
        Assert.Equal([Instant.FromUtc(2024, 1, 1, 0, 0), Instant.FromUtc(2024, 2, 1, 0, 0), to], months);
        var quarters = HistoryCalendar.Boundaries(from, from + Duration.FromMinutes(1), HistoryStep.Interval, DateTimeZone.Utc, IntervalLength.Default);
        Assert.Equal([Instant.FromUtc(2024, 1, 31, 10, 0), Instant.FromUtc(2024, 1, 31, 10, 15)], quarters);
    }

    [Fact]
    public void Boundaries_OfALeapYearOfQuarters_FitAndMoreIsRefused()
    {
        var from = Instant.FromUtc(2024, 1, 1, 0, 0);
        var year = HistoryCalendar.Boundaries(from, Instant.FromUtc(2025, 1, 1, 0, 0), HistoryStep.Interval, DateTimeZone.Utc, IntervalLength.Default);
        Assert.Equal((366 * 96) + 1, year.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => HistoryCalendar.Boundaries(
            from, Instant.FromUtc(2026, 1, 1, 0, 0), HistoryStep.Interval, DateTimeZone.Utc, IntervalLength.Default));
        Assert.Throws<ArgumentOutOfRangeException>(() => HistoryCalendar.Boundaries(from, from, HistoryStep.Day, DateTimeZone.Utc, IntervalLength.Default));
        Assert.Throws<ArgumentOutOfRangeException>(() => First(from, HistoryStep.None, DateTimeZone.Utc));
    }

    private static Instant First(Instant at, HistoryStep step, DateTimeZone zone) =>
        HistoryCalendar.Boundaries(at, at + Duration.FromSeconds(1), step, zone, IntervalLength.Default)[0];

    private static (Instant From, Instant To) Day(LocalDate date, DateTimeZone zone) =>
        (zone.AtStartOfDay(date).ToInstant(), zone.AtStartOfDay(date.PlusDays(1)).ToInstant());
}
