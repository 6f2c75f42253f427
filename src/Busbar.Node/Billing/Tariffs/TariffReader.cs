using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Node.Billing.Tariffs;

/// <summary>Reads the values of a tariff out of its tree; what cannot be read is noted, and reading goes on.</summary>
internal sealed class TariffReader
{
    private const string CoinText = "is coins, such as 12.5, with at most 18 digits behind the point";
    private const string SpanText = "is a whole number of days, hours, minutes or seconds, such as 15 days";
    private const string DateText = "is a date such as 2026-01-31";

    /// <summary>What could not be read.</summary>
    public List<TariffRefused> Refused { get; } = [];

    private delegate bool Parsing<T>(string text, out T value);

    /// <summary>The tariff; not to be used when anything was refused.</summary>
    public Tariff? Read(TariffNode root)
    {
        if (Members(root, "form", "name", "currency", "zone", "validFrom", "validUntil", "payee", "due", "grace", "period", "fixedCharge",
            "minimumCharge", "slabs", "bands", "seasons", "weekend", "holidays", "export", "taxes") is not { } map)
            return null;
        Optional(map, "form", Form, TariffDocument.Form, $"is {TariffDocument.Form}");
        var export = map.Members.TryGetValue("export", out var found) ? Members(found, "price", "carriesEnergy") : null;
        return new()
        {
            Name = Needed<string>(map, "name", Text, "is text"),
            Currency = Optional<string?>(map, "currency", Text, null, "is text"),
            Zone = Needed<DateTimeZone>(map, "zone", Zone, "is an IANA zone such as Asia/Kathmandu") ?? DateTimeZone.Utc,
            ValidFrom = Needed<LocalDate>(map, "validFrom", TariffText.TryRead, DateText),
            ValidUntil = Optional<LocalDate?>(map, "validUntil", Date, null, DateText),
            Payee = Optional<Address?>(map, "payee", Payee, null, "is an address: 0x and 40 digits in quotes; mixed case must match its checksum"),
            Due = Optional(map, "due", TariffText.TryRead, Duration.Zero, SpanText),
            Grace = Optional(map, "grace", TariffText.TryRead, Duration.Zero, SpanText),
            Period = Optional(map, "period", TariffText.TryRead, Duration.Zero, SpanText),
            FixedCharge = Charge(map, "fixedCharge"),
            MinimumCharge = Charge(map, "minimumCharge"),
            Slabs = Each(map, "slabs", Slab),
            Bands = Each(map, "bands", Band),
            Seasons = Each(map, "seasons", Season),
            Weekend = map.Members.ContainsKey("weekend")
                ? Sorted(map, "weekend", Each(map, "weekend", node => Scalar<IsoDayOfWeek>(node, TariffText.TryRead, "is a day such as sunday")), TariffText.Write)
                : [IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday],
            Holidays = Sorted(map, "holidays", Each(map, "holidays", node => Scalar<LocalDate>(node, TariffText.TryRead, DateText)), TariffText.Write),
            ExportPrice = export is null ? Price.Zero : Money(export, "price"),
            CarriesEnergy = export is not null && Optional<bool>(export, "carriesEnergy", Truth, false, "is true or false"),
            Taxes = Each(map, "taxes", Tax),
        };
    }

    private Slab Slab(TariffNode node) => Members(node, "upTo", "price", "fixedCharge") is { } map
        ? new(Optional<Energy?>(map, "upTo", Limit, null, "is kWh, such as 50, with at most 6 digits behind the point"), NeededPrice(map), Charge(map, "fixedCharge"))
        : new(null, default);

    private RateBand Band(TariffNode node) => Members(node, "name", "price", "when") is { } map
        ? new(Needed<string>(map, "name", Text, "is text"), NeededPrice(map), Each(map, "when", Times))
        : new("", default, []);

    private BandTime Times(TariffNode node)
    {
        if (Members(node, "days", "seasons", "hours") is not { } map)
            return new(DayKinds.None, [], []);
        var days = DayKinds.None;
        foreach (var day in Each(map, "days", day => Scalar<DayKinds>(day, TariffText.TryRead, "is weekday, weekend or holiday")))
        {
            if (days.HasFlag(day) && day != DayKinds.None)
                Refused.Add(new TariffRefused.Twice(map.PathOf("days"), TariffText.Write(day).Single()));
            days |= day;
        }

        return new(
            days,
            Each(map, "seasons", season => Scalar<string>(season, Text, "is the name of a season")),
            Each(map, "hours", hours => Scalar<HourSpan>(hours, TariffText.TryRead, "is hours such as 16:00-21:00, left out for the whole day")));
    }

