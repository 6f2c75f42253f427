using System.Numerics;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Busbar.Domain.Tests.Billing;

public sealed class BillPropertyTests
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(400);

    [Fact]
    public void Compute_AnyTariffAndUse_LinesAndPartsSumToTheTotal() => Prop.ForAll(RandomBilling.Seeds, seed =>
    {
        var random = new RandomBilling(seed);
        var tariff = random.Tariff();
        var bill = Bill(tariff.ToLedger(new(new byte[20])), random.Usage());

        Assert.Equal(bill.Total, Sum(BillLine.Of(tariff, bill).Select(line => line.Amount)));
        Assert.Equal(bill.Charges, bill.EnergyCharge + bill.BandCharge + bill.FixedCharge + bill.TopUp);
        Assert.Equal(bill.Total, bill.Charges + Sum(bill.Taxes) - bill.ExportCredit);
    }).Check(Often);

    [Fact]
    public void Compute_AnyUse_ConservesEnergy() => Prop.ForAll(RandomBilling.Seeds, seed =>
    {
        var random = new RandomBilling(seed);
        var (tariff, usage) = (random.OnLedger(), random.Usage());
        var bill = Bill(tariff, usage);

        Assert.Equal(bill.Net, bill.Billed + bill.Used);
        if (tariff.CarriesEnergy)
            Assert.Equal(usage.Carried + bill.Out, bill.Used + bill.CarriedOut + bill.Credited);
        else
            Assert.Equal((bill.Out, Energy.Zero, Energy.Zero), (bill.Credited, bill.Used, bill.CarriedOut));
        Assert.True(bill.Billed >= Energy.Zero && bill.Out >= Energy.Zero && bill.CarriedOut >= Energy.Zero);
        if (tariff.Slabs.Count > 0)
            Assert.Equal(bill.Billed, bill.Slabs.Aggregate(Energy.Zero, (sum, slab) => sum + slab.Energy));
        if (tariff.HasBands)
            Assert.Equal(usage.Imported == Energy.Zero ? Energy.Zero : bill.Billed, bill.BilledBands.Sum);
    }).Check(Often);

    // Without bands: there more import in a cheap band can move what is billed out of a dear one.
    [Fact]
    public void Compute_MoreImport_NeverCostsLess() => Prop.ForAll(RandomBilling.Seeds, seed =>
    {
        var random = new RandomBilling(seed);
        var tariff = random.OnLedger() with { BandPrices = [default, default, default, default] };
        tariff = tariff with { Slabs = [.. Rising(tariff.Slabs)] };
        var usage = random.Usage();
        var more = usage with { Imported = usage.Imported + random.AnyEnergy() };

        Assert.True(Bill(tariff, more).Total >= Bill(tariff, usage).Total);
    }).Check(Often);

    [Fact]
    public void Compute_AnyTariffAndUse_IsThatOfUnboundedNumbers() => Prop.ForAll(RandomBilling.Seeds, seed =>
    {
        var random = new RandomBilling(seed);
        var (tariff, usage) = (random.OnLedger(), random.Usage());

        Assert.Equal(PlainBill.Total(tariff, usage), (BigInteger)Bill(tariff, usage).Total.Wei);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Compute_BeyondEveryRange_IsABillOrARefusalByName() => Prop.ForAll(RandomBilling.Seeds, seed =>
    {
        var random = new RandomBilling(seed);
        var (high, low) = (random.Word64(), random.Word64());
        var price = Price.FromWeiPerKilowattHour((((UInt128)high << 64) + low) >> (seed & 127));
        var tariff = random.OnLedger() with { Slabs = [new(LedgerSlab.Unlimited, price, Coin.FromWei((Int128)low << (seed & 62)))], Taxes = [new(default, ushort.MaxValue, price)] };
        var usage = random.Usage() with { Seconds = (long)(low >> 1) | 1 };

        var (amounts, refused) = BillArithmetic.Compute(tariff, usage);

        if (amounts is not null)
            Assert.Equal(PlainBill.Total(tariff, usage), (BigInteger)amounts.Total.Wei);
        else
            Assert.IsType<BillRefused.TooLarge>(refused);
    }).Check(Often);

    private static IEnumerable<LedgerSlab> Rising(ValueList<LedgerSlab> slabs)
    {
        var charge = Coin.Zero;
        foreach (var slab in slabs)
        {
            charge = slab.FixedCharge > charge ? slab.FixedCharge : charge;
            yield return slab with { FixedCharge = charge };
        }
    }

    private static Coin Sum(IEnumerable<Coin> amounts) => amounts.Aggregate(Coin.Zero, (sum, amount) => sum + amount);

    private static BillAmounts Bill(LedgerTariff tariff, BillUsage usage)
    {
        var (amounts, refused) = BillArithmetic.Compute(tariff, usage);
        Assert.Null(refused);
        return amounts!;
    }
}
