using Busbar.Device.Protocol;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Simulation.Storage;

namespace Busbar.Simulation.Community;

/// <summary>A meter in a running simulation: what it counted and what it shows now.</summary>
public sealed class SimulatedMeter
{
    private const long MicrowattHoursPerMilliwattHour = 1000;

    internal SimulatedMeter(PlannedMeter plan) => Plan = plan;

    /// <summary>Which meter it is.</summary>
    public PlannedMeter Plan { get; }

    /// <summary>Its registers: running totals, each rounded to the nearest milliwatt-hour by itself, so no rounding adds up.</summary>
    public Registers Registers => new(Rounded(Import), Rounded(Export));

    /// <summary>What it shows at the end of the last step.</summary>
    public MeterTelemetry Telemetry { get; private set; } = new();

    internal FineEnergy Import { get; private set; }

    internal FineEnergy Export { get; private set; }

    internal void Count(FineEnergy net, MeterTelemetry telemetry)
    {
        if (net > default(FineEnergy))
            Import += net;
        else
            Export += -net;
        Telemetry = telemetry;
    }

    private static MeterRegister Rounded(FineEnergy total) =>
        MeterRegister.FromMilliwattHours((total.MicrowattHours + (MicrowattHoursPerMilliwattHour / 2)) / MicrowattHoursPerMilliwattHour);
}
