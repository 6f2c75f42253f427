using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Domain.Tests.Billing;

public sealed class TariffCalendarTests
{
    private const int Peak = 0;
    private const int Noon = 1;
    private const int Night = 2;
    private const int Other = 3;

    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    private static readonly Tariff Tariff = new()
    {
        Name = "Time of use",
        Zone = Berlin,
        ValidFrom = new(2026, 1, 1),
        Seasons = [new("summer", new(6, 1), new(9, 30)), new("winter", new(11, 15), new(2, 29))],
        Holidays = [new(2026, 1, 1), new(2026, 5, 1)],
        Bands =
        [
            new("Peak", Price.Parse("3"), [new(DayKinds.Weekday, [], [new(new(7, 0), new(9, 0)), new(new(16, 30), new(21, 0))]), new(DayKinds.Holiday, ["winter"], [new(new(12, 0), LocalTime.Midnight)])]),
            new("Noon", Price.Parse("1"), [new(DayKinds.None, ["summer"], [new(new(11, 0), new(15, 0))])]),
            new("Night", Price.Parse("1"), [new(DayKinds.None, [], [new(new(22, 0), new(6, 0))])]),
            new("Other", Price.Parse("2"), []),
        ],
    };

    private static readonly TariffCalendar Calendar = new(Tariff);

    [Theory]
    [InlineData("2026-01-05T06:59", Other)]
    [InlineData("2026-01-05T07:00", Peak)]
    [InlineData("2026-01-05T08:59", Peak)]
    [InlineData("2026-01-05T09:00", Other)]
    [InlineData("2026-01-05T16:29", Other)]
    [InlineData("2026-01-05T16:30", Peak)]
    [InlineData("2026-01-05T21:00", Other)]
    // Saturday and Sunday have no peak, nor has a holiday outside winter.
    [InlineData("2026-01-03T17:00", Other)]
    [InlineData("2026-01-04T17:00", Other)]
    [InlineData("2026-05-01T17:00", Other)]
    [InlineData("2026-01-01T11:59", Other)]
    [InlineData("2026-01-01T12:00", Peak)]
    [InlineData("2026-01-01T23:59", Peak)]
    // Seasons: first and last day, over the year's end, the odd day of a leap year.
    [InlineData("2026-05-31T12:00", Other)]
    [InlineData("2026-06-01T12:00", Noon)]
    [InlineData("2026-09-30T12:00", Noon)]
    [InlineData("2026-10-01T12:00", Other)]
    [InlineData("2026-06-01T15:00", Other)]
    // Hours over midnight.
    [InlineData("2026-01-05T22:00", Night)]
    [InlineData("2026-01-05T00:00", Night)]
    [InlineData("2026-01-05T05:59", Night)]
    [InlineData("2026-01-05T06:00", Other)]
    public void BandAt_CivilTime_IsTheFirstBandWhoseTimesFit(string local, int band) => Assert.Equal(band, Calendar.BandAt(Moment(local)));

    [Theory]
    [InlineData("11-14", false)]
    [InlineData("11-15", true)]
    [InlineData("12-31", true)]
    [InlineData("01-01", true)]
    [InlineData("02-29", true)]
    [InlineData("03-01", false)]
    public void Season_OverTheYearsEnd_HasBothParts(string day, bool isIn)
    {
        Assert.True(TariffText.TryRead(day, out AnnualDate date));
        Assert.Equal(isIn, Tariff.Seasons[1].Contains(date.InYear(2028)));
    }

    [Fact]
    public void KindOf_OtherWeekend_IsThatOfTheTariff()
    {
        var nepal = new TariffCalendar(Tariff with { Weekend = [IsoDayOfWeek.Saturday], Holidays = [new(2026, 1, 3)] });

        Assert.Equal(DayKinds.Holiday, nepal.KindOf(new(2026, 1, 3)));
        Assert.Equal(DayKinds.Weekday, nepal.KindOf(new(2026, 1, 4)));
        Assert.Equal(DayKinds.Weekend, nepal.KindOf(new(2026, 1, 10)));
    }

    // Nights are 22:00 to 06:00: 32 quarters, on the day that loses an hour of them 28, on the day that has one twice 36.
    [Theory]
    [InlineData("2026-03-28", 96, 32)]
    [InlineData("2026-03-29", 92, 28)]
    [InlineData("2026-10-25", 100, 36)]
    public void Over_DaysOf23And25Hours_HaveTheirQuarters(string day, int quarters, int nights)
    {
        Assert.True(TariffText.TryRead(day, out LocalDate date));
        var (from, to) = (Berlin.AtStartOfDay(date).ToInstant(), Berlin.AtStartOfDay(date.PlusDays(1)).ToInstant());
        var timetable = Calendar.Over(from, to);
        var one = Energy.FromMilliwattHours(1);

        var bands = timetable.Split(Intervals(from, to, Quarter).Select(interval => (interval.Start, interval.End, one)));

        Assert.Equal(quarters, bands.Sum.MilliwattHours);
        Assert.Equal(nights, bands[Night].MilliwattHours);
    }

