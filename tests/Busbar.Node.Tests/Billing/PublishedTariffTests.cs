using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Node.Billing.Tariffs;
using Busbar.Tests;
using NodaTime;

namespace Busbar.Node.Tests.Billing;

/// <summary>Tariffs of real distributors with months worked out by hand; the rows they use are those of the measured data.</summary>
public sealed class PublishedTariffTests
{
    private const long Month = 30 * 86_400;

    private static readonly DateTimeZone California = DateTimeZoneProviders.Tzdb["America/Los_Angeles"];

    // Blocks: 10 x 0, 10 x 3, 10 x 6.5, 20 x 8, 50 x 9.5, 50 x 9.5, 100 x 10, 150 x 11, then 12.
    // Energy up to 10: 0, 20: 30, 30: 95, 50: 255, 100: 730, 150: 1,205, 250: 2,205, 400: 3,855.
    [DataFact]
    public void Nea5A_Months_AreAsWorkedOutByHand() => AssertMonths(
        "NEA-domestic-5A",
        ("0", "30"),             // 0 + 30
        ("10", "30"),            // 10 x 0 + 30: free, but for the service
        ("15", "45"),            // 5 x 3 + 30: the first 10 stay free
        ("20", "60"),            // 30 + 30
        ("20.5", "83.25"),       // 30 + 0.5 x 6.5 + 50
        ("30", "145"),           // 95 + 50
        ("42.125", "242"),       // 95 + 12.125 x 8 + 50
        ("100", "805"),          // 730 + 75
        ("150", "1305"),         // 1,205 + 100
        ("250", "2330"),         // 2,205 + 125
        ("251", "2366"),         // 2,205 + 11 + 150
        ("400", "4005"),         // 3,855 + 150
        ("512.345678", "5378.148136")); // 3,855 + 112.345678 x 12 + 175

    // Blocks: 20 x 4, 10 x 6.5, 20 x 8, 100 x 9.5, 100 x 10, 150 x 11, then 12.
    // Energy up to 20: 80, 30: 145, 50: 305, 150: 1,255, 250: 2,255, 400: 3,905.
    [DataFact]
    public void Nea15A_Months_AreAsWorkedOutByHand() => AssertMonths(
        "NEA-domestic-15A",
        ("0", "50"),             // 0 + 50
        ("10", "90"),            // 10 x 4 + 50
        ("25", "162.5"),         // 80 + 5 x 6.5 + 50
        ("75", "642.5"),         // 305 + 25 x 9.5 + 100
        ("150", "1380"),         // 1,255 + 125
        ("200", "1905"),         // 1,255 + 50 x 10 + 150
        ("300", "2980"),         // 2,255 + 50 x 11 + 175
        ("500", "5305"));        // 3,905 + 100 x 12 + 200

    // 100 each at 12.21, 14.53, 31.51, 38.41, 41.62, 43.04, 44.18, then 49.1.
    // Sums: 1,221; 2,674; 5,825; 9,666; 13,828; 18,132; 22,550.
    [DataFact]
    public void Lesco_Months_AreAsWorkedOutByHand() => AssertMonths(
        "LESCO-domestic",
        ("0", "0"),
        ("1", "12.21"),
        ("100", "1221"),
        ("150", "1947.5"),       // 1,221 + 50 x 14.53
        ("350", "7745.5"),       // 5,825 + 50 x 38.41
        ("700", "22550"),
        ("1000", "37280"));      // 22,550 + 300 x 49.1

    // A fifth price (winter, off the peak) beside four bands cannot be in one tariff, so summer and winter are one each, by their dates.
    [DataFact]
    public void Sce_EveryHourOfAYear_HasThePublishedPrice()
    {
        var table = SceTable();
        var (summer, winter) = (Sce(table, "summer Jun-Sep"), Sce(table, "winter Oct-May"));
        var (from, to) = (California.AtStartOfDay(new(2026, 1, 1)).ToInstant(), California.AtStartOfDay(new(2027, 1, 1)).ToInstant());
        var calendars = new[] { (Tariff: summer, Calendar: new TariffCalendar(summer)), (Tariff: winter, Calendar: new TariffCalendar(winter)) };
        var hours = 0;
        for (var at = from; at < to; at += Duration.FromMinutes(60), hours++)
        {
            var local = at.InZone(California).LocalDateTime;
            var isSummer = local.Month is >= 6 and <= 9;
            var isWeekend = local.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;
            var (tariff, calendar) = calendars[isSummer ? 0 : 1];

            Assert.Equal(
                table[(isSummer ? "summer Jun-Sep" : "winter Oct-May", isWeekend ? "weekend" : "weekday", local.Hour)],
                tariff.Bands[calendar.BandAt(at)].Price.ToString());
        }

        Assert.Equal(8_760, hours);
    }

