using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using NodaTime;

namespace Busbar.Domain.Tests.Metering;

public sealed class ReadingJudgeTests
{
    private const ReadingFlags Lost = ReadingFlags.ClockSet | ReadingFlags.ReadingsLost;
    private const ReadingFlags OnRequest = ReadingFlags.ClockSet | ReadingFlags.OnRequest;

    // 25 kW over a quarter of an hour.
    private const long QuarterLimit = 6_250_000;

    private readonly Street _street = new();
    private readonly MeterId _meter;

    public ReadingJudgeTests() => _meter = _street.Register(1);

    [Fact]
    public void Judge_MeterThatIsNotRegistered_UnknownMeter()
    {
        var stranger = Sample.Meter(9);

        Assert.Equal(stranger, _street.Refuse<ReadingRefused.UnknownMeter>(_street.Make(stranger, Sample.Noon, 0)).Meter);
    }

    [Theory]
    [InlineData(14, 15)]
    [InlineData(15, 15)]
    public void Judge_RetiredMeter_MaySendToTheEndOfItsLastInterval(double retired, double lastEnd)
    {
        _street.Retire(_meter, Street.At(retired));
        _street.MoveTo(Street.At(60));

        _street.Read(_meter, Street.At(lastEnd), 10);
        _street.Refuse<ReadingRefused.UnknownMeter>(_street.Make(_meter, Street.At(lastEnd + 15), 11));
    }

    [Fact]
    public void Judge_ClockNotSet_ClockNotSet() =>
        _street.Refuse<ReadingRefused.ClockNotSet>(_street.Make(_meter, Sample.Noon, 0, flags: ReadingFlags.BatteryLow));

    [Fact]
    public void Judge_AheadOfTheClock_ToTheToleranceAndNoFurther()
    {
        _street.MoveTo(Sample.Noon - _street.Rules.ClockTolerance - Duration.FromSeconds(1));
        var refused = _street.Refuse<ReadingRefused.ClockOff>(_street.Make(_meter, Sample.Noon, 0));
        Assert.Equal(new(Sample.Noon, _street.Now, _street.Rules.ClockTolerance), refused);

        _street.MoveTo(Sample.Noon - _street.Rules.ClockTolerance);
        _street.Read(_meter, Sample.Noon, 0);
    }

    [Fact]
    public void Judge_Old_ToTheLimitAndNoFurther()
    {
        _street.MoveTo(Sample.Noon + _street.Rules.LateLimit + Duration.FromSeconds(1));
        Assert.Equal(
            Sample.Noon + Duration.FromSeconds(1),
            _street.Refuse<ReadingRefused.TooLate>(_street.Make(_meter, Sample.Noon, 0)).Oldest);

        _street.MoveTo(Sample.Noon + _street.Rules.LateLimit);
        _street.Read(_meter, Sample.Noon, 0);
    }

    [Fact]
    public void Judge_BetweenBoundaries_MisalignedUnlessOnRequest()
    {
        _street.MoveTo(Street.At(10));

        _street.Refuse<ReadingRefused.Misaligned>(_street.Make(_meter, Street.At(7), 1));
        _street.Read(_meter, Street.At(7), 1, flags: OnRequest);
    }

    [Fact]
    public void Judge_FirstReading_AnySequenceAndAnyRegister()
    {
        _street.Read(_meter, Sample.Noon, long.MaxValue, long.MaxValue, skip: 1_000_000);

        Assert.Equal(1_000_001UL, _street.Metering.NextSequence(_meter));
    }

    [Fact]
    public void Judge_NumbersMissing_SequenceGapUntilTheyComeOrAreLost()
    {
        _street.Read(_meter, Sample.Noon, 0);
        _street.MoveTo(Street.At(60));
        var kept = _street.Make(_meter, Street.At(15), 1);
        var after = _street.Make(_meter, Street.At(30), 2);

        Assert.Equal(new(1, 2), _street.Refuse<ReadingRefused.SequenceGap>(after));
        Assert.Equal(1UL, _street.Metering.NextSequence(_meter));
        Assert.Equal(ReadingVerdict.Accepted, _street.Send(kept).Verdict);
        Assert.Equal(ReadingVerdict.Accepted, _street.Send(after).Verdict);
        _street.Read(_meter, Street.At(60), 4, flags: Lost, skip: 1);
        Assert.Equal(5UL, _street.Metering.NextSequence(_meter));
    }

