using Busbar.Simulation.Storage;

namespace Busbar.Simulation.Lines;

/// <summary>The wires from the bus to one connection. Their loss grows with the square of the current.</summary>
/// <param name="Ohms">Resistance there and back.</param>
/// <param name="BusVoltage">The bus's voltage, V.</param>
internal sealed record ServiceLine(double Ohms, double BusVoltage)
{
    /// <summary>The current at a power taken from the bus, A; the drop over the wires is left out, a few per cent.</summary>
    public double Current(double watts) => watts / BusVoltage;

    /// <summary>The voltage at the far end, V: lower when power is taken, higher when it is given.</summary>
    public double VoltageAt(double watts) => BusVoltage - (Current(watts) * Ohms);

    /// <summary>The heat in the wires over some seconds, 0 or more.</summary>
    public FineEnergy Loss(double watts, double seconds) => FineEnergy.Of(Current(watts) * Current(watts) * Ohms, seconds);
}
