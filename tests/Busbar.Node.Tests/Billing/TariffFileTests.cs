using System.Text;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Node.Billing.Tariffs;

namespace Busbar.Node.Tests.Billing;

public sealed class TariffFileTests
{
    private const string Sample = """
        form: 1
        name: Domestic
        currency: NPR
        zone: Asia/Kathmandu
        validFrom: 2026-01-15
        validUntil: 2027-01-15
        payee: "0x2b5ad5c4795c026514f8317c7a215e218dccd6cf"
        due: 15 days
        grace: 72 hours
        period: 30 days
        fixedCharge: 1.000000000000000001
        minimumCharge: 80
        slabs:
          - upTo: 20
            price: 3
            fixedCharge: 30
          - upTo: 50.5
            price: 6.5
          - price: 8
        bands:
          - name: Peak
            price: 0.5
            when:
              - days: [weekday]
                seasons: [dry]
                hours: ["17:00-22:00"]
          - name: Other
            price: 0
        seasons:
          - name: dry
            from: 11-15
            to: 04-30
        weekend: [saturday]
        holidays:
          - 2026-04-14
        export:
          price: 2
          carriesEnergy: true
        taxes:
          - name: VAT
            percent: 13
          - name: Cess
            percent: 0.25
            perKilowattHour: 0.1

        """;

    [Fact]
    public void Read_EveryMember_IsInTheTariff()
    {
        var tariff = Read(Sample);

        Assert.Equal(("Domestic", "NPR", "Asia/Kathmandu"), (tariff.Name, tariff.Currency, tariff.Zone.Id));
        Assert.Equal((new(2026, 1, 15), new NodaTime.LocalDate(2027, 1, 15)), (tariff.ValidFrom, tariff.ValidUntil));
        Assert.Equal("0x2b5ad5c4795c026514f8317c7a215e218dccd6cf", tariff.Payee!.Value.ToLowerHex());
        Assert.Equal((15, 72, 30), (tariff.Due.TotalDays, tariff.Grace.TotalHours, tariff.Period.TotalDays));
        Assert.Equal(("1.000000000000000001", "80"), (tariff.FixedCharge.ToString(), tariff.MinimumCharge.ToString()));
        Assert.Equal(
            [new(Energy.FromKilowattHours(20), Price.Parse("3"), Coin.FromCoins(30)), new(Energy.FromKilowattHours(50.5m), Price.Parse("6.5")), new(null, Price.Parse("8"))],
            tariff.Slabs);
        Assert.Equal(
            new RateBand("Peak", Price.Parse("0.5"), [new(DayKinds.Weekday, ["dry"], [new(new(17, 0), new(22, 0))])]), tariff.Bands[0]);
        Assert.Equal(new RateBand("Other", Price.Zero, []), tariff.Bands[1]);
        Assert.Equal([new("dry", new(11, 15), new(4, 30))], tariff.Seasons);
        Assert.Equal([NodaTime.IsoDayOfWeek.Saturday], tariff.Weekend);
        Assert.Equal([new(2026, 4, 14)], tariff.Holidays);
        Assert.Equal((Price.Parse("2"), true), (tariff.ExportPrice, tariff.CarriesEnergy));
        Assert.Equal([new("VAT", 1_300), new("Cess", 25, Price.Parse("0.1"))], tariff.Taxes);
    }

    [Fact]
    public void Read_OnlyWhatIsNeeded_HasTheDefaults()
    {
        var tariff = Read("name: Free\nzone: UTC\nvalidFrom: 2026-01-01\n");

        Assert.Equal(new() { Name = "Free", Zone = NodaTime.DateTimeZone.Utc, ValidFrom = new(2026, 1, 1) }, tariff);
        Assert.Equal([NodaTime.IsoDayOfWeek.Saturday, NodaTime.IsoDayOfWeek.Sunday], tariff.Weekend);
    }

