using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Community;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>
/// What a tariff must keep to. Within these ranges a bill over at most 100 years and 10^9 kWh cannot be beyond what
/// <see cref="Coin"/> counts.
/// </summary>
public static class TariffRules
{
    /// <summary>The longest name of a tariff, band, season or currency, in characters.</summary>
    public const int LongestName = 60;

    /// <summary>The most ways to say when a band is, hours in one of them, and seasons.</summary>
    public const int MostTimes = 8;

    /// <summary>The most holidays: those of twenty years.</summary>
    public const int MostHolidays = 400;

    /// <summary>The whole of the charges, in basis points.</summary>
    public const ushort WholeShare = 10_000;

    /// <summary>The dearest energy: a million coins a kilowatt-hour.</summary>
    public static Price Dearest => Price.FromCoinPerKilowattHour(Coin.FromCoins(1_000_000));

    /// <summary>The largest fixed or minimum charge: a million million coins.</summary>
    public static Coin LargestCharge => Coin.FromCoins(1_000_000_000_000);

    /// <summary>The highest limit of a slab: a thousand million kilowatt-hours.</summary>
    public static Energy HighestSlab => Energy.FromMilliwattHours(1_000_000_000_000_000);

    /// <summary>The longest due, grace and nominal period.</summary>
    public static Duration Longest => Duration.FromDays(366);

    /// <summary>The first day on which a tariff may begin.</summary>
    public static LocalDate Earliest { get; } = new(2000, 1, 1);

    /// <summary>The last.</summary>
    public static LocalDate Latest { get; } = new(2400, 1, 1);

    /// <summary>All that is wrong with a tariff; empty when it may be used.</summary>
    public static IReadOnlyList<TariffRefused> Check(Tariff tariff)
    {
        ArgumentNullException.ThrowIfNull(tariff);
        var check = new Checking();
        check.Head(tariff);
        check.Slabs(tariff.Slabs);
        check.Calendar(tariff);
        check.Bands(tariff);
        check.Taxes(tariff.Taxes);
        check.Price("export.price", tariff.ExportPrice);
        return check.Refused;
    }

    private sealed class Checking
    {
        public List<TariffRefused> Refused { get; } = [];

        public void Head(Tariff tariff)
        {
            Name("name", tariff.Name);
            if (tariff.Currency is { } currency)
                Name("currency", currency);
            Date("validFrom", tariff.ValidFrom);
            if (tariff.ValidUntil is { } until)
            {
                Date("validUntil", until);
                if (until <= tariff.ValidFrom)
                    Refused.Add(new TariffRefused.EndsBeforeItBegins("validUntil"));
            }

            if (tariff.Payee is { IsZero: true } payee)
                Refused.Add(new TariffRefused.OutOfRange("payee", payee.ToString(), "is an address that somebody has"));
            Span("due", tariff.Due, Duration.Zero);
            Span("grace", tariff.Grace, Duration.Zero);
            if (tariff.Period != Duration.Zero)
                Span("period", tariff.Period, Duration.FromDays(1));
            Charge("fixedCharge", tariff.FixedCharge);
            Charge("minimumCharge", tariff.MinimumCharge);
        }

        public void Slabs(ValueList<Slab> slabs)
        {
            Count("slabs", slabs.Count, LedgerTariff.MostSlabs);
            var before = Energy.Zero;
            for (var i = 0; i < slabs.Count; i++)
            {
                var (slab, member) = (slabs[i], At("slabs", i));
                Price($"{member}.price", slab.Price);
                Charge($"{member}.fixedCharge", slab.FixedCharge);
                var isLast = i == slabs.Count - 1;
                if (slab.UpTo is not { } limit)
                {
                    if (!isLast)
                        Refused.Add(new TariffRefused.SlabUnlimited($"{member}.upTo"));
                    continue;
                }

                if (isLast)
                    Refused.Add(new TariffRefused.LastSlabLimited($"{member}.upTo"));
                if (limit > HighestSlab)
                    Refused.Add(new TariffRefused.OutOfRange($"{member}.upTo", limit.ToString(), $"is at most {HighestSlab}"));
                if (limit <= before)
                    Refused.Add(new TariffRefused.NotAscending($"{member}.upTo", limit.ToString(), before.ToString()));
                before = limit;
            }
        }

        public void Calendar(Tariff tariff)
        {
            Count("seasons", tariff.Seasons.Count, MostTimes);
            for (var i = 0; i < tariff.Seasons.Count; i++)
                Name($"{At("seasons", i)}.name", tariff.Seasons[i].Name);
            Unlike("seasons", tariff.Seasons, season => season.Name, ".name");
            Count("holidays", tariff.Holidays.Count, MostHolidays);
            for (var i = 0; i < tariff.Holidays.Count; i++)
                Date(At("holidays", i), tariff.Holidays[i]);
            Ascending("holidays", tariff.Holidays, TariffText.Write);
            Ascending("weekend", tariff.Weekend, TariffText.Write);
        }

