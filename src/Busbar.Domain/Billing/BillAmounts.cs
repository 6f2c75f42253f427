using Busbar.Domain.Quantities;

namespace Busbar.Domain.Billing;

/// <summary>A computed bill: every energy and every amount on the way to the total.</summary>
public sealed record BillAmounts
{
    /// <summary>Import less what was bought from neighbours.</summary>
    public required Energy Net { get; init; }

    /// <summary>Export less what was sold to neighbours.</summary>
    public required Energy Out { get; init; }

    /// <summary>Energy credit taken off the net import; zero where the tariff does not carry energy over.</summary>
    public required Energy Used { get; init; }

    /// <summary>What is billed: the net import less the credit used.</summary>
    public required Energy Billed { get; init; }

    /// <summary>The energy credit that the next period begins with.</summary>
    public required Energy CarriedOut { get; init; }

    /// <summary>What is billed, by rate band, in the proportion of the import; its sum is what is billed. Zero without bands.</summary>
    public required BandEnergies BilledBands { get; init; }

    /// <summary>Whether the period was so much shorter or longer than the nominal one that charges and slabs were prorated.</summary>
    public required bool IsProrated { get; init; }

    /// <summary>Each slab of the tariff with the energy inside it.</summary>
    public required ValueList<SlabAmount> Slabs { get; init; }

    /// <summary>What each of the four bands costs; empty without bands.</summary>
    public required ValueList<Coin> Bands { get; init; }

    /// <summary>All slabs together.</summary>
    public required Coin EnergyCharge { get; init; }

    /// <summary>All bands together.</summary>
    public required Coin BandCharge { get; init; }

    /// <summary>The fixed charge, that of the slab included.</summary>
    public required Coin FixedCharge { get; init; }

    /// <summary>What the charges lacked to the minimum charge.</summary>
    public required Coin TopUp { get; init; }

    /// <summary>Energy, bands, fixed charge and top-up: what taxes are a share of.</summary>
    public required Coin Charges { get; init; }

    /// <summary>What each tax line comes to.</summary>
    public required ValueList<Coin> Taxes { get; init; }

    /// <summary>The exported energy that is paid for now, not carried over.</summary>
    public required Energy Credited { get; init; }

    /// <summary>What is paid for exported energy.</summary>
    public required Coin ExportCredit { get; init; }

    /// <summary>What the bill comes to; negative is a credit to the next.</summary>
    public required Coin Total { get; init; }
}

/// <summary>The energy inside one slab and what it costs.</summary>
/// <param name="UpTo">Where the slab ends in this period, prorated when the bill is; null is without limit.</param>
/// <param name="Energy">The billed energy inside it.</param>
/// <param name="Amount">What that costs.</param>
public readonly record struct SlabAmount(UInt128? UpTo, Energy Energy, Coin Amount);