    // What stands in the sample, what takes its place, the refusal, its member and its line.
    [Theory]
    [InlineData("form: 1", "form: 2", "Malformed", "form", 1)]
    [InlineData("name: Domestic\n", "", "Missing", "name", 1)]
    [InlineData("zone: Asia/Kathmandu\n", "", "Missing", "zone", 1)]
    [InlineData("validFrom: 2026-01-15\n", "", "Missing", "validFrom", 1)]
    [InlineData("name: Domestic", "name: \"\"", "Malformed", "name", 2)]
    [InlineData("name: Domestic", "name: [a]", "Malformed", "name", 2)]
    [InlineData("name: Domestic", "name: \" Domestic\"", "OutOfRange", "name", 2)]
    [InlineData("name: Domestic", "name: \"Do\\tmestic\"", "OutOfRange", "name", 2)]
    [InlineData("name: Domestic", "name: 0123456789012345678901234567890123456789012345678901234567890", "OutOfRange", "name", 2)]
    [InlineData("currency: NPR", "currency:", "Malformed", "currency", 3)]
    [InlineData("zone: Asia/Kathmandu", "zone: Asia/Nowhere", "Malformed", "zone", 4)]
    [InlineData("validFrom: 2026-01-15", "validFrom: 15.01.2026", "Malformed", "validFrom", 5)]
    [InlineData("validFrom: 2026-01-15", "validFrom: 2026-02-30", "Malformed", "validFrom", 5)]
    [InlineData("validFrom: 2026-01-15", "validFrom: 1999-12-31", "OutOfRange", "validFrom", 5)]
    [InlineData("validUntil: 2027-01-15", "validUntil: 2400-01-01", "OutOfRange", "validUntil", 6)]
    [InlineData("validUntil: 2027-01-15", "validUntil: 2026-01-15", "EndsBeforeItBegins", "validUntil", 6)]
    [InlineData("\"0x2b5ad5c4795c026514f8317c7a215e218dccd6cf\"", "\"0x2b5ad5c4\"", "Malformed", "payee", 7)]
    [InlineData("\"0x2b5ad5c4795c026514f8317c7a215e218dccd6cf\"", "\"0x0000000000000000000000000000000000000000\"", "OutOfRange", "payee", 7)]
    [InlineData("due: 15 days", "due: 15", "Malformed", "due", 8)]
    [InlineData("due: 15 days", "due: -1 days", "Malformed", "due", 8)]
    [InlineData("due: 15 days", "due: 1.5 days", "Malformed", "due", 8)]
    [InlineData("due: 15 days", "due: 3 weeks", "Malformed", "due", 8)]
    [InlineData("due: 15 days", "due: 367 days", "OutOfRange", "due", 8)]
    [InlineData("grace: 72 hours", "grace: 9999 hours", "OutOfRange", "grace", 9)]
    [InlineData("period: 30 days", "period: 23 hours", "OutOfRange", "period", 10)]
    [InlineData("fixedCharge: 1.000000000000000001", "fixedCharge: 1.0000000000000000001", "Malformed", "fixedCharge", 11)]
    [InlineData("fixedCharge: 1.000000000000000001", "fixedCharge: 1e3", "Malformed", "fixedCharge", 11)]
    [InlineData("fixedCharge: 1.000000000000000001", "fixedCharge: 1_000", "Malformed", "fixedCharge", 11)]
    [InlineData("fixedCharge: 1.000000000000000001", "fixedCharge: -1", "OutOfRange", "fixedCharge", 11)]
    [InlineData("minimumCharge: 80", "minimumCharge: 1000000000000.1", "OutOfRange", "minimumCharge", 12)]
    [InlineData("minimumCharge: 80", "minimumcharge: 80", "UnknownMember", "minimumcharge", 12)]
    [InlineData("minimumCharge: 80", "name: Other", "Twice", "name", 12)]
    [InlineData("- upTo: 20", "- upTo: 0", "NotAscending", "slabs[1].upTo", 14)]
    [InlineData("- upTo: 20", "- upTo: 20.0000001", "Malformed", "slabs[1].upTo", 14)]
    [InlineData("- upTo: 20", "- upTo: -20", "Malformed", "slabs[1].upTo", 14)]
    [InlineData("- upTo: 20", "- upTo: 50.5", "NotAscending", "slabs[2].upTo", 17)]
    [InlineData("- upTo: 50.5", "- upTo: 1000000001", "OutOfRange", "slabs[2].upTo", 17)]
    [InlineData("- upTo: 50.5\n    price: 6.5", "- price: 6.5", "SlabUnlimited", "slabs[2].upTo", 17)]
    [InlineData("- price: 8", "- price: 8\n    upTo: 70", "LastSlabLimited", "slabs[3].upTo", 20)]
    [InlineData("- price: 8", "- fixedCharge: 8", "Missing", "slabs[3].price", 19)]
    [InlineData("- price: 8", "- price: 1000000.1", "OutOfRange", "slabs[3].price", 19)]
    [InlineData("- price: 8", "- 8", "Malformed", "slabs[3]", 19)]
    [InlineData("name: Other", "name: Peak", "Twice", "bands[2].name", 27)]
    [InlineData("price: 0.5", "price: 0", "BandsFree", "bands", 20)]
    [InlineData("price: 0.5", "price: -0.5", "Malformed", "bands[1].price", 22)]
    [InlineData("    price: 0\n", "    price: 0\n    when:\n      - days: [holiday]\n", "LastBandLimited", "bands[2].when", 29)]
    [InlineData("days: [weekday]\n        seasons: [dry]\n        hours: [\"17:00-22:00\"]", "days: [weekday, weekend, holiday]", "BandUnlimited", "bands[1].when", 23)]
    [InlineData("when:\n      - days: [weekday]\n        seasons: [dry]\n        hours: [\"17:00-22:00\"]", "when: []", "BandUnlimited", "bands[1].when", 23)]
    [InlineData("days: [weekday]", "days: [monday]", "Malformed", "bands[1].when[1].days[1]", 24)]
    [InlineData("days: [weekday]", "days: weekday", "Malformed", "bands[1].when[1].days", 24)]
    [InlineData("days: [weekday]", "days: [weekday, weekday]", "Twice", "bands[1].when[1].days", 24)]
    [InlineData("seasons: [dry]", "seasons: [wet]", "UnknownSeason", "bands[1].when[1].seasons", 25)]
    [InlineData("\"17:00-22:00\"", "\"17-22\"", "Malformed", "bands[1].when[1].hours[1]", 26)]
    [InlineData("\"17:00-22:00\"", "\"17:00-25:00\"", "Malformed", "bands[1].when[1].hours[1]", 26)]
    [InlineData("\"17:00-22:00\"", "\"17:00-17:00\"", "Malformed", "bands[1].when[1].hours[1]", 26)]
    [InlineData("from: 11-15", "from: 11-31", "Malformed", "seasons[1].from", 31)]
    [InlineData("to: 04-30\n", "to: 04-30\n  - name: dry\n    from: 01-01\n    to: 02-01\n", "Twice", "seasons[2].name", 33)]
    [InlineData("weekend: [saturday]", "weekend: [samstag]", "Malformed", "weekend[1]", 33)]
    [InlineData("weekend: [saturday]", "weekend: [saturday, saturday]", "Twice", "weekend", 33)]
    [InlineData("- 2026-04-14", "- 2026-04-14\n  - 2026-04-14", "Twice", "holidays", 34)]
    [InlineData("- 2026-04-14", "- 1980-04-14", "OutOfRange", "holidays[1]", 35)]
    [InlineData("holidays:\n  - 2026-04-14", "holidays: 2026-04-14", "Malformed", "holidays", 34)]
    [InlineData("carriesEnergy: true", "carriesEnergy: yes", "Malformed", "export.carriesEnergy", 38)]
    [InlineData("  price: 2\n", "  price: 1000001\n", "OutOfRange", "export.price", 37)]
    [InlineData("percent: 13", "percent: 13%", "Malformed", "taxes[1].percent", 41)]
    [InlineData("percent: 13", "percent: 13.001", "Malformed", "taxes[1].percent", 41)]
    [InlineData("percent: 13", "percent: 100.01", "OutOfRange", "taxes[1].percent", 41)]
    [InlineData("percent: 13", "percent: 0", "Missing", "taxes[1].percent", 41)]
    [InlineData("name: Cess", "name: VAT", "Twice", "taxes[2].name", 42)]
    [InlineData("name: Cess", "name: घरेलु बिजुली शुल्क", "OutOfRange", "taxes[2].name", 42)]
    public void Read_OneThingWrong_IsRefusedByNameMemberAndLine(string was, string becomes, string reason, string member, long line)
    {
        Assert.Contains(was, Sample, StringComparison.Ordinal);
        var at = Sample.IndexOf(was, StringComparison.Ordinal);

        var fault = Assert.Single(Faults(Sample[..at] + becomes + Sample[(at + was.Length)..]));

        Assert.Equal((reason, member, line), (fault.Refused.Reason, fault.Refused.Member, fault.Line));
        Assert.Equal($"line {line}: {member}: {fault.Refused.Detail}", fault.ToString());
    }

