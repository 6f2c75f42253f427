namespace Busbar.Simulation.Community;

/// <summary>A house of a simulated community.</summary>
/// <param name="Name">What people call it, and the name of its meter.</param>
/// <param name="WattHoursPerDay">Mean daily use, Wh, above 0.</param>
/// <param name="Panels">PV panels of 0.34 kW, 0 or more.</param>
/// <param name="Batteries">Batteries of a nominal 1.0 kWh, 0.8 kWh of it usable, 0 or more.</param>
/// <param name="LineOhms">Resistance of its wires to the bus, there and back.</param>
public sealed record PlannedHouse(string Name, double WattHoursPerDay, int Panels, int Batteries, double LineOhms)
{
    /// <summary>What a panel gives at 1,000 W/m2, W.</summary>
    public const double PanelWatts = 340;
}
