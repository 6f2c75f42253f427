using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Device.Metering;

/// <summary>
/// Turns power over time into registers: what is taken in counts up the import register, what is given out the export register. The
/// registers are rounded running totals, so no rounding adds up. Not thread safe.
/// </summary>
public sealed class EnergyAccumulator
{
    private const double MilliwattHoursPerWattSecond = 1000.0 / 3600;

    private EnergyCounter _import;
    private EnergyCounter _export;

    /// <summary>Goes on from registers; zero for a new meter.</summary>
    public EnergyAccumulator(Registers start = default)
        : this(new(start.Import.MilliwattHours, 0), new(start.Export.MilliwattHours, 0))
    {
    }

    internal EnergyAccumulator(EnergyCounter import, EnergyCounter export)
    {
        _import = import;
        _export = export;
    }

    /// <summary>The registers, each to the nearest milliwatt-hour. They never go back.</summary>
    public Registers Registers => new(_import.Register, _export.Register);

    internal EnergyCounter Import => _import;

    internal EnergyCounter Export => _export;

    /// <summary>Counts a power, import positive, that was held for a time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Add(Power power, Duration time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, Duration.Zero);
        var energy = power.Watts * time.TotalSeconds * MilliwattHoursPerWattSecond;
        if (energy >= 0)
            _import.Add(energy);
        else
            _export.Add(-energy);
    }
}
