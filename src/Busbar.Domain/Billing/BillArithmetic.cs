using Busbar.Domain.Quantities;

namespace Busbar.Domain.Billing;

/// <summary>
/// Computes a bill step for step as the contract does, equal to the wei. Every division rounds down: who is billed gains from the
/// rounding of a charge, the payee from that of the export credit, less than one wei a line.
/// </summary>
public static class BillArithmetic
{
    private const long WholeShare = 10_000;

    /// <summary>The bill of a usage by a tariff, or why there is none.</summary>
    public static (BillAmounts? Amounts, BillRefused? Refused) Compute(LedgerTariff tariff, in BillUsage usage)
    {
        ArgumentNullException.ThrowIfNull(tariff);
        try
        {
            return Check(tariff, usage) is { } refused ? (null, refused) : (Amounts(tariff, usage), null);
        }
        catch (OverflowException)
        {
            // Checked arithmetic is the one place that knows whether any step is beyond the range; asking first would do it all twice.
            return (null, new BillRefused.TooLarge());
        }
    }

    private static BillRefused? Check(LedgerTariff tariff, in BillUsage usage)
    {
        if (usage.Seconds <= 0)
            return new BillRefused.NoTime(usage.Seconds);
        ReadOnlySpan<(string Name, Energy Energy)> energies =
        [
            ("imported", usage.Imported), ("exported", usage.Exported), ("bought", usage.Bought), ("sold", usage.Sold),
            ("carried", usage.Carried), ("band 1", usage.Bands.First), ("band 2", usage.Bands.Second), ("band 3", usage.Bands.Third),
            ("band 4", usage.Bands.Fourth),
        ];
        foreach (var (name, energy) in energies)
        {
            if (energy < Energy.Zero)
                return new BillRefused.NegativeEnergy(name, energy);
        }

        return tariff.HasBands && usage.Bands.Sum != usage.Imported
            ? new BillRefused.BandsDoNotSum(usage.Bands.Sum, usage.Imported)
            : null;
    }

    private static BillAmounts Amounts(LedgerTariff tariff, in BillUsage usage)
    {
        var net = usage.Imported - Least(usage.Bought, usage.Imported);
        var given = usage.Exported - Least(usage.Sold, usage.Exported);
        var (used, left) = (Energy.Zero, given);
        if (tariff.CarriesEnergy)
        {
            var pool = usage.Carried + given;
            used = Least(pool, net);
            left = pool - used;
        }

        var billed = net - used;
        var isPaid = !tariff.CarriesEnergy || usage.IsLast;
        var exportCredit = isPaid ? tariff.ExportPrice.CostFloor(left) : Coin.Zero;

        var proration = Proration.Of(tariff.NominalSeconds, usage.Seconds);
        var (slabs, energyCharge, slabFixed) = Slabs(tariff.Slabs, billed, proration);
        var billedBands = tariff.HasBands ? Spread(usage.Bands, billed, usage.Imported) : default;
        var (bands, bandCharge) = Bands(tariff, billedBands);

        var fixedCharge = proration.Part(tariff.FixedCharge + slabFixed);
        var charges = energyCharge + bandCharge + fixedCharge;
        var minimum = proration.Part(tariff.MinimumCharge);
        var topUp = minimum > charges ? minimum - charges : Coin.Zero;
        charges += topUp;
        var (taxes, tax) = Taxes(tariff.Taxes, charges, billed);
        return new()
        {
            Net = net,
            Out = given,
            Used = used,
            Billed = billed,
            CarriedOut = isPaid ? Energy.Zero : left,
            BilledBands = billedBands,
            IsProrated = proration.Applies,
            Slabs = slabs,
            Bands = bands,
            EnergyCharge = energyCharge,
            BandCharge = bandCharge,
            FixedCharge = fixedCharge,
            TopUp = topUp,
            Charges = charges,
            Taxes = taxes,
            Credited = isPaid ? left : Energy.Zero,
            ExportCredit = exportCredit,
            Total = charges + tax - exportCredit,
        };
    }

    private static (ValueList<SlabAmount> Lines, Coin Sum, Coin FixedCharge) Slabs(
        ValueList<LedgerSlab> slabs, Energy billed, Proration proration)
    {
        var lines = new SlabAmount[slabs.Count];
        var (sum, fixedCharge, isFixed) = (Coin.Zero, Coin.Zero, false);
        var below = Energy.Zero;
        for (var i = 0; i < lines.Length; i++)
        {
            var slab = slabs[i];
            UInt128? upTo = slab.UpTo == LedgerSlab.Unlimited ? null : proration.Part(slab.UpTo);
            var isWhole = upTo is null || (UInt128)billed.MilliwattHours <= upTo;
            var top = isWhole ? billed : Energy.FromMilliwattHours((long)upTo!.Value);
            lines[i] = new(upTo, top - below, slab.Price.CostFloor(top - below));
            sum += lines[i].Amount;
            below = top;
            if (isWhole && !isFixed)
                (fixedCharge, isFixed) = (slab.FixedCharge, true);
        }

        return (new(lines), sum, fixedCharge);
    }

    // Rounded running totals, so that the parts make up the whole.
    private static BandEnergies Spread(in BandEnergies bands, Energy billed, Energy imported)
    {
        if (imported == Energy.Zero)
            return default;
        var first = Part(bands.First);
        var second = Part(bands.First + bands.Second);
        var third = Part(bands.First + bands.Second + bands.Third);
        return new(first, second - first, third - second, Part(bands.Sum) - third);

        Energy Part(Energy sum) => Energy.FromMilliwattHours(
            (long)((UInt128)sum.MilliwattHours * (UInt128)billed.MilliwattHours / (UInt128)imported.MilliwattHours));
    }

    private static (ValueList<Coin> Lines, Coin Sum) Bands(LedgerTariff tariff, in BandEnergies billed)
    {
        if (!tariff.HasBands)
            return ([], Coin.Zero);
        var lines = new Coin[LedgerTariff.Bands];
        var sum = Coin.Zero;
        for (var band = 0; band < lines.Length; band++)
            sum += lines[band] = tariff.BandPrices[band].CostFloor(billed[band]);
        return (new(lines), sum);
    }

    private static (ValueList<Coin> Lines, Coin Sum) Taxes(ValueList<LedgerTaxLine> taxes, Coin charges, Energy billed)
    {
        var lines = new Coin[taxes.Count];
        var sum = Coin.Zero;
        for (var i = 0; i < lines.Length; i++)
            sum += lines[i] = charges.TimesFloor(taxes[i].Share, WholeShare) + taxes[i].PerKilowattHour.CostFloor(billed);
        return (new(lines), sum);
    }

    private static Energy Least(Energy left, Energy right) => left < right ? left : right;
}