    [Fact]
    public void Judge_WordForWordAgain_RepeatedAndNothingChanges()
    {
        var reading = _street.Make(_meter, Sample.Noon, 0);
        _street.Send(reading);
        var state = _street.Metering.ToCheckpoint();

        Assert.Equal((ReadingVerdict.Repeated, null), _street.Send(reading));
        Assert.Equal(state, _street.Metering.ToCheckpoint());
    }

    [Fact]
    public void Judge_OldNumberWithOtherContent_SequenceRepeated()
    {
        var reading = _street.Make(_meter, Sample.Noon, 0);
        _street.Send(reading);

        Assert.Equal(0UL, _street.Refuse<ReadingRefused.SequenceRepeated>(reading with { Registers = Sample.Registers(1) }).Sequence);
        Assert.Equal(ReadingVerdict.Repeated, _street.Send(reading).Verdict);
    }

    [Fact]
    public void Judge_RepeatOfSixtyFourBack_RepeatedAndOlderOnesSequenceRepeated()
    {
        _street.MoveTo(Street.At(15 * 70));
        Reading[] sent = [.. Enumerable.Range(0, 65).Select(i => _street.Make(_meter, Street.At(15 * i), i))];
        foreach (var reading in sent)
            Assert.Equal(ReadingVerdict.Accepted, _street.Send(reading).Verdict);

        Assert.Equal(ReadingVerdict.Repeated, _street.Send(sent[1]).Verdict);
        _street.Refuse<ReadingRefused.SequenceRepeated>(sent[0]);
    }

    [Fact]
    public void Judge_RefusedButGenuine_ItsNumberCountsAsTaken()
    {
        _street.Read(_meter, Sample.Noon, 100);
        _street.MoveTo(Street.At(30));
        var absurd = _street.Make(_meter, Street.At(15), 100 + QuarterLimit + 1);
        _street.Refuse<ReadingRefused.AboveConnection>(absurd);

        Assert.Equal(2UL, _street.Metering.NextSequence(_meter));
        Assert.Equal(ReadingVerdict.Repeated, _street.Send(absurd).Verdict);
        _street.Read(_meter, Street.At(30), 200);
    }

    [Fact]
    public void Judge_FirstReadingRefused_ItsNumberCountsAsTaken()
    {
        _street.Refuse<ReadingRefused.ClockNotSet>(_street.Make(_meter, Sample.Noon, 0, flags: ReadingFlags.None, skip: 7));

        Assert.Equal(8UL, _street.Metering.NextSequence(_meter));
        Assert.Null(_street.Metering.LastReading(_meter));
    }

    [Fact]
    public void Judge_RefusedAfterLostOnes_ItsNumberCountsAsTakenToo()
    {
        _street.Read(_meter, Sample.Noon, 0);
        _street.Refuse<ReadingRefused.Misaligned>(_street.Make(_meter, Street.At(1), 0, flags: Lost, skip: 5));

        Assert.Equal(7UL, _street.Metering.NextSequence(_meter));
    }

    [Fact]
    public void Judge_TheGreatestNumber_StopsTheMeterAndNotTheMicrogrid()
    {
        _street.Read(_meter, Sample.Noon, 0);
        var last = _street.Make(_meter, Street.At(15), 1, flags: Lost) with { Sequence = ulong.MaxValue };
        _street.MoveTo(Street.At(30));

        Assert.Equal(ReadingVerdict.Accepted, _street.Send(last).Verdict);
        _street.Refuse<ReadingRefused.InstantBackwards>(last);
        _street.Restart();
    }

    [Fact]
    public void Judge_NotLaterThanTheLast_InstantBackwards()
    {
        _street.MoveTo(Street.At(15));
        _street.Read(_meter, Street.At(15), 5);

        var refused = _street.Refuse<ReadingRefused.InstantBackwards>(_street.Make(_meter, Street.At(15), 5));
        Assert.Equal(new(Street.At(15), Street.At(15)), refused);
        _street.Refuse<ReadingRefused.InstantBackwards>(_street.Make(_meter, Street.At(0), 5));
    }

