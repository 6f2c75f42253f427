using Busbar.Domain.Quantities;

namespace Busbar.Domain.Billing;

/// <summary>What a line of a bill is for.</summary>
public enum BillLineKind
{
    /// <summary>The energy inside a slab.</summary>
    Slab = 1,

    /// <summary>The energy in a rate band.</summary>
    Band = 2,

    /// <summary>The fixed charge, that of the slab included.</summary>
    FixedCharge = 3,

    /// <summary>What the charges lacked to the minimum charge.</summary>
    MinimumCharge = 4,

    /// <summary>A tax line.</summary>
    Tax = 5,

    /// <summary>What is paid for exported energy; negative.</summary>
    ExportCredit = 6,
}

/// <summary>A line of a bill, as a household reads it. The lines of a bill sum to its total.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Name">The name of the rate band or tax; empty for the others.</param>
/// <param name="Energy">The energy that it is for; null where it is for none.</param>
/// <param name="Price">The price of a kilowatt-hour; null where there is none, or more than one.</param>
/// <param name="Share">Of a tax: its part of the charges in basis points; else 0.</param>
/// <param name="Amount">What it adds to the total; a credit is negative.</param>
public readonly record struct BillLine(BillLineKind Kind, string Name, Energy? Energy, Price? Price, ushort Share, Coin Amount)
{
    /// <summary>The lines of a bill, in the order of a bill; slabs and bands without energy, and charges of nothing, are left out.</summary>
    /// <param name="tariff">By which the bill was computed: names and prices.</param>
    /// <param name="amounts">What was computed by that tariff's form on the ledger.</param>
    public static IReadOnlyList<BillLine> Of(Tariff tariff, BillAmounts amounts)
    {
        ArgumentNullException.ThrowIfNull(tariff);
        ArgumentNullException.ThrowIfNull(amounts);
        var lines = new List<BillLine>();
        for (var i = 0; i < amounts.Slabs.Count; i++)
        {
            if (amounts.Slabs[i] is { Energy: var energy, Amount: var amount } && energy != Quantities.Energy.Zero)
                lines.Add(new(BillLineKind.Slab, "", energy, tariff.Slabs[i].Price, 0, amount));
        }

        for (var i = 0; i < Math.Min(amounts.Bands.Count, tariff.Bands.Count); i++)
        {
            if (amounts.BilledBands[i] != Quantities.Energy.Zero)
                lines.Add(new(BillLineKind.Band, tariff.Bands[i].Name, amounts.BilledBands[i], tariff.Bands[i].Price, 0, amounts.Bands[i]));
        }

        if (amounts.FixedCharge != Coin.Zero)
            lines.Add(new(BillLineKind.FixedCharge, "", null, null, 0, amounts.FixedCharge));
        if (amounts.TopUp != Coin.Zero)
            lines.Add(new(BillLineKind.MinimumCharge, "", null, null, 0, amounts.TopUp));
        for (var i = 0; i < amounts.Taxes.Count; i++)
        {
            var tax = tariff.Taxes[i];
            var isByEnergy = !tax.PerKilowattHour.IsZero;
            lines.Add(new(
                BillLineKind.Tax, tax.Name, isByEnergy ? amounts.Billed : null, isByEnergy ? tax.PerKilowattHour : null, tax.Share, amounts.Taxes[i]));
        }

        if (amounts.ExportCredit != Coin.Zero)
            lines.Add(new(BillLineKind.ExportCredit, "", amounts.Credited, tariff.ExportPrice, 0, -amounts.ExportCredit));
        return lines;
    }
}
