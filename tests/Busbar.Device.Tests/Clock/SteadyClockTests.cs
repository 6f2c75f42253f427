using Busbar.Device.Clock;
using Busbar.Tests;
using NodaTime;

namespace Busbar.Device.Tests.Clock;

public sealed class SteadyClockTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 1, 1, 12, 0);
    private static readonly Duration Day = Duration.FromDays(1);

    private readonly ManualTimeProvider _time = new();
    private readonly MeterClock _clock;

    public SteadyClockTests()
    {
        _clock = new(_time, ownIsTrusted: false);
        _clock.Set(Start);
    }

    [Fact]
    public void Now_SmallCorrection_IsFollowed()
    {
        var steady = Open();

        _clock.Set(Start + SteadyClock.Bound);

        Assert.Equal(Start + SteadyClock.Bound, steady.Now);
        Assert.Null(steady.Jump);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Now_JumpByADay_IsCarriedByTheCounter(int days)
    {
        var steady = Open();

        _time.Advance(TimeSpan.FromHours(1));
        _clock.Set(Start + Duration.FromHours(1) + (days * Day));
        Assert.Equal(Start + Duration.FromHours(1), steady.Now);
        Assert.Equal(days * Day, steady.Jump);

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Start + Duration.FromHours(2), steady.Now);
    }

    [Fact]
    public void Hear_TwoNodeTimesAgree_AreBelieved()
    {
        var steady = Open();
        _clock.Set(Start + Day);

        steady.Hear(Start + Day);
        Assert.Equal(Start, steady.Now);

        _time.Advance(TimeSpan.FromMinutes(1));
        steady.Hear(Start + Day + Duration.FromMinutes(1));
        Assert.Equal(Start + Day + Duration.FromMinutes(1), steady.Now);
        Assert.Null(steady.Jump);
    }

    [Fact]
    public void Hear_OneStrayNodeTime_ChangesNothing()
    {
        var steady = Open();
        foreach (var day in new[] { 0, 1, 0, 2, 0 })
            steady.Hear(Start + (day * Day));

        Assert.Equal(Start, steady.Now);
    }

    [Fact]
    public void Hear_NodeContradictsTheClock_NodeIsBelieved()
    {
        var steady = Open();

        steady.Hear(Start - Day);
        steady.Hear(Start - Day);

        Assert.Equal(Start - Day, steady.Now);
        Assert.Equal(Day, steady.Jump);
    }

    [Fact]
    public void Now_ClockBehindWhatHasPassed_IsNotKnownUntilTheNodeTellsIt()
    {
        var steady = new SteadyClock(_clock, _time, Start + Day);

        Assert.Null(steady.Now);
        Assert.Equal(-Day, steady.Jump);

        steady.Hear(Start + Day + Day);
        steady.Hear(Start + Day + Day);
        Assert.Equal(Start + Day + Day, steady.Now);
    }

    [Fact]
    public void Now_ClockNotSet_IsNotKnown() =>
        Assert.Null(new SteadyClock(new(_time, ownIsTrusted: false), _time, Start).Now);

    private SteadyClock Open()
    {
        var steady = new SteadyClock(_clock, _time, notBefore: null);
        Assert.Equal(Start, steady.Now);
        return steady;
    }
}
