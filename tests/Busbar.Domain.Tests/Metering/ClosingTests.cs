using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using NodaTime;

namespace Busbar.Domain.Tests.Metering;

public sealed class ClosingTests
{
    private readonly Street _street = new();

    [Fact]
    public void Tick_AllReported_ClosesAtOnce()
    {
        var (first, second) = (_street.Register(1), _street.Register(2));
        _street.Read(first, Street.At(0), 100, 10);
        _street.Read(second, Street.At(0), 200);
        Assert.Empty(_street.Tick(Street.At(1)));
        _street.MoveTo(Street.At(15));
        _street.Read(first, Street.At(15), 130, 15);
        Assert.Empty(_street.Tick(Street.At(15)));
        _street.Read(second, Street.At(15), 270);

        var closing = Assert.Single(_street.Tick(Street.At(15.1)));

        Assert.Equal((Street.At(0), 1), (closing.Interval.Start, closing.Version));
        Assert.Equal(Sample.Energy(100, 5), closing.Tree.Root.Sum);
        var leaf = _street.Leaf(0, first);
        Assert.Equal((Sample.Energy(30, 5), Sample.Registers(130, 15)), (leaf.Energy, leaf.Closing));
        Assert.Equal((LeafFlags)ReadingFlags.ClockSet, leaf.Flags);
        Assert.Equal(_street.Metering.LastReading(first)!.Digest(Sample.Domain), leaf.ReadingDigest);
        Assert.Equal(Street.At(15), _street.Metering.NextInterval!.Value.Start);
    }

    [Fact]
    public void Tick_AMeterIsSilent_ClosesWhenTheWaitingIsOverAndMarksTheEstimate()
    {
        var (talks, silent) = (_street.Register(1), _street.Register(2));
        _street.Read(talks, Street.At(0), 0);
        _street.Read(silent, Street.At(0), 500);
        _street.Tick(Street.At(14.9));
        _street.MoveTo(Street.At(15));
        _street.Read(talks, Street.At(15), 9);

        Assert.Empty(_street.Tick(Street.At(15)));
        Assert.Empty(_street.Tick(Street.At(20) - Duration.FromMilliseconds(1)));
        Assert.Single(_street.Tick(Street.At(20)));

        var leaf = _street.Leaf(0, silent);
        Assert.Equal(LeafFlags.Estimated, leaf.Flags);
        Assert.Equal((default, Sample.Registers(500)), (leaf.Energy, leaf.Closing));
        Assert.Equal(silent, Assert.Single(_street.Closing(0).Decision.Estimates).Key);
    }

    [Fact]
    public void Tick_AfterAStandstill_WaitsFromWhenTheClockGoesOn()
    {
        var (talks, silent) = (_street.Register(1), _street.Register(2));
        _street.Read(talks, Street.At(0), 0);
        _street.Read(silent, Street.At(0), 0);
        for (var minute = 0; minute < 5; minute++)
            _street.Tick(Street.At(minute));

        Assert.Empty(_street.Tick(Street.At(120)));
        Assert.Empty(_street.Tick(Street.At(124)));
        _street.Read(talks, Street.At(15), 10);
        _street.Read(silent, Street.At(15), 11);
        Assert.Single(_street.Tick(Street.At(124.5)));
        Assert.Equal(Sample.Energy(21), _street.Closing(0).Tree.Root.Sum);
        Assert.Equal(7, _street.Tick(Street.At(125)).Count);
    }

    [Fact]
    public void Tick_AClockOfLongSteps_StillClosesWithoutTheSilent()
    {
        var (talks, silent) = (_street.Register(1), _street.Register(2));
        _street.Read(talks, Street.At(0), 0);
        _street.Read(silent, Street.At(0), 0);
        var closed = 0;
        for (var step = 1; step <= 10; step++)
        {
            _street.MoveTo(Street.At(15 * step));
            _street.Read(talks, Street.At(15 * step), step);
            closed += _street.Tick(Street.At(15 * step)).Count;
        }

        Assert.InRange(closed, 8, 10);
    }