        public void Bands(Tariff tariff)
        {
            var bands = tariff.Bands;
            Count("bands", bands.Count, LedgerTariff.Bands);
            for (var i = 0; i < bands.Count; i++)
            {
                var (band, member) = (bands[i], At("bands", i));
                Name($"{member}.name", band.Name);
                Price($"{member}.price", band.Price);
                Count($"{member}.when", band.Times.Count, MostTimes);
                var isLast = i == bands.Count - 1;
                if (isLast && band.Times.Count > 0)
                    Refused.Add(new TariffRefused.LastBandLimited($"{member}.when"));
                if (!isLast && (band.Times.Count == 0 || band.Times.Any(IsAlways)))
                    Refused.Add(new TariffRefused.BandUnlimited($"{member}.when"));
                for (var time = 0; time < band.Times.Count; time++)
                    Times(At($"{member}.when", time), band.Times[time], tariff.Seasons);
            }

            Unlike("bands", bands, band => band.Name, ".name");
            if (bands.Count > 0 && bands.All(band => band.Price.IsZero))
                Refused.Add(new TariffRefused.BandsFree("bands"));
        }

        public void Taxes(ValueList<TaxLine> taxes)
        {
            Count("taxes", taxes.Count, LedgerTariff.MostTaxes);
            for (var i = 0; i < taxes.Count; i++)
            {
                var (tax, member) = (taxes[i], At("taxes", i));
                Name($"{member}.name", tax.Name);
                if (Encoding.UTF8.GetByteCount(tax.Name) > Hash256.Length)
                    Refused.Add(new TariffRefused.OutOfRange($"{member}.name", tax.Name, $"has at most {Hash256.Length} bytes in UTF-8"));
                if (tax.Share > WholeShare)
                    Refused.Add(new TariffRefused.OutOfRange($"{member}.percent", TariffText.WriteShare(tax.Share), "is 0 to 100"));
                Price($"{member}.perKilowattHour", tax.PerKilowattHour);
                if (tax.Share == 0 && tax.PerKilowattHour.IsZero)
                    Refused.Add(new TariffRefused.Missing($"{member}.percent"));
            }

            Unlike("taxes", taxes, tax => tax.Name, ".name");
        }

        public void Price(string member, Price price)
        {
            if (price > Dearest)
                Refused.Add(new TariffRefused.OutOfRange(member, price.ToString(), $"is at most {Dearest} a kWh"));
        }

        private static bool IsAlways(BandTime times) =>
            times.Days is DayKinds.None or DayKinds.All && times.Seasons.Count == 0 && times.Hours.Count == 0;

        private static string At(string list, int place) => string.Create(CultureInfo.InvariantCulture, $"{list}[{place + 1}]");

        private void Times(string member, BandTime times, ValueList<Season> seasons)
        {
            Count($"{member}.seasons", times.Seasons.Count, MostTimes);
            Count($"{member}.hours", times.Hours.Count, MostTimes);
            foreach (var name in times.Seasons.Where(name => seasons.All(season => season.Name != name)))
                Refused.Add(new TariffRefused.UnknownSeason($"{member}.seasons", name));
            if (times.Hours.Any(hours => hours.From == hours.To || !IsMinute(hours.From) || !IsMinute(hours.To)))
                Refused.Add(new TariffRefused.OutOfRange($"{member}.hours", times.Hours.ToString(), "are from one whole minute to another"));
        }

        private static bool IsMinute(LocalTime time) => time.NanosecondOfDay % NodaConstants.NanosecondsPerMinute == 0;

        private void Name(string member, string name)
        {
            var printing = name.Length is > 0 and <= LongestName && name.Trim().Length == name.Length && name.EnumerateRunes().All(HouseRules.IsPrinting);
            if (!printing)
                Refused.Add(new TariffRefused.OutOfRange(member, $"\"{name}\"", $"has 1 to {LongestName} printing characters, no blank at an end"));
        }

        private void Date(string member, LocalDate date)
        {
            if (date < Earliest || date >= Latest)
                Refused.Add(new TariffRefused.OutOfRange(member, TariffText.Write(date), $"is from {TariffText.Write(Earliest)} to before {TariffText.Write(Latest)}"));
        }

        private void Span(string member, Duration span, Duration least)
        {
            if (span < least || span > Longest || span.BclCompatibleTicks % NodaConstants.TicksPerSecond != 0)
                Refused.Add(new TariffRefused.OutOfRange(member, span.ToString(), $"is whole seconds, {least.Days} to {Longest.Days} days"));
        }

        private void Charge(string member, Coin charge)
        {
            if (charge.IsNegative || charge > LargestCharge)
                Refused.Add(new TariffRefused.OutOfRange(member, charge.ToString(), $"is 0 to {LargestCharge}"));
        }

        private void Count(string member, int count, int most)
        {
            if (count > most)
                Refused.Add(new TariffRefused.TooMany(member, count, most));
        }

        private void Unlike<T>(string member, ValueList<T> items, Func<T, string> name, string part)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < items.Count; i++)
            {
                if (!names.Add(name(items[i])))
                    Refused.Add(new TariffRefused.Twice(At(member, i) + part, name(items[i])));
            }
        }

        private void Ascending<T>(string member, ValueList<T> items, Func<T, string> text)
        {
            for (var i = 1; i < items.Count; i++)
            {
                if (Comparer<T>.Default.Compare(items[i], items[i - 1]) <= 0)
                    Refused.Add(new TariffRefused.NotAscending(At(member, i), text(items[i]), text(items[i - 1])));
            }
        }
    }
}
