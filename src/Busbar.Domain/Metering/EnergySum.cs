using Busbar.Domain.Quantities;

namespace Busbar.Domain.Metering;

/// <summary>Import and export of some meters in one interval, each 0 or more.</summary>
/// <param name="Import">Energy taken in.</param>
/// <param name="Export">Energy given out.</param>
public readonly record struct EnergySum(Energy Import, Energy Export)
{
    /// <summary>Import less export: positive when energy was taken in.</summary>
    public Energy Net => Import - Export;

    /// <summary>Adds two sums; beyond 64 bits it throws <see cref="OverflowException"/>.</summary>
    public static EnergySum operator +(EnergySum left, EnergySum right) => new(left.Import + right.Import, left.Export + right.Export);
}