    private Season Season(TariffNode node)
    {
        const string Expected = "is a month and day such as 06-01";
        return Members(node, "name", "from", "to") is { } map
            ? new(
                Needed<string>(map, "name", Text, "is text"),
                Needed<AnnualDate>(map, "from", TariffText.TryRead, Expected),
                Needed<AnnualDate>(map, "to", TariffText.TryRead, Expected))
            : new("", default, default);
    }

    private TaxLine Tax(TariffNode node) => Members(node, "name", "percent", "perKilowattHour") is { } map
        ? new(
            Needed<string>(map, "name", Text, "is text"),
            Optional(map, "percent", TariffText.TryReadShare, default(ushort), "is a percentage such as 13, with at most 2 digits behind the point"),
            Money(map, "perKilowattHour"))
        : new("", 0);

    private Coin Charge(TariffNode.Map map, string member) =>
        Optional<Coin>(map, member, static (string text, out Coin coin) => Coin.TryParse(text, out coin), Coin.Zero, CoinText);

    private Price Money(TariffNode.Map map, string member) => Optional(map, member, Cost, Price.Zero, CoinText + " a kWh");

    private Price NeededPrice(TariffNode.Map map) => Needed<Price>(map, "price", Cost, CoinText + " a kWh");

    private ValueList<T> Sorted<T>(TariffNode.Map map, string member, ValueList<T> items, Func<T, string> text)
    {
        foreach (var twice in items.GroupBy(item => item).Where(group => group.Count() > 1).Select(group => group.Key))
            Refused.Add(new TariffRefused.Twice(map.PathOf(member), text(twice)));
        return [.. items.Order()];
    }

    private TariffNode.Map? Members(TariffNode node, params ReadOnlySpan<string> known)
    {
        if (node is not TariffNode.Map map)
        {
            Refused.Add(new TariffRefused.Malformed(node.Path, Shown(node), "has members"));
            return null;
        }

        foreach (var member in map.Members.Keys)
        {
            if (!known.Contains(member))
                Refused.Add(new TariffRefused.UnknownMember(map.PathOf(member)));
        }

        return map;
    }

    private ValueList<T> Each<T>(TariffNode.Map map, string member, Func<TariffNode, T> read)
    {
        if (!map.Members.TryGetValue(member, out var node))
            return [];
        if (node is TariffNode.List list)
            return [.. list.Items.Select(read)];
        Refused.Add(new TariffRefused.Malformed(node.Path, Shown(node), "is a list"));
        return [];
    }

    private T Needed<T>(TariffNode.Map map, string member, Parsing<T> parse, string expected)
    {
        if (map.Members.TryGetValue(member, out var node))
            return Scalar(node, parse, expected);
        Refused.Add(new TariffRefused.Missing(map.PathOf(member)));
        return default!;
    }

    private T Optional<T>(TariffNode.Map map, string member, Parsing<T> parse, T otherwise, string expected) =>
        map.Members.TryGetValue(member, out var node) ? Scalar(node, parse, expected) : otherwise;

    private T Scalar<T>(TariffNode node, Parsing<T> parse, string expected)
    {
        if (node is TariffNode.Scalar scalar && parse(scalar.Text, out var value))
            return value;
        Refused.Add(new TariffRefused.Malformed(node.Path, Shown(node), expected));
        return default!;
    }

    private static string Shown(TariffNode node) => node switch
    {
        TariffNode.List => "a list",
        TariffNode.Map => "members",
        TariffNode.Scalar { Text.Length: 0 } => "nothing",
        TariffNode.Scalar { Text.Length: > TariffRules.LongestName } scalar => scalar.Text[..TariffRules.LongestName] + "...",
        TariffNode.Scalar scalar => scalar.Text,
        _ => "",
    };

    private static bool Text(string text, out string value) => (value = text).Length > 0;

    private static bool Form(string text, out int form)
    {
        form = TariffDocument.Form;
        return text == "1";
    }

    private static bool Zone(string text, out DateTimeZone zone) => (zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(text)!) is not null;

    private static bool Date(string text, out LocalDate? date)
    {
        var read = TariffText.TryRead(text, out LocalDate value);
        date = value;
        return read;
    }

    private static bool Payee(string text, out Address? payee)
    {
        var read = Address.TryParse(text, out var value);
        payee = value;
        return read;
    }

    private static bool Limit(string text, out Energy? limit)
    {
        var read = TariffText.TryRead(text, out Energy value);
        limit = value;
        return read;
    }

    private static bool Cost(string text, out Price price) => Price.TryParse(text, out price);

    private static bool Truth(string text, out bool value)
    {
        value = text == "true";
        return text is "true" or "false";
    }
}
