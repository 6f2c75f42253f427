using Busbar.Simulation.Houses;
using Busbar.Simulation.Storage;

namespace Busbar.Simulation.Community;

/// <summary>A house in a running simulation: its use, panels and batteries behind one meter.</summary>
public sealed class SimulatedHouse
{
    // Dust, heat, wires and the charge controller take 15 % of what the panel's label says.
    private const double PanelDerating = 0.85;
    private const double BatteryAtStart = 0.6;

    private readonly LoadProfile _load;

    internal SimulatedHouse(PlannedHouse plan, SimulatedMeter meter, LoadProfile load)
    {
        Plan = plan;
        Meter = meter;
        _load = load;
        Battery = new Battery(plan.Batteries, BatteryAtStart);
    }

    /// <summary>What was planned.</summary>
    public PlannedHouse Plan { get; }

    /// <summary>The meter at its connection.</summary>
    public SimulatedMeter Meter { get; }

    /// <summary>Mean power of its appliances in the last step, W, 0 or more.</summary>
    public double LoadWatts { get; private set; }

    /// <summary>Mean power of its panels in the last step, W, 0 or more.</summary>
    public double PanelWatts { get; private set; }

    /// <summary>Whether its relay to the bus is closed. An open one leaves it what its own panels and batteries give.</summary>
    public bool IsSupplied { get; set; } = true;

    /// <summary>What is in its batteries, 0 to 1; null without batteries.</summary>
    public double? StateOfCharge => Plan.Batteries == 0 ? null : Battery.StateOfCharge;

    internal Battery Battery { get; }

    internal FineEnergy Used { get; private set; }

    internal FineEnergy Produced { get; private set; }

    internal double LoadAt(NodaTime.LocalDateTime civil) => _load.Watts(civil);

    /// <summary>
    /// Own sun first; what is then short or too much is shared by battery and bus. A full battery carries the whole shortage and an
    /// empty one none, and so the other way round (droop by state of charge, as on direct-current buses without a master).
    /// </summary>
    /// <returns>The energy taken from the bus, negative when given.</returns>
    internal FineEnergy Step(double loadWatts, double irradiance, double seconds)
    {
        LoadWatts = loadWatts;
        PanelWatts = Plan.Panels * PlannedHouse.PanelWatts * PanelDerating * irradiance / 1000;
        var used = FineEnergy.Of(LoadWatts, seconds);
        var produced = FineEnergy.Of(PanelWatts, seconds);
        if (!IsSupplied)
            return StepAlone(used, produced, seconds);
        Used += used;
        Produced += produced;
        var shortage = used - produced;
        var filled = (Battery.StateOfCharge - (1 - Battery.UsablePart)) / Battery.UsablePart;
        return shortage > default(FineEnergy)
            ? shortage - Battery.Discharge(shortage.Part(filled), seconds)
            : shortage + Battery.Charge((-shortage).Part(1 - filled), seconds);
    }

    // What the batteries cannot give is not used, and what they cannot take is not produced.
    private FineEnergy StepAlone(FineEnergy used, FineEnergy produced, double seconds)
    {
        var shortage = used - produced;
        if (shortage > default(FineEnergy))
            used = produced + Battery.Discharge(shortage, seconds);
        else
            produced = used + Battery.Charge(-shortage, seconds);
        LoadWatts = used.MeanWatts(seconds);
        PanelWatts = produced.MeanWatts(seconds);
        Used += used;
        Produced += produced;
        return default;
    }
}
