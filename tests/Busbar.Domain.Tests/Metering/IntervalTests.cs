using Busbar.Domain.Metering;
using NodaTime;
using Interval = Busbar.Domain.Metering.Interval;

namespace Busbar.Domain.Tests.Metering;

public sealed class IntervalTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 1, 10, 15);

    [Fact]
    public void New_NotAligned_Throws() =>
        Assert.Throws<ArgumentException>(() => new Interval(Start + Duration.FromSeconds(1), IntervalLength.Default));

    [Fact]
    public void Neighbours_MeetWithoutOverlap()
    {
        var interval = new Interval(Start, IntervalLength.Default);

        Assert.Equal(Start + Duration.FromMinutes(15), interval.End);
        Assert.Equal(interval.End, interval.Next.Start);
        Assert.Equal(Start, interval.Previous.End);
        Assert.True(interval.CompareTo(interval.Next) < 0);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(899, 0)]
    [InlineData(900, 900)]
    [InlineData(-1, -900)]
    public void Containing_IsHalfOpen_BeforeNineteenSeventyToo(long seconds, long start) => Assert.Equal(
        Instant.FromUnixTimeSeconds(start), IntervalLength.Default.Containing(Instant.FromUnixTimeSeconds(seconds)).Start);
}
