using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;

namespace Busbar.Ledger.Bills;

/// <summary>How a bill comes about: its use from the two boundaries of its period, and every amount from that by its tariff.</summary>
/// <param name="Usage">What the meters counted, and what counts beside it.</param>
/// <param name="Amounts">Every energy and amount on the way to the total.</param>
/// <param name="Follows">
/// Whether that is what the ledger says: its total, and in the closing boundary the energy that is carried on. False is a fault of the
/// node, of the contract, or of what the node was told of it.
/// </param>
public sealed record BillExplanation(BillUsage Usage, BillAmounts Amounts, bool Follows)
{
    /// <summary>Computes a bill anew; null for arrears, which nobody metered, and where no bill can follow from what was told.</summary>
    /// <param name="version">The bill as the ledger made it.</param>
    /// <param name="tariff">The tariff of its period.</param>
    public static BillExplanation? Of(BillVersion version, LedgerTariff tariff)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(tariff);
        if (version is not { Opening: { } opening, Closing: { } closing })
            return null;
        var usage = new BillUsage(
            (closing.Instant - opening.Begun).BclCompatibleTicks / NodaTime.NodaConstants.TicksPerSecond,
            opening.ImportBefore + (closing.Registers.Import - opening.Registers.Import),
            opening.ExportBefore + (closing.Registers.Export - opening.Registers.Export),
            version.Bands,
            closing.Bought - opening.Bought,
            closing.Sold - opening.Sold,
            opening.Carried,
            closing.IsEnd);
        if (BillArithmetic.Compute(tariff, usage).Amounts is not { } amounts)
            return null;
        var follows = amounts.Total == version.Bill.Amount
            && closing.Previous == opening.Hash()
            && closing.Meter == opening.Meter
            && closing.Carried == amounts.CarriedOut
            && (!tariff.HasBands || BandsFollow(version, opening, closing));
        return new(usage, amounts, follows);
    }

    // What the meter itself told apart is charged so; what the node told apart, the bill says.
    private static bool BandsFollow(BillVersion version, PeriodBoundary opening, PeriodBoundary closing)
    {
        if (version.Bill.Flags.HasFlag(BillFlags.BandedByNode))
            return true;
        for (var band = 0; band < BandRegisters.Count; band++)
        {
            Energy counted = opening.BandsBefore[band] + (closing.Registers.Bands[band] - opening.Registers.Bands[band]);
            if (version.Bands[band] != counted)
                return false;
        }

        return true;
    }
}