    [Fact]
    public void Tick_LostReadings_AreNotWaitedFor()
    {
        var meter = _street.Register(1);
        _street.Read(meter, Street.At(0), 0);
        _street.Tick(Street.At(1));
        _street.MoveTo(Street.At(31));
        _street.Read(meter, Street.At(30), 10, flags: ReadingFlags.ClockSet | ReadingFlags.ReadingsLost, skip: 1);

        Assert.Equal(2, _street.Tick(Street.At(31)).Count);
        Assert.Equal(Sample.Energy(5), _street.Leaf(0, meter).Energy);
        Assert.Equal(LeafFlags.Estimated, _street.Leaf(0, meter).Flags);
        Assert.Equal(Sample.Energy(5), _street.Leaf(15, meter).Energy);
        Assert.True(_street.Leaf(15, meter).Flags.HasFlag(LeafFlags.OpeningEstimated));
    }

    [Fact]
    public void Tick_AnHourKnownFromBefore_IsEstimatedByThePremisesOwnProfile()
    {
        var meter = _street.Register(1);
        long register = 0;
        for (var quarter = 0; quarter <= 96; quarter++)
        {
            _street.MoveTo(Street.At(15 * quarter));
            _street.Read(meter, Street.At(15 * quarter), register);
            _street.Tick(Street.At(15 * quarter));
            register += 1_000 * (quarter / 4 == 0 ? 5 : 1);
        }

        // The first hour after noon uses five times as much as any other.
        _street.Settle(Street.At(15 * 96) + Duration.FromMinutes(140));

        Assert.Equal(Sample.Energy(5_000), _street.Leaf(15 * 96, meter).Energy);
        Assert.Equal(Sample.Energy(1_000), _street.Leaf(15 * 100, meter).Energy);
        Assert.Equal(LeafFlags.Estimated | LeafFlags.OpeningEstimated, _street.Leaf(15 * 97, meter).Flags);
    }

    [Fact]
    public void Tick_ManyIntervalsDue_ClosesThemOverSeveralTicks()
    {
        var meter = _street.Register(1);
        _street.Read(meter, Street.At(0), 0);
        _street.Tick(Street.At(0));
        _street.MoveTo(Street.At(15 * 100));
        for (var quarter = 1; quarter <= 100; quarter++)
            _street.Read(meter, Street.At(15 * quarter), quarter);

        Assert.Equal(64, _street.Tick(Street.At(15 * 100)).Count);
        Assert.Equal(36, _street.Tick(Street.At(15 * 100)).Count);
        Assert.Equal(Sample.Energy(100), _street.Total(meter));
    }

    [Fact]
    public void Tick_NoReadingYet_ClosesNothing()
    {
        _street.Register(1);

        Assert.Empty(_street.Tick(Street.At(600)));
        Assert.Null(_street.Metering.NextInterval);
        Assert.False(_street.Metering.HasReadings);
    }

    [Fact]
    public void Tick_AnOlderFirstReadingBeforeAnyClosing_BeginsThere()
    {
        var (first, second) = (_street.Register(1), _street.Register(2));
        _street.MoveTo(Street.At(46));
        _street.Read(first, Street.At(45), 0);
        _street.Tick(Street.At(46));
        _street.Read(second, Street.At(0), 0);
        _street.Read(second, Street.At(60 - 15), 30, flags: ReadingFlags.ClockSet | ReadingFlags.ReadingsLost, skip: 2);

        _street.Settle(Street.At(47));

        Assert.Equal(Street.At(0), _street.Newest.Keys.Min());
        Assert.Equal(Sample.Energy(30), _street.Total(second));
    }

