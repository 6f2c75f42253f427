namespace Busbar.Simulation.Storage;

/// <summary>
/// Lead-acid batteries as one store. What goes in is what comes out, plus losses, plus what is stored, to the microwatt-hour.
/// </summary>
/// <remarks>A simple model: fixed efficiencies, no ageing, no self-discharge.</remarks>
internal sealed class Battery
{
    /// <summary>What part of a nominal kilowatt-hour may be used: 80 % depth of discharge.</summary>
    public const double UsablePart = 0.8;

    private const double Efficiency = 0.92;
    private const double ChargeRate = 0.2;
    private const double DischargeRate = 0.5;

    private readonly FineEnergy _capacity;
    private readonly FineEnergy _floor;

    /// <summary>So many batteries of a nominal 1.0 kWh each, begun at a state of charge.</summary>
    public Battery(int count, double stateOfCharge)
    {
        _capacity = FineEnergy.FromWattHours(count * 1000.0);
        _floor = FineEnergy.FromWattHours(count * 1000.0 * (1 - UsablePart));
        Stored = FineEnergy.FromWattHours(count * 1000.0 * stateOfCharge);
    }

    /// <summary>What is in it.</summary>
    public FineEnergy Stored { get; private set; }

    /// <summary>What was put in, ever.</summary>
    public FineEnergy In { get; private set; }

    /// <summary>What was taken out, ever.</summary>
    public FineEnergy Out { get; private set; }

    /// <summary>What became heat, ever.</summary>
    public FineEnergy Lost { get; private set; }

    /// <summary>0 empty to 1 full; 0 of no batteries.</summary>
    public double StateOfCharge => _capacity.MicrowattHours == 0 ? 0 : Stored.MicrowattHours / (double)_capacity.MicrowattHours;

    /// <summary>Takes up to an offered energy; what it took.</summary>
    public FineEnergy Charge(FineEnergy offered, double seconds)
    {
        var room = new FineEnergy((long)Math.Ceiling((_capacity - Stored).MicrowattHours / Efficiency));
        var rate = FineEnergy.Of(_capacity.WattHours * ChargeRate, seconds);
        var taken = FineEnergy.Least(offered, FineEnergy.Least(room, rate));
        var kept = FineEnergy.Least(new((long)(taken.MicrowattHours * Efficiency)), _capacity - Stored);
        Stored += kept;
        In += taken;
        Lost += taken - kept;
        return taken;
    }

    /// <summary>Gives up to an asked energy; what it gave.</summary>
    public FineEnergy Discharge(FineEnergy asked, double seconds)
    {
        var available = FineEnergy.Greatest(Stored - _floor, default);
        var deliverable = new FineEnergy((long)(available.MicrowattHours * Efficiency));
        var rate = FineEnergy.Of(_capacity.WattHours * DischargeRate, seconds);
        var given = FineEnergy.Least(asked, FineEnergy.Least(deliverable, rate));
        var drawn = FineEnergy.Least(new((long)Math.Ceiling(given.MicrowattHours / Efficiency)), available);
        Stored -= drawn;
        Out += given;
        Lost += drawn - given;
        return given;
    }
}