    // 1 kWh in each hour of August 2026: 744 hours, 155 of them from 16:00 to 21:00; 21 weekdays and 10 days of the weekend.
    // 21 x 5 x 0.54 = 56.7; 10 x 5 x 0.40 = 20; (744 - 155) x 0.22 = 129.58; together 206.28.
    [DataFact]
    public void Sce_OneKilowattInAugust_CostsWhatIsWorkedOutByHand()
    {
        var bill = HourlyBill(Sce(SceTable(), "summer Jun-Sep"), new(2026, 8, 1), new(2026, 9, 1));

        Assert.Equal([105, 50, 589, 0], Enumerable.Range(0, 4).Select(band => bill.BilledBands[band].KilowattHours));
        Assert.Equal("206.28", bill.Total.ToString());
    }

    // March 2026 loses an hour (Sunday 8th, 02:00), November has one twice (Sunday 1st, 01:00), both off the peak.
    // March: 743 hours, 155 at the peak: 155 x 0.5 + 588 x 0.21 = 77.5 + 123.48. November: 721, 150: 75 + 571 x 0.21 = 75 + 119.91.
    [DataFact]
    public void Sce_MonthsInWhichTheClockChanges_HaveTheirHours()
    {
        var winter = Sce(SceTable(), "winter Oct-May");

        Assert.Equal("200.98", HourlyBill(winter, new(2026, 3, 1), new(2026, 4, 1)).Total.ToString());
        Assert.Equal("194.91", HourlyBill(winter, new(2026, 11, 1), new(2026, 12, 1)).Total.ToString());
    }

    private static void AssertMonths(string name, params (string KilowattHours, string Total)[] months)
    {
        var (tariff, faults) = TariffFile.Read(SlabTable.Yaml(name));
        Assert.Empty(faults);
        var ledger = tariff!.ToLedger(Address.Zero);
        foreach (var (kilowattHours, total) in months)
        {
            var usage = new BillUsage(Month, Energy.FromKilowattHours(decimal.Parse(kilowattHours, CultureInfo.InvariantCulture)));
            var (bill, refused) = BillArithmetic.Compute(ledger, usage);
            Assert.Null(refused);
            Assert.Equal((kilowattHours, total), (kilowattHours, bill!.Total.ToString()));
        }
    }

    private static BillAmounts HourlyBill(Tariff tariff, LocalDate from, LocalDate until)
    {
        var (start, end) = (California.AtStartOfDay(from).ToInstant(), California.AtStartOfDay(until).ToInstant());
        var timetable = new TariffCalendar(tariff).Over(start, end);
        var hours = (int)(end - start).TotalHours;
        var bands = timetable.Split(Enumerable.Range(0, hours).Select(hour =>
            (start + Duration.FromHours(hour), start + Duration.FromHours(hour + 1), Energy.FromKilowattHours(1))));
        var (bill, refused) = BillArithmetic.Compute(
            tariff.ToLedger(Address.Zero), new((long)(end - start).TotalSeconds, Energy.FromKilowattHours(hours), Bands: bands));
        Assert.Null(refused);
        return bill!;
    }

    private static Dictionary<(string Season, string Day, int Hour), string> SceTable() =>
        File.ReadLines(SharedData.PathOf("tariffs", "tou_sce_usd_per_kwh.csv")).Skip(1).Select(line => line.Split(','))
            .ToDictionary(row => (row[0], row[1], int.Parse(row[2], CultureInfo.InvariantCulture)), row => row[3]);

    private static Tariff Sce(Dictionary<(string Season, string Day, int Hour), string> table, string season)
    {
        var (weekday, weekend, other) = (table[(season, "weekday", 16)], table[(season, "weekend", 16)], table[(season, "weekday", 0)]);
        var (from, until) = season.StartsWith("summer", StringComparison.Ordinal) ? ("2026-06-01", "2026-10-01") : ("2025-10-01", "2026-06-01");
        var (tariff, faults) = TariffFile.Read(Encoding.UTF8.GetBytes($"""
            name: SCE TOU-D-PRIME, {season}
            currency: USD
            zone: America/Los_Angeles
            validFrom: {from}
            validUntil: {until}
            bands:
              - name: On-peak
                price: {weekday}
                when:
                  - days: [weekday]
                    hours: ["16:00-21:00"]
              - name: Mid-peak
                price: {weekend}
                when:
                  - days: [weekend, holiday]
                    hours: ["16:00-21:00"]
              - name: Off-peak
                price: {other}
            """));
        Assert.Empty(faults);
        return tariff!;
    }
}
