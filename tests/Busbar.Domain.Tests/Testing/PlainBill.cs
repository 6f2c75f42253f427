using System.Numerics;
using Busbar.Domain.Billing;

namespace Busbar.Domain.Tests.Testing;

/// <summary>The nine steps of a bill written down once more, as plainly as can be, in numbers without bounds.</summary>
internal static class PlainBill
{
    private static readonly BigInteger Million = 1_000_000;

    public static BigInteger Total(LedgerTariff t, BillUsage u)
    {
        BigInteger imported = u.Imported.MilliwattHours, exported = u.Exported.MilliwattHours, span = u.Seconds, nominal = t.NominalSeconds;
        var net = imported - BigInteger.Min(u.Bought.MilliwattHours, imported);
        var given = exported - BigInteger.Min(u.Sold.MilliwattHours, exported);
        BigInteger billed = net, paid = given;
        if (t.CarriesEnergy)
        {
            var pool = u.Carried.MilliwattHours + given;
            var used = BigInteger.Min(pool, net);
            (billed, paid) = (net - used, u.IsLast ? pool - used : 0);
        }

        var scaled = nominal != 0 && (10 * span < 9 * nominal || 10 * span > 11 * nominal);
        BigInteger Part(BigInteger x) => scaled ? x * span / nominal : x;

        BigInteger charges = 0, below = 0, fixedCharge = t.FixedCharge.Wei;
        var isFixed = false;
        foreach (var slab in t.Slabs)
        {
            var upTo = slab.UpTo == ulong.MaxValue ? BigInteger.Pow(2, 200) : Part(slab.UpTo);
            charges += BigInteger.Max(0, BigInteger.Min(billed, upTo) - below) * (BigInteger)slab.Price.WeiPerKilowattHour / Million;
            below = upTo;
            if (!isFixed && billed <= upTo)
                (isFixed, fixedCharge) = (true, fixedCharge + slab.FixedCharge.Wei);
        }

        BigInteger sum = 0, before = 0;
        for (var band = 0; band < 4 && t.HasBands && imported != 0; band++)
        {
            sum += u.Bands[band].MilliwattHours;
            var until = sum * billed / imported;
            charges += (until - before) * (BigInteger)t.BandPrices[band].WeiPerKilowattHour / Million;
            before = until;
        }

        charges = BigInteger.Max(charges + Part(fixedCharge), Part(t.MinimumCharge.Wei));
        return charges
            + t.Taxes.Aggregate(BigInteger.Zero, (taxes, tax) => taxes + (charges * tax.Share / 10_000) + (billed * (BigInteger)tax.PerKilowattHour.WeiPerKilowattHour / Million))
            - (paid * (BigInteger)t.ExportPrice.WeiPerKilowattHour / Million);
    }
}