    [Fact]
    public void Over_AnyTariffAndSpan_IsWhatBandAtSaysAtEveryMinute() => Prop.ForAll(RandomBilling.Seeds, seed =>
    {
        var tariff = Banded(seed);
        var calendar = new TariffCalendar(tariff);
        // Around the changes of the clock in spring or autumn, from a second that is no boundary.
        var from = Instant.FromUtc(2026, (seed & 1) == 0 ? 3 : 10, 20, 0, 0) + Duration.FromSeconds(seed % 86_400);
        var timetable = calendar.Over(from, from + Duration.FromDays(20));

        Assert.Equal((from, from + Duration.FromDays(20)), (timetable.Start, timetable.End));
        for (var i = 0; i < timetable.Stretches.Count; i++)
        {
            var stretch = timetable.Stretches[i];
            Assert.True(stretch.Start < stretch.End);
            Assert.True(i == 0 || (timetable.Stretches[i - 1].End == stretch.Start && timetable.Stretches[i - 1].Band != stretch.Band));
            for (var at = stretch.Start; at < stretch.End; at += Duration.FromMinutes(13))
                Assert.Equal(stretch.Band, calendar.BandAt(at));
            Assert.Equal(stretch.Band, calendar.BandAt(stretch.End - Duration.FromNanoseconds(1)));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Split_AnyIntervals_LosesAndInventsNothing() => Prop.ForAll(RandomBilling.Seeds, seed =>
    {
        var random = new RandomBilling(seed);
        var from = Instant.FromUtc(2026, 10, 24, 0, 0);
        var to = from + Duration.FromDays(3);
        var timetable = new TariffCalendar(Banded(seed)).Over(from, to);
        var readings = Intervals(from, to, Duration.FromMinutes(1 + (seed % 200))).Select(span => (span.Start, span.End, Energy: random.AnyEnergy())).ToList();

        var bands = timetable.Split(readings);

        Assert.Equal(readings.Aggregate(Energy.Zero, (sum, reading) => sum + reading.Energy), bands.Sum);
        Assert.True(Enumerable.Range(0, 4).All(band => bands[band] >= Energy.Zero));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Split_BandChangesInsideTheInterval_IsByTimeAndTheRestGoesToTheLater()
    {
        // 16:00 to 17:00 with the peak from 16:30, and 05:55 to 06:10 with the night until 06:00.
        var timetable = Calendar.Over(Moment("2026-01-05T00:00"), Moment("2026-01-06T00:00"));

        var hour = timetable.Split(Moment("2026-01-05T16:00"), Moment("2026-01-05T17:00"), Energy.FromMilliwattHours(101));
        var quarter = timetable.Split(Moment("2026-01-05T05:55"), Moment("2026-01-05T06:10"), Energy.FromMilliwattHours(100));

        Assert.Equal((50, 51), (hour[Other].MilliwattHours, hour[Peak].MilliwattHours));
        Assert.Equal((33, 67), (quarter[Night].MilliwattHours, quarter[Other].MilliwattHours));
    }

    [Fact]
    public void Split_OutsideTheTimetable_IsACallersBug()
    {
        var (from, to) = (Moment("2026-01-05T00:00"), Moment("2026-01-06T00:00"));
        var timetable = Calendar.Over(from, to);

        Assert.Throws<ArgumentOutOfRangeException>(() => timetable.Split(from - Quarter, from, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => timetable.Split(to - Quarter, to + Quarter, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => timetable.Split(from, from, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => timetable.Split(from, to, Energy.FromMilliwattHours(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Calendar.Over(from, from));
        Assert.Throws<ArgumentException>(() => new TariffCalendar(Tariff with { Bands = [] }));
    }

    private static Tariff Banded(int seed)
    {
        for (var at = seed; ; at = (at + 1) & 0x3fffffff)
        {
            if (new RandomBilling(at).Tariff() is { Bands.Count: > 1 } tariff)
                return tariff;
        }
    }

    private static IEnumerable<(Instant Start, Instant End)> Intervals(Instant from, Instant to, Duration length)
    {
        for (var at = from; at < to; at += length)
            yield return (at, at + length < to ? at + length : to);
    }

    private static Instant Moment(string text) =>
        LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-dd'T'HH:mm").Parse(text).Value.InZoneStrictly(Berlin).ToInstant();
}
