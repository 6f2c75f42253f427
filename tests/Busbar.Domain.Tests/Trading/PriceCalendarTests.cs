using Busbar.Domain.Trading;
using NodaTime;

namespace Busbar.Domain.Tests.Trading;

public sealed class PriceCalendarTests
{
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    [Fact]
    public void Boundaries_OfWeeks_MondaysOfTheZoneAroundTheSpan()
    {
        // Clocks change on Sunday, 29 March 2026.
        var boundaries = PriceCalendar.Boundaries(Instant.FromUtc(2026, 3, 26, 12, 0), Instant.FromUtc(2026, 4, 6, 0, 0), PriceStep.Week, Zone);
        Assert.Equal(
            [
                Instant.FromUtc(2026, 3, 22, 23, 0), Instant.FromUtc(2026, 3, 29, 22, 0), Instant.FromUtc(2026, 4, 5, 22, 0),
                Instant.FromUtc(2026, 4, 12, 22, 0),
            ],
            boundaries);
    }

    [Theory]
    [InlineData(PriceStep.Hour, 23)]
    [InlineData(PriceStep.Day, 1)]
    [InlineData(PriceStep.Week, 1)]
    public void Boundaries_OfADayThatIsShort_ItsOwnHours(PriceStep step, int rows) => Assert.Equal(
        rows + 1, PriceCalendar.Boundaries(Instant.FromUtc(2026, 3, 28, 23, 0), Instant.FromUtc(2026, 3, 29, 22, 0), step, Zone).Count);

    [Theory]
    [InlineData(PriceStep.None, 1)]
    [InlineData(PriceStep.Hour, PriceCalendar.MaximumRows + 1)]
    [InlineData(PriceStep.Day, (PriceCalendar.MaximumRows + 2) * 24)]
    public void Boundaries_OfNoStepOrTooManyRows_Refused(PriceStep step, int hours)
    {
        var from = Instant.FromUtc(2026, 1, 1, 0, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceCalendar.Boundaries(from, from + Duration.FromHours(hours), step, DateTimeZone.Utc));
    }
}
