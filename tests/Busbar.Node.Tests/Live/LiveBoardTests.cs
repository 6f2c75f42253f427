using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Node.Clock;
using Busbar.Node.Live;
using Busbar.Node.Tests.Testing;
using NodaTime;

namespace Busbar.Node.Tests.Live;

/// <summary>The sums of the page: of one instant, and right after a restart.</summary>
public sealed class LiveBoardTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 6, 21, 12, 0);

    private readonly SteppedClock _clock = new(Noon);
    private readonly MeterId[] _meters = [.. Enumerable.Range(1, 4).Select(i => new MeterId(new Address([.. Enumerable.Repeat((byte)i, 20)])))];
    private readonly LiveBoard _board;

    public LiveBoardTests() => _board = new(_clock, DateTimeZone.Utc)
    {
        Counted = () => new Dictionary<MeterId, MicrogridId> { [_meters[0]] = new(1), [_meters[1]] = new(1), [_meters[2]] = new(2) },
    };

    [Fact]
    public void Totals_SamplesOfDifferentInstants_SumIsOfTheInstantThatMostTold()
    {
        Tell(0, 500, seconds: 0);
        Tell(1, -300, seconds: 0);
        Tell(2, 40, seconds: 0);
        Tell(3, 9_000, seconds: 0);
        Tell(0, 900, seconds: 5);
        Assert.Equal(new(Noon, 3, 3, Watts(540), Watts(300), default, default), _board.Totals(null));
        Assert.Equal(new(Noon, 2, 2, Watts(500), Watts(300), default, default), _board.Totals(new MicrogridId(1)));

        Tell(1, 100, seconds: 5);
        Tell(2, 41, seconds: 5);
        Assert.Equal(new(Noon + Duration.FromSeconds(5), 3, 3, Watts(1_041), Watts(0), default, default), _board.Totals(null));
    }

    [Fact]
    public void Totals_SilentMeterAndClockThatIsOff_LeftOutAndTakenAtTheNodesTime()
    {
        Tell(0, 500, seconds: 0);
        _clock.MoveTo(Noon + LiveBoard.FreshFor);
        Tell(1, 70, seconds: 86_400);
        Assert.Equal(new(Noon + LiveBoard.FreshFor, 2, 1, Watts(70), Watts(0), default, default), _board.Totals(new MicrogridId(1)));
        _clock.MoveTo(Noon + Duration.FromHours(3));
        Assert.Equal(new(null, 2, 0, Watts(0), Watts(0), default, default), _board.Totals(new MicrogridId(1)));
    }

    [Fact]
    public void Totals_Readings_EnergyOfTheCommunitysDayAndOfNewRegistersSinceTheChange()
    {
        _board.TakeReading(Read(0, hours: -13, 1_000), null);
        _board.TakeReading(Read(0, hours: -1, 5_000), null);
        _board.Restore(Read(1, hours: -1, 700), new(Register(600), Register(0)));
        Assert.Equal((4_100L, 0L), Energies(_board.Totals(new MicrogridId(1))));
        _board.TakeReading(Read(0, hours: 0, 30), null);
        Assert.Equal((130L, 0L), Energies(_board.Totals(new MicrogridId(1))));
        _clock.MoveTo(Noon + Duration.FromHours(13));
        Assert.Equal((0L, 0L), Energies(_board.Totals(new MicrogridId(1))));
    }

    [EngineFact]
    public async Task Restart_WithinTheDay_TodaysEnergyIsAsBefore()
    {
        await using var community = new TestCommunity(new("house 1"), new("house 2"), new("transformer", MeterKind.Transformer));
        await community.OpenOrGoAsync(now: 0);
        // Yesterday's last reading is the start of this day; the second house tells of it late in the night only.
        await community.RunAsync(90, 95);
        await community.StepAsync(96, community.Meters[0]);
        await community.StepAsync(98, [.. community.Meters]);
        await community.StepAsync(100, [.. community.Meters]);
        var before = community.Node.Totals(TestCommunity.Grid);
        var (first, second) = (community.Meters[0], community.Meters[1]);
        Assert.Equal(
            (first.RegistersAt(100).Import - first.RegistersAt(96).Import) + (second.RegistersAt(100).Import - second.RegistersAt(95).Import),
            before.TodayImport);

        await community.CloseAsync();
        await community.OpenAsync(100);

        Assert.Equal((before.TodayImport, before.TodayExport), (community.Node.Totals(TestCommunity.Grid).TodayImport, community.Node.Totals(null).TodayExport));
    }

    private static Power Watts(double watts) => Power.FromWatts(watts);

    private static MeterRegister Register(long value) => MeterRegister.FromMilliwattHours(value);

    private static (long Import, long Export) Energies(LiveTotals totals) => (totals.TodayImport.MilliwattHours, totals.TodayExport.MilliwattHours);

    private Reading Read(int meter, int hours, long import) => new(
        _meters[meter], 1, 1, Noon + Duration.FromHours(hours), new(Register(import), Register(0)), default, ReadingFlags.ClockSet);

    private void Tell(int meter, double watts, int seconds)
    {
        var at = (Noon + Duration.FromSeconds(seconds)).ToUnixTimeMilliseconds();
        _board.TakeTelemetry(_meters[meter], Encoding.UTF8.GetBytes(FormattableString.Invariant($"{{\"power\":{watts},\"at\":{at}}}")));
    }
}