    [Fact]
    public void Judge_LowerBoot_BootBackwards()
    {
        _street.Read(_meter, Sample.Noon, 0, boot: 4);
        _street.MoveTo(Street.At(15));

        Assert.Equal(new(3, 4), _street.Refuse<ReadingRefused.BootBackwards>(_street.Make(_meter, Street.At(15), 1, boot: 3)));
        _street.MoveTo(Street.At(30));
        _street.Read(_meter, Street.At(30), 1, boot: 5);
    }

    [Theory]
    [InlineData(99, 50)]
    [InlineData(100, 49)]
    public void Judge_RegisterLower_RegisterBackwardsUnlessChangedAndBootedAnew(long import, long export)
    {
        _street.Read(_meter, Sample.Noon, 100, 50);
        _street.MoveTo(Street.At(60));
        _street.Refuse<ReadingRefused.RegisterBackwards>(_street.Make(_meter, Street.At(15), import, export, boot: 2));

        _street.RecordChange(_meter);
        _street.Refuse<ReadingRefused.RegisterBackwards>(_street.Make(_meter, Street.At(15), import, export, boot: 1));
        _street.Read(_meter, Street.At(30), import, export, boot: 2);
        _street.Refuse<ReadingRefused.RegisterBackwards>(_street.Make(_meter, Street.At(45), 0, 0, boot: 3));
    }

    [Fact]
    public void Judge_BandLower_RegisterBackwards()
    {
        var first = _street.Make(_meter, Sample.Noon, 10) with { Registers = Sample.Registers(10, 0, 4, 3, 2, 1) };
        _street.Send(first);
        _street.MoveTo(Street.At(15));

        _street.Refuse<ReadingRefused.RegisterBackwards>(
            _street.Make(_meter, Street.At(15), 10) with { Registers = Sample.Registers(20, 0, 14, 3, 2, 0) });
    }

    [Theory]
    [InlineData(QuarterLimit, 0)]
    [InlineData(0, QuarterLimit)]
    public void Judge_EnergyOfTheConnection_ToTheLimitAndNoFurther(long import, long export)
    {
        _street.Read(_meter, Sample.Noon, 1_000, 1_000);
        _street.MoveTo(Street.At(30));
        _street.Read(_meter, Street.At(15), 1_000 + import, 1_000 + export);

        var over = _street.Make(_meter, Street.At(30), 1_000 + (2 * import) + Math.Sign(import), 1_000 + (2 * export) + Math.Sign(export));
        var refused = _street.Refuse<ReadingRefused.AboveConnection>(over);
        Assert.Equal((QuarterLimit + 1, QuarterLimit), (refused.Energy.MilliwattHours, refused.Possible.MilliwattHours));
    }

    [Fact]
    public void Judge_BandOrResetAboveTheConnection_AboveConnection()
    {
        _street.Read(_meter, Sample.Noon, 100_000_000, 10);
        _street.MoveTo(Street.At(30));
        var bands = _street.Make(_meter, Street.At(15), 0) with { Registers = Sample.Registers(100_000_000, 10, long.MaxValue, 0, 0, 0) };
        _street.Refuse<ReadingRefused.AboveConnection>(bands);

        _street.RecordChange(_meter);
        _street.Refuse<ReadingRefused.AboveConnection>(_street.Make(_meter, Street.At(30), long.MaxValue, 0, boot: 2));
    }

    [Fact]
    public void Judge_ConnectionOfOneMeter_HoldsForItAlone()
    {
        var other = Sample.Meter(2);
        var street = new Street(new() { Connections = new Dictionary<MeterId, Power> { [other] = Power.FromWatts(100_000) } });
        street.Register(1);
        street.Register(2);
        street.Read(_meter, Sample.Noon, 0);
        street.Read(other, Sample.Noon, 0);
        street.MoveTo(Street.At(15));

        street.Refuse<ReadingRefused.AboveConnection>(street.Make(_meter, Street.At(15), 4 * QuarterLimit));
        street.Read(other, Street.At(15), 4 * QuarterLimit);
    }

    [Fact]
    public void Judge_ChangesNothing()
    {
        _street.Read(_meter, Sample.Noon, 0);
        var state = _street.Metering.ToCheckpoint();

        _street.Metering.Judge(_street.Make(_meter, Sample.Noon, 0), Hash256.Zero, _street.Now);

        Assert.Equal(state, _street.Metering.ToCheckpoint());
    }
}
