using Busbar.Domain.Metering;
using Busbar.Domain.Tests.Testing;
using NodaTime;

namespace Busbar.Domain.Tests.Metering;

public sealed class CorrectionTests
{
    private const ReadingFlags Lost = ReadingFlags.ClockSet | ReadingFlags.ReadingsLost;
    private const ReadingFlags OnRequest = ReadingFlags.ClockSet | ReadingFlags.OnRequest;

    private readonly Street _street = new();
    private readonly MeterId _talks;
    private readonly MeterId _late;

    public CorrectionTests()
    {
        _talks = _street.Register(1);
        _late = _street.Register(2);
        foreach (var (minutes, register) in ((int, long)[])[(-15, 900), (0, 1_000)])
        {
            _street.MoveTo(Street.At(minutes));
            _street.Read(_talks, Street.At(minutes), 0);
            _street.Read(_late, Street.At(minutes), register);
            _street.Tick(Street.At(minutes));
        }

        // From here on the late one is taken to use 100 a quarter.
    }

    [Fact]
    public void Tick_TrueReadingCameLate_NewVersionOfItsIntervalsAlone()
    {
        TalkTo(60);
        Assert.Equal([Street.At(-15), Street.At(0), Street.At(15), Street.At(30), Street.At(45)], _street.Newest.Keys.Order());

        _street.Read(_late, Street.At(15), 1_040);
        _street.Read(_late, Street.At(30), 1_050);
        Assert.True(_street.Metering.CorrectionsWait);
        var closings = Settle();

        // Those that the readings end, and the one that the last of them begins.
        Assert.Equal([(Street.At(0), 2), (Street.At(15), 2), (Street.At(30), 2)], closings);
        Assert.Equal((Sample.Energy(40), (LeafFlags)ReadingFlags.ClockSet), (_street.Leaf(0, _late).Energy, _street.Leaf(0, _late).Flags));
        Assert.Equal((Sample.Energy(10), (LeafFlags)ReadingFlags.ClockSet), (_street.Leaf(15, _late).Energy, _street.Leaf(15, _late).Flags));
        Assert.Equal((Sample.Registers(1_300), LeafFlags.Estimated), (_street.Leaf(30, _late).Closing, _street.Leaf(30, _late).Flags));
        Assert.False(_street.Metering.CorrectionsWait);
    }

    [Fact]
    public void Tick_Correction_GathersForItsDelay()
    {
        TalkTo(30);
        var last = _street.Now;
        _street.Read(_late, Street.At(15), 1_040);

        Assert.Empty(_street.Tick(last + _street.Rules.CorrectionDelay - Duration.FromMilliseconds(1)));
        Assert.Equal(2, _street.Tick(last + _street.Rules.CorrectionDelay).Count);
    }

    [Fact]
    public void Tick_CorrectedAgain_TakesTheNextVersion()
    {
        TalkTo(60);
        _street.Read(_late, Street.At(15), 1_040);
        Assert.Equal([(Street.At(0), 2), (Street.At(15), 2)], Settle());
        _street.Read(_late, Street.At(45), 1_060, flags: Lost, skip: 1);

        Assert.Equal([(Street.At(15), 3), (Street.At(30), 2), (Street.At(45), 2)], Settle());
        Assert.Equal(Sample.Energy(10), _street.Leaf(15, _late).Energy);
        Assert.Equal(Sample.Energy(10), _street.Leaf(30, _late).Energy);
    }

    [Fact]
    public void Tick_LateReadingAboveTheLaterEstimates_NeverTurnsARegisterBack()
    {
        TalkTo(60);
        _street.Read(_late, Street.At(15), 5_000);
        Settle();

        Assert.Equal(Sample.Energy(4_000), _street.Leaf(0, _late).Energy);
        foreach (var minutes in (int[])[15, 30, 45])
        {
            var leaf = _street.Leaf(minutes, _late);
            Assert.Equal((default, Sample.Registers(5_000)), (leaf.Energy, leaf.Closing));
            Assert.False(leaf.Flags.HasFlag(LeafFlags.RegisterReset));
        }
    }

