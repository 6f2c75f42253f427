using Busbar.Domain.Metering;
using Busbar.Simulation.Community;
using Busbar.Simulation.Storage;
using NodaTime;

namespace Busbar.Simulation.Tests.Community;

public class CommunitySimulationTests
{
    private static readonly Instant Start = Instant.FromUtc(2025, 6, 1, 0, 0);

    [Fact]
    public void Step_SameSeed_SameRegistersToTheMilliwattHour()
    {
        var one = Run(CommunityPlan.TenHouses(7), Duration.FromDays(2));
        var other = new CommunitySimulation(CommunityPlan.TenHouses(7), Start);
        for (var quarter = 1; quarter <= 192; quarter++)
            other.Step(Start + Duration.FromMinutes(15 * quarter));

        Assert.Equal(one.Meters.Select(meter => meter.Registers), other.Meters.Select(meter => meter.Registers));
    }

    [Fact]
    public void Step_OtherSeed_OtherRegisters()
    {
        var one = Run(CommunityPlan.TenHouses(7), Duration.FromDays(1));
        var other = Run(CommunityPlan.TenHouses(8), Duration.FromDays(1));

        Assert.All(one.Meters.Zip(other.Meters), pair => Assert.NotEqual(pair.First.Registers, pair.Second.Registers));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_TwoDays_TransformerIsPremisesPlusLosses(bool sharedBattery)
    {
        var simulation = Run(CommunityPlan.TenHouses(3, sharedBattery), Duration.FromDays(2));

        var counted = simulation.Meters.SkipLast(1).Sum(meter => (meter.Import - meter.Export).MicrowattHours);
        var transformer = simulation.Transformer.Import - simulation.Transformer.Export;
        Assert.Equal(transformer.MicrowattHours, counted + simulation.Losses.MicrowattHours);
        Assert.True(simulation.Losses.MicrowattHours > 0);

        // Each of two registers of each meter is at most half a milliwatt-hour off.
        var registers = simulation.Meters.SkipLast(1).Sum(Net);
        Assert.InRange(Net(simulation.Transformer) - registers - simulation.Losses.MicrowattHours / 1000, -14, 14);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_TwoDays_BatteriesGiveWhatTheyTookLessLossesAndWhatIsStored(bool sharedBattery)
    {
        var plan = CommunityPlan.TenHouses(3, sharedBattery);
        var before = new CommunitySimulation(plan, Start);
        var simulation = Run(plan, Duration.FromDays(2));

        var pairs = Batteries(before).Zip(Batteries(simulation)).ToList();
        Assert.All(pairs, pair =>
            Assert.Equal(pair.Second.In + pair.First.Stored, pair.Second.Out + pair.Second.Lost + pair.Second.Stored));
        Assert.Contains(pairs, pair => pair.Second.In.MicrowattHours > 0 && pair.Second.Out.MicrowattHours > 0);
    }

    [Fact]
    public void Step_TwoDays_HouseMeterIsUseLessSunAndBattery()
    {
        var simulation = Run(CommunityPlan.TenHouses(5), Duration.FromDays(2));

        Assert.All(simulation.Houses, house => Assert.Equal(
            house.Meter.Import - house.Meter.Export,
            house.Used - house.Produced + house.Battery.In - house.Battery.Out));
    }

    [Fact]
    public void Step_TenDays_HousesUseWhatWasPlanned()
    {
        var simulation = Run(CommunityPlan.TenHouses(11), Duration.FromDays(20), stepMinutes: 15);

        Assert.All(simulation.Houses, house =>
            Assert.InRange(house.Used.WattHours / 20 / house.Plan.WattHoursPerDay, 0.95, 1.05));
    }

    [Fact]
    public void Step_CoarserSteps_SameUse()
    {
        var fine = Run(CommunityPlan.TenHouses(11), Duration.FromDays(1));
        var coarse = Run(CommunityPlan.TenHouses(11), Duration.FromDays(1), stepMinutes: 15);

        Assert.All(fine.Houses.Zip(coarse.Houses), pair => Assert.Equal(pair.First.Used.WattHours, pair.Second.Used.WattHours, 2));
    }

    [Fact]
    public void Step_BackOrBetweenSteps_Throws()
    {
        var simulation = Run(CommunityPlan.TenHouses(1), Duration.FromHours(1));

        Assert.Throws<ArgumentException>(() => simulation.Step(Start));
        Assert.Throws<ArgumentException>(() => simulation.Step(simulation.Now + Duration.FromSeconds(30)));
    }

    [Fact]
    public void Telemetry_AfterStep_ShowsWhatTheMeterCounted()
    {
        var simulation = Run(CommunityPlan.TenHouses(1), Duration.FromHours(20));
        var house = simulation.Houses[0];
        var before = house.Meter.Import - house.Meter.Export;

        simulation.Step(simulation.Now + Duration.FromMinutes(1));

        var net = house.Meter.Import - house.Meter.Export - before;
        Assert.Equal(net.MeanWatts(60), house.Meter.Telemetry.Power!.Value, 6);
        Assert.Equal(48 - (house.Meter.Telemetry.Power.Value / 48 * house.Plan.LineOhms), house.Meter.Telemetry.Voltage!.Value, 6);
        Assert.Equal(house.StateOfCharge, house.Meter.Telemetry.StateOfCharge);
        Assert.Equal(simulation.Now, house.Meter.Telemetry.At);
    }

    [Fact]
    public void TryRead_BoundaryByBoundary_StepsTheSimulation()
    {
        var simulation = new CommunitySimulation(CommunityPlan.TenHouses(1), Start);
        var source = new SimulatedRegisters(simulation, IntervalLength.Default, intervals: 4);

        Assert.True(source.TryRead(0, 0, out var first));
        Assert.True(source.TryRead(4, 0, out var last));
        Assert.Equal(5, source.Boundaries);
        Assert.Equal(default, first);
        Assert.True(last.NotBelow(first) && last != first);
        Assert.Equal(Start + Duration.FromHours(1), simulation.Now);
    }

    private static CommunitySimulation Run(CommunityPlan plan, Duration time, int stepMinutes = 1)
    {
        var simulation = new CommunitySimulation(plan, Start, stepMinutes);
        simulation.Step(Start + time);
        return simulation;
    }

    private static long Net(SimulatedMeter meter) => (meter.Registers.Import - MeterRegisterOf(meter)).MilliwattHours;

    private static Domain.Quantities.MeterRegister MeterRegisterOf(SimulatedMeter meter) => meter.Registers.Export;

    private static IEnumerable<Battery> Batteries(CommunitySimulation simulation) =>
        [.. simulation.Houses.Select(house => house.Battery), simulation.SharedBattery];
}
