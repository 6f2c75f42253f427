using Busbar.Device.Protocol;
using Busbar.Simulation.Houses;
using Busbar.Simulation.Lines;
using Busbar.Simulation.Storage;
using Busbar.Simulation.Sun;
using NodaTime;

namespace Busbar.Simulation.Community;

/// <summary>
/// Runs a planned community: sun, houses, batteries, wires and meters, step by step. The same plan, start and step give the same
/// registers to the milliwatt-hour. Energy is conserved exactly: what the transformer's meter counts is what the others count and what
/// the wires lose. Not thread safe.
/// </summary>
public sealed class CommunitySimulation
{
    private const double LiftLineOhms = 0.01;
    private const double PumpLineOhms = 0.02;

    // The bus's own loss: the electronics at the connection, and 1 % at 1 kW growing with the square.
    private const double FixedLossWatts = 6;
    private const double LossPerSquareWatt = 0.00001;
    private const double SharedBatteryAtStart = 0.6;

    private readonly Duration _step;
    private readonly DateTimeZone _zone;
    private readonly Sky _sky;
    private readonly ServiceLine[] _lines;
    private readonly LoadProfile[] _common;
    private readonly SimulatedMeter[] _meters;
    private readonly Battery _shared;

    /// <summary>Begins a simulation with every register at zero and every battery at 60 %.</summary>
    /// <param name="plan">The community.</param>
    /// <param name="start">When it begins, a whole step since the Unix epoch.</param>
    /// <param name="stepMinutes">Length of a step, minutes, 1 to 60 and a divisor of 60. Default 1.</param>
    /// <exception cref="ArgumentException">The start is no whole step.</exception>
    public CommunitySimulation(CommunityPlan plan, Instant start, int stepMinutes = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepMinutes, 1);
        if (60 % stepMinutes != 0)
            throw new ArgumentOutOfRangeException(nameof(stepMinutes), stepMinutes, "a step divides an hour");
        Plan = plan;
        _step = Duration.FromMinutes(stepMinutes);
        RequireWholeStep(start, nameof(start));
        Now = start;
        _zone = DateTimeZoneProviders.Tzdb[plan.Site.Zone];
        _sky = new Sky(plan.Site, plan.Seed);
        _meters = [.. plan.Meters.Select(meter => new SimulatedMeter(meter))];
        _shared = new Battery(plan.SharedBatteries, SharedBatteryAtStart);
        var houses = plan.Houses.Count;
        Houses =
        [
            .. plan.Houses.Select((house, place) =>
                new SimulatedHouse(house, _meters[place], new HouseholdProfile(plan.Seed, (ulong)place + 1, house.WattHoursPerDay))),
        ];
        _common = [new LiftProfile(plan.Seed, (ulong)houses + 1), new PumpProfile(plan.Seed, (ulong)houses + 2)];
        _lines =
        [
            .. plan.Houses.Select(house => new ServiceLine(house.LineOhms, plan.BusVoltage)),
            new ServiceLine(LiftLineOhms, plan.BusVoltage),
            new ServiceLine(PumpLineOhms, plan.BusVoltage),
        ];
    }

    /// <summary>What is simulated.</summary>
    public CommunityPlan Plan { get; }

    /// <summary>How far the simulation has come.</summary>
    public Instant Now { get; private set; }

    /// <summary>The meters, in the order of the plan.</summary>
    public IReadOnlyList<SimulatedMeter> Meters => _meters;

    /// <summary>The houses, in the order of the plan.</summary>
    public IReadOnlyList<SimulatedHouse> Houses { get; }

    /// <summary>The meter between the bus and the network above.</summary>
    public SimulatedMeter Transformer => _meters[^1];

    /// <summary>Whether the sun is up at the site.</summary>
    public bool IsDay => SolarPosition.CosineOfZenith(Plan.Site, Now) > 0;

    internal FineEnergy Losses { get; private set; }

    internal Battery SharedBattery => _shared;

    /// <summary>Goes on to an instant.</summary>
    /// <exception cref="ArgumentException">It lies in the past or at no whole step.</exception>
    public void Step(Instant to)
    {
        RequireWholeStep(to, nameof(to));
        if (to < Now)
            throw new ArgumentException("a simulation does not go back", nameof(to));
        while (Now < to)
            StepOnce();
    }

    private void StepOnce()
    {
        var seconds = _step.TotalSeconds;
        var irradiance = _sky.Irradiance(Now + (_step / 2));
        var end = Now + _step;
        var bus = FineEnergy.Of(FixedLossWatts, seconds);
        Losses += bus;
        for (var house = 0; house < Houses.Count; house++)
        {
            var simulated = Houses[house];
            var net = simulated.Step(MeanLoad(simulated.LoadAt), irradiance, seconds);
            bus += Connect(house, net, seconds, end, simulated.StateOfCharge);
        }

        for (var load = 0; load < _common.Length; load++)
            bus += Connect(Houses.Count + load, FineEnergy.Of(MeanLoad(_common[load].Watts), seconds), seconds, end, stateOfCharge: null);
        if (Plan.SharedBatteries > 0)
            bus += BalanceWithBattery(bus, seconds, end);
        var busWatts = bus.MeanWatts(seconds);
        var loss = FineEnergy.Of(busWatts * busWatts * LossPerSquareWatt, seconds);
        Losses += loss;
        bus += loss;
        Transformer.Count(bus, Show(end, bus.MeanWatts(seconds), Plan.BusVoltage, stateOfCharge: null));
        Now = end;
    }

    // The meter stands at the premises' end of the wires; their loss is the bus's.
    private FineEnergy Connect(int place, FineEnergy net, double seconds, Instant end, double? stateOfCharge)
    {
        var watts = net.MeanWatts(seconds);
        var line = _lines[place];
        _meters[place].Count(net, Show(end, watts, line.VoltageAt(watts), stateOfCharge));
        var loss = line.Loss(watts, seconds);
        Losses += loss;
        return net + loss;
    }

    private FineEnergy BalanceWithBattery(FineEnergy bus, double seconds, Instant end)
    {
        var net = bus > default(FineEnergy) ? -_shared.Discharge(bus, seconds) : _shared.Charge(-bus, seconds);
        _meters[^2].Count(net, Show(end, net.MeanWatts(seconds), Plan.BusVoltage, _shared.StateOfCharge));
        return net;
    }

    private double MeanLoad(Func<LocalDateTime, double> watts)
    {
        var minutes = (int)_step.TotalMinutes;
        var sum = 0.0;
        for (var minute = 0; minute < minutes; minute++)
            sum += watts((Now + Duration.FromMinutes(minute)).InZone(_zone).LocalDateTime);
        return sum / minutes;
    }

    private static MeterTelemetry Show(Instant at, double watts, double volts, double? stateOfCharge) => new()
    {
        At = at,
        Power = watts,
        Voltage = volts,
        Current = watts / volts,
        StateOfCharge = stateOfCharge,
    };

    private void RequireWholeStep(Instant instant, string parameter)
    {
        if (instant.ToUnixTimeTicks() % _step.BclCompatibleTicks != 0)
            throw new ArgumentException($"{instant} is no whole step of {_step.TotalMinutes} min", parameter);
    }
}