    [Fact]
    public void Tick_GapBetweenTwoReadings_IsSpreadExactly()
    {
        TalkTo(120);
        _street.Read(_late, Street.At(105), 1_000 + 101, flags: Lost, skip: 6);
        Settle();

        long[] energies = [.. Enumerable.Range(0, 7).Select(quarter => _street.Leaf(15 * quarter, _late).Energy.Import.MilliwattHours)];
        Assert.Equal(101, energies.Sum());
        Assert.All(energies, energy => Assert.InRange(energy, 14, 15));
    }

    [Fact]
    public void Tick_FirstReadingOfAMeterCameLate_ShowsItAtTheEndOfTheIntervalBefore()
    {
        var dumb = _street.Register(3);
        TalkTo(60);
        _street.Read(dumb, Street.At(30), 77);

        Assert.Equal([(Street.At(15), 2), (Street.At(30), 2), (Street.At(45), 2)], Settle());
        Assert.Equal((Sample.Registers(77), default), (_street.Leaf(45, dumb).Closing, _street.Leaf(45, dumb).Energy));
        Assert.Equal((Sample.Registers(77), default), (_street.Leaf(15, dumb).Closing, _street.Leaf(15, dumb).Energy));
        Assert.False(_street.Leaf(15, dumb).ReadingDigest.IsZero);
    }

    [Fact]
    public void Tick_TheTransformerCameLate_CorrectionsShowItsReading()
    {
        var transformer = _street.Register(3, MeterKind.Transformer);
        TalkTo(75);
        Assert.Null(_street.Closing(0).TransformerClosing);
        _street.Read(transformer, Street.At(15), 7);
        Assert.Equal([(Street.At(0), 2), (Street.At(15), 2)], Settle());
        _street.Read(transformer, Street.At(60), 9, flags: Lost, skip: 2);

        Assert.Equal([(Street.At(45), 2), (Street.At(60), 2)], Settle());
        Assert.Null(_street.Closing(0).TransformerOpening);
        Assert.Equal(7, _street.Closing(0).TransformerClosing!.Reading.Registers.Import.MilliwattHours);
        Assert.Equal(7, _street.Closing(15).TransformerOpening!.Reading.Registers.Import.MilliwattHours);
        Assert.Equal(9, _street.Closing(45).TransformerClosing!.Reading.Registers.Import.MilliwattHours);
    }

    [Fact]
    public void Tick_ReadingOlderThanTheFirstInterval_ClosesNothingBeforeIt()
    {
        var street = new Street();
        var (first, second) = (street.Register(1), street.Register(2));
        street.MoveTo(Street.At(60));
        street.Read(first, Street.At(45), 0);
        street.Read(first, Street.At(60), 5);
        street.Settle(Street.At(60));
        street.Read(second, Street.At(0), 100);
        street.Read(second, Street.At(60), 140, flags: Lost, skip: 3);
        street.Settle(street.Now);

        Assert.Equal(Street.At(45), street.Newest.Keys.Min());
        Assert.Equal(Sample.Energy(10), street.Leaf(45, second).Energy);
    }

    [Fact]
    public void ApplyAccepted_ResetOnRequest_ShowsAtTheNextBoundary()
    {
        _street.RecordChange(_late);
        _street.MoveTo(Street.At(10));
        _street.Read(_late, Street.At(10), 3, flags: OnRequest, boot: 2);
        TalkTo(15);
        _street.Read(_late, Street.At(15), 8, boot: 2);
        Settle();

        Assert.Equal(Sample.Energy(8), _street.Leaf(0, _late).Energy);
        Assert.True(_street.Leaf(0, _late).Flags.HasFlag(LeafFlags.RegisterReset));
    }

