using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Node.Billing.Tariffs;
using NodaTime;

namespace Busbar.Node.Tests.Billing;

/// <summary>The samples' bills, worked out by hand; docs/tariffs.md shows the first as its example.</summary>
public sealed class SampleTariffTests
{
    private const long Month = 30 * 86_400;

    // 150 kWh in, 18 out, 12 carried: pool 30, billed 120. 50 x 3 + 50 x 4.5 + 20 x 6.25 = 500; fixed 75; 575.
    // Duty 6 % of 575 = 34.5; cess 120 x 0.08 = 9.6; together 619.1.
    [Fact]
    public void Slab_MonthWithCarryOver_IsAsInTheManual()
    {
        var tariff = Sample("slab");

        var bill = Bill(tariff, new(Month, Kwh(150), Kwh(18), Carried: Kwh(12)));

        Assert.Equal((Kwh(120), Kwh(30), Energy.Zero), (bill.Billed, bill.Used, bill.CarriedOut));
        Assert.Equal(
            [
                new(BillLineKind.Slab, "", Kwh(50), Price.Parse("3"), 0, Coin.FromCoins(150)),
                new(BillLineKind.Slab, "", Kwh(50), Price.Parse("4.5"), 0, Coin.FromCoins(225)),
                new(BillLineKind.Slab, "", Kwh(20), Price.Parse("6.25"), 0, Coin.FromCoins(125)),
                new(BillLineKind.FixedCharge, "", null, null, 0, Coin.FromCoins(75)),
                new(BillLineKind.Tax, "Electricity duty", null, null, 600, Coin.Parse("34.5")),
                new(BillLineKind.Tax, "Green cess", Kwh(120), Price.Parse("0.08"), 0, Coin.Parse("9.6")),
            ],
            BillLine.Of(tariff, bill));
        Assert.Equal("619.1", bill.Total.ToString());
    }

    // 10 kWh: 30 + 40 = 70, topped up to 80; duty 4.8; cess 0.8. The account ends with 5 kWh left: 5 x 2.5 = 12.5 are paid.
    [Fact]
    public void Slab_LastBillWithLittleUse_IsToppedUpAndPaysTheCredit()
    {
        var tariff = Sample("slab");

        var lines = BillLine.Of(tariff, Bill(tariff, new(Month, Kwh(10), Bought: default, IsLast: true)));
        var last = Bill(tariff, new(Month, default, Carried: Kwh(5), IsLast: true));

        Assert.Contains(new BillLine(BillLineKind.MinimumCharge, "", null, null, 0, Coin.FromCoins(10)), lines);
        Assert.Contains(new BillLine(BillLineKind.ExportCredit, "", Kwh(5), Price.Parse("2.5"), 0, Coin.Parse("-12.5")), BillLine.Of(tariff, last));
        Assert.Equal("72.3", last.Total.ToString()); // 80 + 4.8 + 0 - 12.5
    }

    // 1 kWh each hour of Wednesday 3 June 2026: peak 17-21 is 4, summer noon 11-15 is 4, night 22-06 is 8, day the other 8.
    // 4 x 0.42 + 4 x 0.12 + 8 x 0.19 + 8 x 0.28 = 1.68 + 0.48 + 1.52 + 2.24 = 5.92; fixed 9.9 / 30 = 0.33; 6.25.
    // Tax 24 x 0.0205 = 0.492; 19 % of 6.25 = 1.1875; together 7.9295.
    [Fact]
    public void TimeOfUse_OneDay_IsAsWorkedOutByHand()
    {
        var tariff = Sample("time-of-use");
        var start = tariff.Zone.AtStartOfDay(new(2026, 6, 3)).ToInstant();
        var timetable = new TariffCalendar(tariff).Over(start, start + Duration.FromDays(1));
        var bands = timetable.Split(Enumerable.Range(0, 24).Select(hour => (start + Duration.FromHours(hour), start + Duration.FromHours(hour + 1), Kwh(1))));

        var bill = Bill(tariff, new(86_400, Kwh(24), Bands: bands));

        Assert.Equal([4, 4, 8, 8], Enumerable.Range(0, 4).Select(band => bill.BilledBands[band].KilowattHours));
        Assert.Equal(
            "Evening peak, Summer noon, Night, Day",
            string.Join(", ", BillLine.Of(tariff, bill).Where(line => line.Kind == BillLineKind.Band).Select(line => line.Name)));
        Assert.Equal("7.9295", bill.Total.ToString());
    }

    // 100 kWh, 25 of them in the evening: 30 x 0.0002 + 70 x 0.0004 = 0.034; 25 x 0.0001 = 0.0025; fixed 0.005; 0.0415.
    // Levy 2.5 % = 0.0010375; export 10 x 0.00001 = 0.0001; together 0.0424375.
    [Fact]
    public void DemoVillage_Month_IsAsWorkedOutByHand() => Assert.Equal(
        "0.0424375",
        Bill(Sample("demo-village"), new(Month, Kwh(100), Kwh(10), new(Kwh(25), Kwh(75), default, default))).Total.ToString());

    private static Energy Kwh(int kilowattHours) => Energy.FromKilowattHours(kilowattHours);

    private static BillAmounts Bill(Tariff tariff, BillUsage usage)
    {
        var (bill, refused) = BillArithmetic.Compute(tariff.ToLedger(Address.Zero), usage);
        Assert.Null(refused);
        Assert.Equal(bill!.Total, BillLine.Of(tariff, bill).Aggregate(Coin.Zero, (sum, line) => sum + line.Amount));
        return bill;
    }

    private static Tariff Sample(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Busbar.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        var (tariff, faults) = TariffFile.Read(File.ReadAllBytes(Path.Combine(folder, "samples", "tariffs", name + ".yaml")));
        Assert.Empty(faults);
        return tariff!;
    }
}