    [Theory]
    [InlineData("slabs", "- price: 1", 13, 12)]
    [InlineData("bands", "- { name: a, price: 1 }", 5, 4)]
    [InlineData("seasons", "- { name: a, from: 01-01, to: 01-02 }", 9, 8)]
    [InlineData("holidays", "- 2026-01-01", 401, 400)]
    [InlineData("taxes", "- { name: a, percent: 1 }", 7, 6)]
    public void Read_TooMany_IsRefused(string list, string item, int count, int most)
    {
        var items = string.Concat(Enumerable.Range(0, count).Select(at => $"  {item.Replace("name: a", $"name: a{at}", StringComparison.Ordinal)
            .Replace("2026-01-01", new NodaTime.LocalDate(2026, 1, 1).PlusDays(at).ToString("uuuu-MM-dd", null), StringComparison.Ordinal)}\n"));

        var faults = Faults($"name: a\nzone: UTC\nvalidFrom: 2026-01-01\n{list}:\n{items}");

        Assert.Contains(new TariffFault(4, new TariffRefused.TooMany(list, count, most)), faults);
        Assert.True(faults.Count <= TariffFile.MostFaults);
    }

    [Theory]
    [InlineData("name: a: b", "NotYaml", 1)]
    [InlineData("name: a\nzone: \"UTC", "NotYaml", 2)]
    [InlineData("", "Missing", 1)]
    [InlineData("# nothing", "Missing", 1)]
    [InlineData("- name: a", "Malformed", 1)]
    [InlineData("just text", "Malformed", 1)]
    [InlineData("name: &a b\nzone: UTC", "NotPlain", 1)]
    [InlineData("name: b\nzone: *a", "NotPlain", 2)]
    [InlineData("name: !!str b", "NotPlain", 1)]
    [InlineData("name: !<tag:x> b", "NotPlain", 1)]
    [InlineData("name: b\n<<: c", "UnknownMember", 2)]
    [InlineData("name: b\n? [a]\n: c", "NotPlain", 2)]
    [InlineData("name: a\n---\nname: b", "NotPlain", 2)]
    [InlineData("name: [[[[[[[a]]]]]]]", "NotPlain", 1)]
    public void Read_OtherThanPlainYaml_IsRefused(string text, string reason, long line) =>
        Assert.Contains(Faults(text), fault => fault.Refused.Reason == reason && fault.Line == line);

    [Fact]
    public void Read_TooLargeOrNoText_IsRefused()
    {
        Assert.IsType<TariffRefused.Oversized>(Assert.Single(TariffFile.Read(new byte[TariffFile.MostBytes + 1]).Faults).Refused);
        Assert.IsType<TariffRefused.NotYaml>(Assert.Single(TariffFile.Read([0x6e, 0xff, 0xfe]).Faults).Refused);
    }

    [Fact]
    public void Read_ManyThingsWrong_TellsThemInTheOrderOfTheLines()
    {
        var faults = Faults(Sample.Replace("price", "prise", StringComparison.Ordinal).Replace("2026-01-15", "soon", StringComparison.Ordinal));

        Assert.True(faults.Count > 5);
        Assert.Equal(faults.OrderBy(fault => fault.Line), faults);
    }

    private static Tariff Read(string text)
    {
        var (tariff, faults) = TariffFile.Read(Encoding.UTF8.GetBytes(text));
        Assert.Empty(faults);
        return tariff!;
    }

    private static IReadOnlyList<TariffFault> Faults(string text)
    {
        var (tariff, faults) = TariffFile.Read(Encoding.UTF8.GetBytes(text));
        Assert.Null(tariff);
        return faults;
    }
}
