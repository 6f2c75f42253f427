using Busbar.Device.Meters;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Device.Tests.Meters;

public class ReadingScheduleTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 1, 1, 12, 0);

    [Fact]
    public void Advance_OverAnEnd_CutsThere()
    {
        var schedule = Begun(Noon - Duration.FromSeconds(2));

        Assert.Equal(
            [(Duration.FromSeconds(2), Noon), (Duration.FromSeconds(3), null)],
            schedule.Advance(Noon + Duration.FromSeconds(3), Duration.FromSeconds(5)));
    }

    [Fact]
    public void Advance_ToAnEnd_ReadsThereOnce()
    {
        var schedule = Begun(Noon - Duration.FromSeconds(1));

        Assert.Equal([(Duration.FromSeconds(1), (Instant?)Noon)], schedule.Advance(Noon, Duration.FromSeconds(1)));
        Assert.Equal([(Duration.FromSeconds(1), (Instant?)null)], schedule.Advance(Noon + Duration.FromSeconds(1), Duration.FromSeconds(1)));
    }

    [Fact]
    public void Advance_OverSeveralEnds_CutsAtEach()
    {
        var ends = Begun(Noon).Advance(Noon + Duration.FromMinutes(40), Duration.FromMinutes(40));

        Assert.Equal([Noon + Duration.FromMinutes(15), Noon + Duration.FromMinutes(30), null], ends.Select(span => span.End));
        Assert.Equal(40, ends.Sum(span => span.Span.TotalMinutes));
    }

    [Fact]
    public void Advance_ClockNotSetOrJustSet_CutsNowhere()
    {
        var schedule = new ReadingSchedule(IntervalLength.Default);

        Assert.Null(Assert.Single(schedule.Advance(now: null, Duration.FromHours(1))).End);
        Assert.Null(Assert.Single(schedule.Advance(Noon, Duration.FromHours(1))).End);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void Advance_ClockJumped_CutsNowhereAndLosesNoTime(int seconds)
    {
        var schedule = Begun(Noon - Duration.FromSeconds(1));

        var span = Assert.Single(schedule.Advance(Noon + Duration.FromSeconds(seconds), Duration.FromSeconds(1)));

        Assert.Equal((Duration.FromSeconds(1), null), span);
    }

    [Fact]
    public void Advance_ClockALittleAheadOfThePassedTime_AddsUpToWhatPassed()
    {
        var schedule = Begun(Noon - Duration.FromSeconds(0.2));

        var spans = schedule.Advance(Noon + Duration.FromSeconds(0.5), Duration.FromSeconds(0.4));

        Assert.Equal([Noon, (Instant?)null], spans.Select(span => span.End));
        Assert.Equal(0.4, spans.Sum(span => span.Span.TotalSeconds), 9);
    }

    private static ReadingSchedule Begun(Instant at)
    {
        var schedule = new ReadingSchedule(IntervalLength.Default);
        schedule.Advance(at, Duration.Zero);
        return schedule;
    }
}
