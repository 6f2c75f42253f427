using Busbar.Domain.Notifications;
using NodaTime;

namespace Busbar.Domain.Tests.Notifications;

public sealed class QuietHoursTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    [Theory]
    [InlineData("22:00", "06:00", "2026-01-10T21:59", "2026-01-10T21:59")]
    [InlineData("22:00", "06:00", "2026-01-10T22:00", "2026-01-11T06:00")]
    [InlineData("22:00", "06:00", "2026-01-11T05:59", "2026-01-11T06:00")]
    [InlineData("22:00", "06:00", "2026-01-11T06:00", "2026-01-11T06:00")]
    [InlineData("13:00", "15:00", "2026-01-11T14:00", "2026-01-11T15:00")]
    [InlineData("13:00", "15:00", "2026-01-11T15:00", "2026-01-11T15:00")]
    [InlineData("22:00", "02:30", "2026-03-29T01:00", "2026-03-29T03:30")]
    public void After_CivilTime_IsTheirEndOrTheMomentItself(string from, string to, string at, string expected)
    {
        var quiet = new QuietHours(Time(from), Time(to));

        var after = quiet.After(Moment(at), Berlin);

        Assert.Equal(Moment(expected), after);
    }

    [Fact]
    public void After_TheHourThatComesTwice_IsNeverInThePast()
    {
        var quiet = new QuietHours(new(22, 0), new(2, 30));
        for (var at = Instant.FromUtc(2026, 10, 24, 18, 0); at < Instant.FromUtc(2026, 10, 25, 6, 0); at += Duration.FromMinutes(7))
            Assert.True(quiet.After(at, Berlin) >= at);
    }

    [Fact]
    public void QuietHours_NoLength_IsACallersBug() => Assert.Throws<ArgumentException>(() => new QuietHours(new(6, 0), new(6, 0)));

    private static LocalTime Time(string text) => NodaTime.Text.LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(text).Value;

    private static Instant Moment(string text) =>
        NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-dd'T'HH:mm").Parse(text).Value.InZoneLeniently(Berlin).ToInstant();
}