    [Fact]
    public void ApplyAccepted_ResetAfterAGap_CountsItsRegisterAndLetsLaterEstimatesGoOnFromIt()
    {
        TalkTo(60);
        _street.RecordChange(_late);
        _street.Read(_late, Street.At(30), 12, boot: 2, flags: Lost, skip: 1);
        Assert.Equal([(Street.At(15), 2), (Street.At(30), 2), (Street.At(45), 2)], Settle());

        Assert.Equal(Sample.Energy(12), _street.Leaf(15, _late).Energy);
        Assert.Equal(LeafFlags.RegisterReset | LeafFlags.OpeningEstimated | (LeafFlags)Lost, _street.Leaf(15, _late).Flags);
        Assert.Equal((Sample.Energy(100), Sample.Registers(112)), (_street.Leaf(30, _late).Energy, _street.Leaf(30, _late).Closing));
        Assert.Equal(Sample.Registers(212), _street.Leaf(45, _late).Closing);
    }

    [Fact]
    public void Tick_MeterThatNeverSpokeComesBackAfterDays_OthersKeepTheirEnergyInTheCorrections()
    {
        var dumb = _street.Register(3);
        var day = 24 * 60;
        for (var minutes = 15; minutes <= 3 * day; minutes += 15)
        {
            _street.MoveTo(Street.At(minutes));
            _street.Read(_talks, Street.At(minutes), minutes);
            _street.Read(_late, Street.At(minutes), 1_000 + minutes);
            _street.Tick(Street.At(minutes));
            _street.Tick(Street.At(minutes + 5));
        }

        _street.Read(dumb, Street.At(30), 0);
        _street.Read(dumb, Street.At(2 * day), 10_000, flags: Lost, skip: 3);
        _street.Settle(_street.Now);

        Assert.Equal(Sample.Energy(3 * day), _street.Total(_talks));
        Assert.Equal(Sample.Energy(100 + (3 * day)), _street.Total(_late));
        Assert.Equal(10_000, _street.Total(dumb).Import.MilliwattHours);
    }

    [Fact]
    public void Tick_MoveWithinTheMicrogrid_KeepsItsLeafInEveryInterval()
    {
        _street.Retire(_late, Street.At(20));
        _street.Register(2, at: Street.At(20));
        for (var minutes = 15; minutes <= 60; minutes += 15)
        {
            _street.MoveTo(Street.At(minutes));
            _street.Read(_late, Street.At(minutes), 1_000 + minutes);
        }

        TalkTo(60);

        Assert.Equal(Sample.Energy(160), _street.Total(_late));
        Assert.Equal(3, _street.Metering.Meters.Count());
        _street.Restart();
        Assert.Equal(3, _street.Metering.Meters.Count());
    }

    [Fact]
    public void Tick_Retired_LastReadingsComeLateAndItsLeafEndsThere()
    {
        _street.Retire(_late, Street.At(20));
        TalkTo(60);
        _street.Read(_late, Street.At(30), 1_090, flags: Lost, skip: 1);
        Settle();

        Assert.Equal(Sample.Energy(190), _street.Total(_late));
        Assert.Single(_street.Closing(30).Leaves);
        Assert.Equal(2, _street.Closing(15).Leaves.Count);
    }

    private void TalkTo(int minutes)
    {
        for (var at = 15; at <= minutes; at += 15)
        {
            _street.MoveTo(_street.Now > Street.At(at) ? _street.Now : Street.At(at));
            _street.Read(_talks, Street.At(at), at);
        }

        for (var at = _street.Now; at <= Street.At(minutes + 8); at += Duration.FromMinutes(1))
            _street.Tick(at);
    }

    private (Instant Start, int Version)[] Settle()
    {
        var closings = new List<(Instant, int)>();
        for (var minute = 0; minute < 3; minute++)
            closings.AddRange(_street.Tick(_street.Now + Duration.FromMinutes(1)).Select(closing => (closing.Interval.Start, closing.Version)));
        return [.. closings];
    }
}
