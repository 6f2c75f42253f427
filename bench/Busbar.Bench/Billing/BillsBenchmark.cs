using System.Diagnostics;
using Busbar.Bench.Running;
using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Bench.Billing;

/// <summary>
/// The month of 10,000 premises: each one's use from the registers of its meters, every tenth's meter exchanged in mid-month, and its bill
/// by a tariff with slabs, bands and taxes. Beside it the rate bands of meters that have none, from a month of quarter hours.
/// </summary>
public static class BillsBenchmark
{
    private const int Premises = 10_000;
    private const int Runs = 9;

    private static readonly Instant From = Instant.FromUtc(2026, 3, 31, 18, 30);
    private static readonly Instant Exchanged = Instant.FromUtc(2026, 4, 12, 6, 0);
    private static readonly Instant To = Instant.FromUtc(2026, 4, 30, 18, 30);

    private static readonly MeterId Spare = new(new Address(Keccak256.Hash([1]).ToArray().AsSpan(12)));

    private static readonly Tariff Tariff = new()
    {
        Name = "Slabs, bands and taxes",
        Zone = DateTimeZoneProviders.Tzdb["Asia/Kolkata"],
        ValidFrom = new(2026, 1, 1),
        Period = Duration.FromDays(30),
        FixedCharge = Coin.FromCoins(40),
        MinimumCharge = Coin.FromCoins(80),
        CarriesEnergy = true,
        ExportPrice = Price.Parse("2.5"),
        Slabs = [.. Enumerable.Range(1, 8).Select(SlabAt)],
        Bands =
        [
            new("Morning", Price.Parse("0.5"), [new(DayKinds.None, [], [new(new(6, 0), new(9, 0))])]),
            new("Evening", Price.Parse("1.25"), [new(DayKinds.Weekday, [], [new(new(18, 0), new(22, 0))])]),
            new("Night", Price.Parse("0"), [new(DayKinds.None, [], [new(new(23, 0), new(6, 0))])]),
            new("Day", Price.Parse("0.25"), []),
        ],
        Taxes = [new("Duty", 600), new("Cess", 0, Price.Parse("0.08"))],
    };

    /// <summary>Gives what was measured, the median of nine runs, its unit and how many premises.</summary>
    public static IEnumerable<(string What, double Value, string Unit, long N)> Run()
    {
        var ledger = Tariff.ToLedger(Address.Zero);
        MeterSegment[][] months = [.. Enumerable.Range(0, Premises).Select(Month)];
        BillUsage[] usages = [.. months.Select(Use)];
        var quarters = Quarters();
        var calendar = new TariffCalendar(Tariff);
        var (close, bare, bands) = (new List<double>(), new List<double>(), new List<double>());
        // The first runs are the compiler's.
        for (var run = -Runs; run < Runs; run++)
        {
            var closing = Time(() => Close(months, ledger));
            var arithmetic = Time(() => Arithmetic(usages, ledger));
            var banding = run < 0 && run > -Runs ? 0 : Time(() => Band(calendar, quarters));
            if (run < 0)
                continue;
            close.Add(closing);
            bare.Add(arithmetic);
            bands.Add(banding);
        }

        yield return ("close-10k", Median.Of(close), "ms", Premises);
        yield return ("arithmetic-alone", Median.Of(bare), "ms", Premises);
        yield return ("over-arithmetic", Median.Of(close.Zip(bare, static (ours, alone) => ours / alone)), "x", Premises);
        yield return ("bands-10k", Median.Of(bands), "ms", Premises);
    }

    private static Slab SlabAt(int number) => new(
        number == 8 ? null : Energy.FromKilowattHours(40 * number), Price.FromCoinPerKilowattHour(Coin.FromCoins(number)), Coin.FromCoins(number));

    private static long Close(MeterSegment[][] months, LedgerTariff ledger)
    {
        var total = Coin.Zero;
        foreach (var month in months)
            total += Bill(ledger, Use(month)).Total;
        return (long)(total.Wei & 1);
    }

    private static long Arithmetic(BillUsage[] usages, LedgerTariff ledger)
    {
        var total = Coin.Zero;
        foreach (ref readonly var usage in usages.AsSpan())
            total += Bill(ledger, usage).Total;
        return (long)(total.Wei & 1);
    }

    private static BillUsage Use(MeterSegment[] month)
    {
        var (use, refused) = PremisesUse.Of(From, To, month);
        return use?.ToUsage(bought: Energy.FromKilowattHours(3), carried: Energy.FromKilowattHours(1))
            ?? throw new InvalidOperationException(refused!.Detail);
    }

    private static BillAmounts Bill(LedgerTariff ledger, in BillUsage usage)
    {
        var (amounts, refused) = BillArithmetic.Compute(ledger, usage);
        return amounts ?? throw new InvalidOperationException(refused!.Detail);
    }

    private static long Band(TariffCalendar calendar, HistoryPoint[] quarters)
    {
        // Once for all premises of a tariff, as a close does it.
        var timetable = calendar.Over(From, To);
        var sum = 0L;
        for (var premises = 0; premises < Premises; premises++)
            sum += timetable.Split(quarters).Second.MilliwattHours & 1;
        return sum;
    }

    private static MeterSegment[] Month(int number)
    {
        var meter = new MeterId(new Address(Keccak256.Hash(BitConverter.GetBytes(number)).ToArray().AsSpan(12)));
        var end = At(400_000_000L + (number * 31_337L));
        return number % 10 == 0
            ? [new(meter, From, At(400_000_000), Exchanged, end), new(Spare, Exchanged, At(0), To, At(60_000_000))]
            : [new(meter, From, At(400_000_000), To, end)];
    }

    private static Registers At(long import) => new(
        MeterRegister.FromMilliwattHours(import),
        MeterRegister.FromMilliwattHours(import / 20),
        new(
            MeterRegister.FromMilliwattHours(import / 8),
            MeterRegister.FromMilliwattHours(import / 4),
            MeterRegister.FromMilliwattHours(import / 8),
            MeterRegister.FromMilliwattHours(import - (import / 8 * 2) - (import / 4))));

    private static HistoryPoint[] Quarters()
    {
        var count = (int)((To - From).TotalMinutes / 15);
        return [.. Enumerable.Range(0, count + 1).Select(at => new HistoryPoint(
            From + Duration.FromMinutes(15 * at), new(MeterRegister.FromMilliwattHours(40_123L * at), MeterRegister.Zero)))];
    }

    private static double Time(Func<long> work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
