using Busbar.Domain.Quantities;

namespace Busbar.Domain.Billing;

/// <summary>What a bill is computed from beside the tariff: the energies of a premises in its period, each 0 or more.</summary>
/// <param name="Seconds">How long the period is.</param>
/// <param name="Imported">Taken in, by the meter.</param>
/// <param name="Exported">Given out, by the meter.</param>
/// <param name="Bands">The import by rate band; its sum is the import when the tariff has bands, and it is not looked at otherwise.</param>
/// <param name="Bought">Bought from neighbours and delivered in the period.</param>
/// <param name="Sold">Sold to neighbours and delivered in the period.</param>
/// <param name="Carried">Energy credit that earlier periods left.</param>
/// <param name="IsLast">Whether the account ends with this bill.</param>
public readonly record struct BillUsage(
    long Seconds,
    Energy Imported,
    Energy Exported = default,
    BandEnergies Bands = default,
    Energy Bought = default,
    Energy Sold = default,
    Energy Carried = default,
    bool IsLast = false);
