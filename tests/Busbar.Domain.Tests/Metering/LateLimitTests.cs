using Busbar.Domain.Metering;
using Busbar.Domain.Tests.Testing;
using NodaTime;

namespace Busbar.Domain.Tests.Metering;

/// <summary>A meter that is silent for longer than corrections reach back.</summary>
public sealed class LateLimitTests
{
    private const ReadingFlags Lost = ReadingFlags.ClockSet | ReadingFlags.ReadingsLost;

    private readonly Street _street = new(new() { LateLimit = Duration.FromHours(6) });
    private readonly MeterId _talks;
    private readonly MeterId _silent;

    public LateLimitTests()
    {
        _talks = _street.Register(1);
        _silent = _street.Register(2);
        foreach (var minutes in (int[])[0, 15])
        {
            _street.MoveTo(Street.At(minutes));
            _street.Read(_talks, Street.At(minutes), minutes);
            _street.Read(_silent, Street.At(minutes), 40 * minutes);
            _street.Tick(Street.At(minutes));
        }

        // It learned 600 a quarter, so for ten hours it is estimated to take 600 in each of 40.
        TalkUntil(15, 615);
    }

    [Fact]
    public void Tick_BackAboveTheEstimates_TheCorrectableIntervalsAbsorbTheRest()
    {
        var final = _street.Newest.Values.ToDictionary(closing => closing.Interval.Start, closing => closing.Version);
        _street.Read(_silent, Street.At(615), 100_000, flags: Lost, skip: 39);
        _street.Settle(_street.Now, minutes: 4);

        Assert.Equal(Sample.Energy(100_000), _street.Total(_silent));
        Assert.Equal(Sample.Energy(615), _street.Total(_talks));
        Assert.All(
            _street.Newest.Values.Where(closing => closing.Interval.Start < Street.At(615) - Duration.FromHours(7)),
            closing => Assert.Equal(final[closing.Interval.Start], closing.Version));
    }

    [Fact]
    public void Tick_BackBelowTheEstimates_CountsNothingUntilTheRegisterHasPassedThem()
    {
        _street.Read(_silent, Street.At(615), 700, flags: Lost, skip: 39);
        _street.Settle(_street.Now, minutes: 4);
        var counted = _street.Total(_silent).Import.MilliwattHours;
        Assert.True(counted > 700, "what is final was estimated higher");

        TalkUntil(615, 660);
        _street.Read(_silent, Street.At(630), 900);
        _street.Read(_silent, Street.At(645), 1_500);
        _street.Restart();
        _street.Settle(_street.Now, minutes: 4);
        Assert.Equal(counted, _street.Total(_silent).Import.MilliwattHours);

        _street.Read(_silent, Street.At(660), 25_000);
        TalkUntil(660, 675);
        _street.Read(_silent, Street.At(675), 26_000);
        _street.Settle(_street.Now, minutes: 4);
        Assert.Equal(26_000, _street.Total(_silent).Import.MilliwattHours);
    }

    [Fact]
    public void Tick_NothingCanChangeAnyMore_TheWindowIsSmall()
    {
        var before = _street.Metering.ToCheckpoint().Length;
        _street.Read(_silent, Street.At(615), 100_000, flags: Lost, skip: 39);
        _street.Settle(_street.Now, minutes: 4);

        Assert.True(_street.Metering.ToCheckpoint().Length < before - (20 * 48), "points of two meters over five hours are forgotten");
    }

    [Fact]
    public void Tick_CorrectionsThatWaitBeyondTheLimit_KeepTheirPointsAndVersions()
    {
        var street = new Street(new() { LateLimit = Duration.FromHours(6), CorrectionDelay = Duration.FromHours(3) });
        var (talks, late) = (street.Register(1), street.Register(2));
        street.Read(talks, Street.At(0), 0);
        street.Read(late, Street.At(0), 0);
        for (var minutes = 15; minutes <= 720; minutes += 15)
        {
            street.MoveTo(Street.At(minutes));
            street.Read(talks, Street.At(minutes), minutes);
            if (minutes == 345)
                street.Read(late, Street.At(15), 5);
            for (var minute = 0; minute < 15; minute += 5)
                street.Tick(Street.At(minutes + minute));
            if (minutes == 450)
                street.Restart();
        }

        street.Settle(street.Now);

        Assert.Equal(2, street.Closing(0).Version);
        Assert.Equal(Sample.Energy(15), street.Leaf(0, talks).Energy);
        Assert.Equal(Sample.Energy(5), street.Leaf(0, late).Energy);
        Assert.Equal(Sample.Energy(720), street.Total(talks));
    }

    private void TalkUntil(int from, int to)
    {
        for (var minutes = from + 15; minutes <= to; minutes += 15)
        {
            _street.MoveTo(_street.Now > Street.At(minutes) ? _street.Now : Street.At(minutes));
            _street.Read(_talks, Street.At(minutes), minutes);
            for (var minute = 0; minute < 15; minute += 2)
                _street.Tick(_street.Now > Street.At(minutes + minute) ? _street.Now : Street.At(minutes + minute));
        }
    }
}
