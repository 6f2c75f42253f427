using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Tests.Metering;

public sealed class IntervalLengthTests
{
    private static readonly Instant Year = Instant.FromUtc(2026, 1, 1, 0, 0);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(45)]
    [InlineData(120)]
    [InlineData(-15)]
    public void FromMinutes_OtherLengths_Throws(int minutes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => IntervalLength.FromMinutes(minutes));

    [Fact]
    public void Default_IsFifteenMinutes()
    {
        IntervalLength length = default;

        Assert.Equal(900, length.Seconds);
        Assert.Equal(IntervalLength.Default, length);
        Assert.Equal(IntervalLength.FromMinutes(15).GetHashCode(), length.GetHashCode());
    }

    [Theory]
    [InlineData("Europe/Zurich", 60, true)]
    [InlineData("Asia/Kolkata", 60, false)]
    [InlineData("Asia/Kolkata", 30, true)]
    [InlineData("Asia/Kathmandu", 60, false)]
    [InlineData("Asia/Kathmandu", 30, false)]
    [InlineData("Asia/Kathmandu", 15, true)]
    [InlineData("Australia/Lord_Howe", 60, false)]
    [InlineData("Australia/Lord_Howe", 30, true)]
    [InlineData("UTC", 60, true)]
    public void Divides_OnlyWhatDividesEveryOffset(string zone, int minutes, bool divides) => Assert.Equal(
        divides, IntervalLength.FromMinutes(minutes).Divides(DateTimeZoneProviders.Tzdb[zone], Year, Year + Duration.FromDays(365)));

    [Theory]
    [InlineData(2026, 3, 29, 92)]
    [InlineData(2026, 10, 25, 100)]
    [InlineData(2026, 7, 1, 96)]
    public void Containing_CivilDays_AreWholeNumbersOfQuarters(int year, int month, int day, int quarters)
    {
        var zone = DateTimeZoneProviders.Tzdb["Europe/Zurich"];
        var date = new LocalDate(year, month, day);
        var (start, end) = (zone.AtStartOfDay(date).ToInstant(), zone.AtStartOfDay(date.PlusDays(1)).ToInstant());

        var count = 0;
        for (var at = IntervalLength.Default.Containing(start); at.Start < end; at = at.Next)
            count++;

        Assert.Equal(quarters, count);
        Assert.True(IntervalLength.Default.IsBoundary(start) && IntervalLength.Default.IsBoundary(end));
    }

    [Fact]
    public void IsBoundary_AWholeSecondAlone()
    {
        Assert.True(IntervalLength.Default.IsBoundary(Year));
        Assert.False(IntervalLength.Default.IsBoundary(Year + Duration.FromNanoseconds(1)));
        Assert.False(IntervalLength.Default.IsBoundary(Year + Duration.FromMinutes(5)));
        Assert.True(IntervalLength.FromMinutes(5).IsBoundary(Year + Duration.FromMinutes(5)));
    }
}