    [Fact]
    public void Tick_AMeterRegisteredLater_HasALeafFromTheNextIntervalOn()
    {
        var old = _street.Register(1);
        var late = _street.Register(2, at: Street.At(15.1));
        _street.MoveTo(Street.At(46));
        for (var quarter = 0; quarter < 4; quarter++)
        {
            _street.Read(old, Street.At(15 * quarter), quarter);
            _street.Read(late, Street.At(15 * quarter), 10 * quarter);
        }

        _street.Tick(Street.At(46));

        Assert.Single(_street.Closing(0).Leaves);
        Assert.Single(_street.Closing(15).Leaves);
        Assert.Equal(2, _street.Closing(30).Leaves.Count);
        Assert.Equal(Sample.Energy(10), _street.Total(late));
    }

    [Fact]
    public void Tick_MeterWithoutAnyReading_HasALeafOfNothing()
    {
        var (talks, dumb) = (_street.Register(1), _street.Register(2));
        _street.Read(talks, Street.At(0), 0);
        _street.Tick(Street.At(1));
        _street.MoveTo(Street.At(15));
        _street.Read(talks, Street.At(15), 1);
        _street.Settle(Street.At(15));

        var leaf = _street.Leaf(0, dumb);

        Assert.Equal((LeafFlags.Estimated | LeafFlags.OpeningEstimated, default, default), (leaf.Flags, leaf.Energy, leaf.Closing));
        Assert.Empty(_street.Closing(0).Decision.Estimates);
    }

    [Fact]
    public void Tick_OtherCommodities_HaveNoLeafAndAreNotWaitedFor()
    {
        var house = _street.Register(1);
        var water = _street.Register(2, commodity: Commodity.Water);
        _street.Read(house, Street.At(0), 0);
        _street.Read(water, Street.At(0), 0);
        _street.MoveTo(Street.At(15));
        _street.Read(house, Street.At(15), 3);

        Assert.Equal(house, Assert.Single(Assert.Single(_street.Tick(Street.At(15))).Leaves).Meter);
        _street.Read(water, Street.At(15), 3);
        Assert.False(_street.Metering.CorrectionsWait);
    }

    [Fact]
    public void Tick_TheTransformer_IsBesideTheTreeAndWaitedFor()
    {
        var house = _street.Register(1);
        var transformer = _street.Register(2, MeterKind.Transformer);
        foreach (var minutes in (int[])[0, 15])
        {
            _street.MoveTo(Street.At(minutes));
            _street.Read(house, Street.At(minutes), minutes);
            Assert.Empty(_street.Tick(Street.At(minutes)));
            _street.Read(transformer, Street.At(minutes), 100 + minutes);
        }

        var closing = Assert.Single(_street.Tick(Street.At(15)));

        Assert.Equal(house, Assert.Single(closing.Leaves).Meter);
        Assert.Equal(100, closing.TransformerOpening!.Reading.Registers.Import.MilliwattHours);
        Assert.Equal(115, closing.TransformerClosing!.Reading.Registers.Import.MilliwattHours);
    }

    [Fact]
    public void Configure_OtherLengthOnceReadingsAreIn_Throws()
    {
        var rules = new MeteringRules { Length = IntervalLength.FromMinutes(5), Connection = Power.FromWatts(9) };
        _street.Metering.Configure(rules);
        Assert.Same(rules, _street.Metering.Rules);
        var street = new Street();
        var meter = street.Register(1);
        street.Read(meter, Street.At(0), 0);

        Assert.Throws<InvalidOperationException>(() => street.Metering.Configure(rules));
        street.Metering.Configure(rules with { Length = IntervalLength.Default });
        Assert.Equal(9, street.Metering.Rules.ConnectionOf(meter).Watts);
    }

    [Fact]
    public void Tick_ARegisterAtTheEndOfItsRange_IsEstimatedWithoutOverflow()
    {
        var meter = _street.Register(1);
        _street.Read(meter, Street.At(0), long.MaxValue - 2_000);
        _street.MoveTo(Street.At(15));
        _street.Read(meter, Street.At(15), long.MaxValue - 500);

        _street.Settle(Street.At(60));

        Assert.Equal(default, _street.Leaf(15, meter).Energy);
    }
}
