using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;

namespace Busbar.Ledger.Bills;

/// <summary>Computes a bill anew from what stands on the ledger, as anyone can.</summary>
public static class BillFacts
{
    /// <summary>The usage that a bill was charged by, from where its period begins and ends.</summary>
    /// <exception cref="ArgumentException">It is a bill of arrears, which nobody metered.</exception>
    public static BillUsage UsageOf(BillVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (version is not { Opening: { } opening, Closing: { } closing })
            throw new ArgumentException("arrears were not metered here", nameof(version));
        return new(
            (closing.Instant - opening.Begun).BclCompatibleTicks / NodaTime.NodaConstants.TicksPerSecond,
            opening.ImportBefore + (closing.Registers.Import - opening.Registers.Import),
            opening.ExportBefore + (closing.Registers.Export - opening.Registers.Export),
            version.Bands,
            opening.BoughtBefore + (closing.Bought - opening.Bought) - closing.BoughtBefore,
            opening.SoldBefore + (closing.Sold - opening.Sold) - closing.SoldBefore,
            opening.Carried,
            closing.IsEnd);
    }

    /// <summary>The bill's amounts by its tariff, and what of the ledger's bill is not so; null when all is.</summary>
    /// <param name="version">The bill.</param>
    /// <param name="tariff">The tariff of its period.</param>
    public static (BillAmounts? Amounts, string? Fault) Check(BillVersion version, LedgerTariff tariff)
    {
        if (version.Closing!.Previous != version.Opening!.Hash())
            return (null, "it does not begin where the bill before ended");
        var (amounts, refused) = BillArithmetic.Compute(tariff, UsageOf(version));
        if (amounts is null)
            return (null, $"it cannot be computed: {refused!.GetType().Name}");
        if (amounts.Total != version.Bill.Amount)
            return (amounts, $"it comes to {Wei(amounts.Total)} wei, and the ledger has {Wei(version.Bill.Amount)}");
        return amounts.CarriedOut == version.Closing.Carried
            ? (amounts, null)
            : (amounts, $"it carries {amounts.CarriedOut} over, and the ledger has {version.Closing.Carried}");
    }

    private static string Wei(Coin amount) => amount.Wei.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
