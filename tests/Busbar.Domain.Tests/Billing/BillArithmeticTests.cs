using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;

namespace Busbar.Domain.Tests.Billing;

public sealed class BillArithmeticTests
{
    private const long Month = 30 * 86_400;

    // 40 kWh at 3, 60 kWh at 5, the rest at 7; fixed 10 / 20 / 30 beside 100 of its own.
    private static readonly LedgerTariff Slabs = new()
    {
        Document = Hash256.Zero,
        Payee = Address.Zero,
        ValidFrom = 1_000,
        NominalSeconds = (uint)Month,
        FixedCharge = Coin.FromCoins(100),
        Slabs = [new(40_000_000, Price.Parse("3"), Coin.FromCoins(10)), new(100_000_000, Price.Parse("5"), Coin.FromCoins(20)), new(LedgerSlab.Unlimited, Price.Parse("7"), Coin.FromCoins(30))],
    };

    [Theory]
    [InlineData("0", "0", "110")]
    [InlineData("40", "120", "110")]
    [InlineData("40.000001", "120.000005", "120")]
    [InlineData("100", "420", "120")]
    [InlineData("150", "770", "130")]
    public void Compute_Slabs_BlockByBlockAndTheFixedChargeOfTheLast(string used, string energyCharge, string fixedCharge)
    {
        var bill = Bill(Slabs, new(Month, Kwh(used)));

        Assert.Equal(energyCharge, bill.EnergyCharge.ToString());
        Assert.Equal(fixedCharge, bill.FixedCharge.ToString());
        Assert.Equal(bill.EnergyCharge + bill.FixedCharge, bill.Total);
        Assert.Equal(Kwh(used), bill.Slabs.Aggregate(Energy.Zero, (sum, slab) => sum + slab.Energy));
    }

    // Nine and eleven tenths of the nominal period are still the whole.
    [Theory]
    [InlineData(27 * 86_400, false, "420", "120")]
    [InlineData((27 * 86_400) - 1, true, "", "")]
    [InlineData(33 * 86_400, false, "420", "120")]
    [InlineData((33 * 86_400) + 1, true, "", "")]
    // 15 days: slabs end at 20 and 50, so 20 x 3 + 30 x 5 + 50 x 7 = 560; half of 100 + 30.
    [InlineData(15 * 86_400, true, "560", "65")]
    // 60 days: slabs end at 80 and 200, so 80 x 3 + 20 x 5 = 340; twice 100 + 20.
    [InlineData(60 * 86_400, true, "340", "240")]
    public void Compute_OtherThanTheNominalPeriod_IsProrated(long seconds, bool isProrated, string energyCharge, string fixedCharge)
    {
        var bill = Bill(Slabs, new(seconds, Kwh("100")));

        Assert.Equal(isProrated, bill.IsProrated);
        if (energyCharge.Length > 0)
            Assert.Equal((energyCharge, fixedCharge), (bill.EnergyCharge.ToString(), bill.FixedCharge.ToString()));
        else
            Assert.NotEqual(("420", "120"), (bill.EnergyCharge.ToString(), bill.FixedCharge.ToString()));
    }

    [Fact]
    public void Compute_NoNominalPeriod_IsNeverProrated() =>
        Assert.Equal(Coin.FromCoins(540), Bill(Slabs with { NominalSeconds = 0 }, new(86_400, Kwh("100"))).Total);

    [Fact]
    public void Compute_Prorated_EachPartRoundsDown()
    {
        // A third of the period: limits floor(40 / 3) and floor(100 / 3) kWh in mWh, fixed floor(110 / 3) coins in wei.
        var bill = Bill(Slabs, new(Month / 3, Kwh("13.333334")));

        Assert.Equal([13_333_333, 33_333_333, null], bill.Slabs.Select(slab => slab.UpTo));
        Assert.Equal([13_333_333, 1, 0], bill.Slabs.Select(slab => slab.Energy.MilliwattHours));
        Assert.Equal("40", bill.FixedCharge.ToString());
        Assert.Equal("36.666666666666666666", Bill(Slabs, new(Month / 3, Energy.Zero)).FixedCharge.ToString());
    }

