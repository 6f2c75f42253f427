using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Busbar.Domain.Tests.Testing;

/// <summary>Tariffs and usages of every kind that the rules allow, from the usual to the edge of the ranges, by a seed.</summary>
internal sealed class RandomBilling(int seed)
{
    private static readonly string[] Zones = ["Asia/Kathmandu", "Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "UTC"];
    private static readonly string[] Words = ["Peak", "naïve \"tax\"", "back\\slash", "घरेलु", "a: b # c", "007", "null", "- x", "true"];
    private static readonly Address Somebody = Address.Parse("0x2b5ad5c4795c026514f8317c7a215e218dccd6cf");

    private readonly Random _random = new(seed);

    /// <summary>Seeds all over their range; FsCheck's own numbers are small and come again.</summary>
    public static Arbitrary<int> Seeds => Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    public ulong Word64() => unchecked((ulong)_random.NextInt64(long.MinValue, long.MaxValue));

    public Tariff Tariff()
    {
        var seasons = Some(3, at => new Season($"season {at}", Day(), Day()));
        return new()
        {
            Name = Word(),
            Currency = Maybe() ? Word() : null,
            Zone = DateTimeZoneProviders.Tzdb[Zones[_random.Next(Zones.Length)]],
            ValidFrom = new LocalDate(2020, 1, 1).PlusDays(_random.Next(4000)),
            ValidUntil = Maybe() ? new LocalDate(2031, 1, 1).PlusDays(_random.Next(4000)) : null,
            Payee = Maybe() ? Somebody : null,
            Due = Span(0),
            Grace = Span(0),
            Period = Maybe() ? Duration.FromDays(30) : Maybe() ? Span(1) : Duration.Zero,
            FixedCharge = Maybe() ? Charge() : default,
            MinimumCharge = Maybe() ? Charge() : default,
            Slabs = Slabs(),
            Bands = Maybe() ? Bands(seasons) : [],
            Seasons = seasons,
            Weekend = Maybe() ? [IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday] : Maybe() ? [IsoDayOfWeek.Saturday] : [],
            Holidays = [.. Some(6, _ => new LocalDate(2024, 1, 1).PlusDays(_random.Next(2000))).Distinct().Order()],
            ExportPrice = Maybe() ? AnyPrice() : default,
            CarriesEnergy = Maybe(),
            Taxes = Some(6, at => new TaxLine($"{at} {Words[at]}", (ushort)_random.Next(1, 10_001), Maybe() ? AnyPrice() : default)),
        };
    }

    public LedgerTariff OnLedger() => Tariff().ToLedger(Somebody);

    /// <summary>A usage with bands that make up the import, up to the energy and time that no bill within the rules is too large for.</summary>
    public BillUsage Usage()
    {
        var imported = AnyEnergy();
        var cuts = new[] { Part(imported), Part(imported), Part(imported) }.Order().ToArray();
        return new(
            Maybe() ? 30 * 86_400 : _random.NextInt64(1, Maybe() ? 90L * 86_400 : 36_500L * 86_400),
            imported,
            AnyEnergy(),
            new(cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], imported - cuts[2]),
            Maybe() ? default : AnyEnergy(),
            Maybe() ? default : AnyEnergy(),
            Maybe() ? default : AnyEnergy(),
            _random.Next(4) == 0);
    }

    public Energy AnyEnergy() => Energy.FromMilliwattHours(_random.Next(8) switch
    {
        0 => 0,
        1 => TariffRules.HighestSlab.MilliwattHours,
        2 => _random.NextInt64(10),
        _ => Wide(TariffRules.HighestSlab.MilliwattHours),
    });

    public bool Maybe() => _random.Next(2) == 0;

    private Energy Part(Energy whole) => Energy.FromMilliwattHours(_random.NextInt64(whole.MilliwattHours + 1));

    private ValueList<Slab> Slabs()
    {
        var limits = Enumerable.Range(0, _random.Next(LedgerTariff.MostSlabs)).Select(_ => 1 + Wide(999_999_999_999_999)).Distinct().Order();
        Slab[] limited = [.. limits.Select(limit => new Slab(Energy.FromMilliwattHours(limit), AnyPrice(), Maybe() ? Charge() : default))];
        return limited.Length == 0 && Maybe() ? [] : [.. limited, new(null, AnyPrice(), Maybe() ? Charge() : default)];
    }

    private ValueList<RateBand> Bands(ValueList<Season> seasons)
    {
        var limited = Some(3, at => new RateBand(
            $"{at} {Word()}",
            AnyPrice(),
            [Times(seasons), .. Some(2, _ => Times(seasons))]));
        return [.. limited, new RateBand("other", Price.FromWeiPerKilowattHour(1 + (UInt128)_random.Next(100)), [])];
    }

    private BandTime Times(ValueList<Season> seasons)
    {
        var days = (DayKinds)_random.Next(7);
        var hours = Some(2, _ => Hours());
        return days == DayKinds.None && hours.Count == 0
            ? new(DayKinds.Weekend, [], [])
            : new(days, [.. seasons.Where(_ => Maybe()).Select(season => season.Name)], hours);
    }

    private HourSpan Hours()
    {
        var from = _random.Next(1440);
        return new(LocalTime.FromMinutesSinceMidnight(from), LocalTime.FromMinutesSinceMidnight((from + _random.Next(1, 1440)) % 1440));
    }

    private AnnualDate Day() => new(_random.Next(1, 13), _random.Next(1, 29));

    private Duration Span(long least) => Duration.FromSeconds(Maybe()
        ? 86_400 * _random.NextInt64(least, 366)
        : (86_400 * least) + _random.NextInt64(365 * 86_400));

    private Price AnyPrice() => Price.FromWeiPerKilowattHour(Wei((UInt128)1_000_000_000_000_000_000 * 1_000_000));

    private Coin Charge() => Coin.FromWei(Wei((UInt128)1_000_000_000_000_000_000 * 1_000_000_000_000));

    // Usual amounts, the very small, and the largest.
    private UInt128 Wei(UInt128 most) => _random.Next(5) switch
    {
        0 => most,
        1 => (UInt128)_random.Next(3),
        2 => (UInt128)_random.NextInt64() * (UInt128)_random.Next(1_000) % most,
        _ => (UInt128)_random.Next(100_000) * 100_000_000_000_000,
    };

    private long Wide(long most) => Math.Min(most, _random.NextInt64() >> _random.Next(14, 63));

    private string Word() => Words[_random.Next(Words.Length)];

    private ValueList<T> Some<T>(int most, Func<int, T> make) => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(make)];
}