    [Fact]
    public void Compute_BoughtFromNeighbours_IsTakenOffFirst()
    {
        var bill = Bill(Slabs, new(Month, Kwh("100"), Exported: Kwh("30"), Bought: Kwh("60"), Sold: Kwh("10")));
        var more = Bill(Slabs, new(Month, Kwh("100"), Exported: Kwh("30"), Bought: Kwh("120"), Sold: Kwh("31")));

        Assert.Equal((Kwh("40"), Kwh("20"), Kwh("40")), (bill.Net, bill.Out, bill.Billed));
        Assert.Equal((Energy.Zero, Energy.Zero), (more.Net, more.Out));
    }

    [Fact]
    public void Compute_ExportPrice_IsACreditAndTheTotalMayBeNegative()
    {
        var bill = Bill(Slabs with { ExportPrice = Price.Parse("4.000000000000000001") }, new(Month, Kwh("10"), Exported: Kwh("99.5"), Carried: Kwh("7")));

        // 10 x 3 + 110 - floor(99.5 x 4.000000000000000001)
        Assert.Equal("398.000000000000000099", bill.ExportCredit.ToString());
        Assert.Equal("-258.000000000000000099", bill.Total.ToString());
        Assert.Equal((Energy.Zero, Energy.Zero, Kwh("99.5")), (bill.Used, bill.CarriedOut, bill.Credited));
    }

    [Theory]
    [InlineData("100", "30", "20", false, "50", "0", "50", "0")]
    [InlineData("40", "30", "20", false, "40", "10", "0", "0")]
    [InlineData("40", "30", "20", true, "40", "0", "0", "20")]
    [InlineData("0", "0", "20", true, "0", "0", "0", "40")]
    public void Compute_CarryOver_UsesTheCreditAndPaysWhatIsLeftAtTheEnd(
        string imported, string exported, string carried, bool isLast, string used, string carriedOut, string billed, string credit)
    {
        var tariff = Slabs with { CarriesEnergy = true, ExportPrice = Price.Parse("2") };

        var bill = Bill(tariff, new(Month, Kwh(imported), Exported: Kwh(exported), Carried: Kwh(carried), IsLast: isLast));

        Assert.Equal((Kwh(used), Kwh(carriedOut), Kwh(billed), Coin.Parse(credit)), (bill.Used, bill.CarriedOut, bill.Billed, bill.ExportCredit));
    }

    [Fact]
    public void Compute_Bands_AreASurchargeInTheProportionOfTheImport()
    {
        var tariff = Slabs with { BandPrices = [Price.Parse("1"), default, Price.Parse("2"), default] };
        var usage = new BillUsage(Month, Kwh("90"), Bands: new(Kwh("10"), Kwh("50"), Kwh("30"), default), Bought: Kwh("60"));

        var bill = Bill(tariff, usage);

        // A third of the import is billed: running totals 3.333333, 20, 30 of 30 kWh.
        Assert.Equal([3_333_333, 16_666_667, 10_000_000, 0], Enumerable.Range(0, 4).Select(band => bill.BilledBands[band].MilliwattHours));
        Assert.Equal([Coin.Parse("3.333333"), Coin.Zero, Coin.Parse("20"), Coin.Zero], bill.Bands);
        Assert.Equal("90", bill.EnergyCharge.ToString());
        Assert.Equal("223.333333", bill.Total.ToString());
    }

    [Fact]
    public void Compute_NoImport_HasNoEnergyInAnyBand()
    {
        var bill = Bill(Slabs with { BandPrices = [Price.Parse("1"), default, default, default] }, new(Month, Energy.Zero));

        Assert.Equal(default, bill.BilledBands);
        Assert.Equal("110", bill.Total.ToString());
    }

    [Fact]
    public void Compute_MinimumCharge_IsToppedUpBeforeTaxes()
    {
        var tariff = Slabs with { MinimumCharge = Coin.FromCoins(200), Taxes = [new(Hash256.Zero, 1_000, Price.Parse("0.5")), new(Hash256.Zero, 1, default)] };

        var bill = Bill(tariff, new(Month, Kwh("10")));
        var half = Bill(tariff, new(Month / 2, Kwh("10")));

        // 10 x 3 + 110 = 140, topped up by 60; 10 % of 200 and 10 x 0.5; 0.01 % of 200.
        Assert.Equal(("60", "200"), (bill.TopUp.ToString(), bill.Charges.ToString()));
        Assert.Equal([Coin.FromCoins(25), Coin.Parse("0.02")], bill.Taxes);
        Assert.Equal("225.02", bill.Total.ToString());
        // 30 + 55 = 85, and half of the minimum is 100.
        Assert.Equal("15", half.TopUp.ToString());
        Assert.Equal("0", Bill(tariff, new(Month, Kwh("100"))).TopUp.ToString());
    }

    [Fact]
    public void Compute_WhatCannotBe_IsRefusedByName()
    {
        var banded = Slabs with { BandPrices = [Price.Parse("1"), default, default, default] };
        var most = Energy.FromMilliwattHours(long.MaxValue);
        var below = Energy.FromMilliwattHours(-1);

        Assert.Equal(new BillRefused.NoTime(0), Refusal(Slabs, new(0, default)));
        Assert.Equal(new BillRefused.NegativeEnergy("imported", below), Refusal(Slabs, new(Month, below)));
        Assert.Equal(new BillRefused.NegativeEnergy("exported", below), Refusal(Slabs, new(Month, default, below)));
        Assert.Equal(new BillRefused.NegativeEnergy("band 3", below), Refusal(banded, new(Month, default, Bands: new(default, Kwh("1"), below, default))));
        Assert.Equal(new BillRefused.NegativeEnergy("bought", below), Refusal(Slabs, new(Month, default, Bought: below)));
        Assert.Equal(new BillRefused.NegativeEnergy("sold", below), Refusal(Slabs, new(Month, default, Sold: below)));
        Assert.Equal(new BillRefused.NegativeEnergy("carried", below), Refusal(Slabs, new(Month, default, Carried: below)));
        Assert.Equal(new BillRefused.BandsDoNotSum(Kwh("9"), Kwh("10")), Refusal(banded, new(Month, Kwh("10"), Bands: BandEnergies.In(2, Kwh("9")))));
        Assert.Equal(new BillRefused.TooLarge(), Refusal(Slabs with { CarriesEnergy = true }, new(Month, default, most, Carried: most)));
        Assert.Equal(new BillRefused.TooLarge(), Refusal(Slabs with { FixedCharge = Coin.Most }, new(Month, default)));
        Assert.Equal(
            new BillRefused.TooLarge(),
            Refusal(Slabs with { Slabs = [new(LedgerSlab.Unlimited, Price.FromWeiPerKilowattHour(UInt128.MaxValue), default)] }, new(Month, most)));
        Assert.Null(Refusal(Slabs, new(Month, most)));
    }

    [Theory]
    [InlineData(1_000, 0, 999, false)]
    [InlineData(1_000, 0, 1_000, true)]
    [InlineData(1_000, 2_000, 1_999, true)]
    [InlineData(1_000, 2_000, 2_000, false)]
    public void HoldsAt_ItsTime_FromTheFirstSecondUpToTheLast(ulong from, ulong until, long at, bool holds) => Assert.Equal(
        holds, (Slabs with { ValidFrom = from, ValidUntil = until }).HoldsAt(NodaTime.Instant.FromUnixTimeSeconds(at)));

    private static Energy Kwh(string text) => Energy.FromKilowattHours(decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    private static BillAmounts Bill(LedgerTariff tariff, BillUsage usage)
    {
        var (amounts, refused) = BillArithmetic.Compute(tariff, usage);
        Assert.Null(refused);
        return amounts!;
    }

    private static BillRefused? Refusal(LedgerTariff tariff, BillUsage usage)
    {
        var (amounts, refused) = BillArithmetic.Compute(tariff, usage);
        Assert.True(amounts is null ^ refused is null);
        Assert.True(refused is null || refused.Detail.Length > 10);
        return refused;
    }
}
