using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using Busbar.Node.Billing.Tariffs;
using FsCheck;
using FsCheck.Fluent;

namespace Busbar.Node.Tests.Billing;

/// <summary>From YAML to the tariff, to the ledger with its document, and back.</summary>
public sealed class TariffRoundTests
{
    private static readonly Address Operator = Address.Parse("0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c");

    public static TheoryData<string> Samples => [.. Directory.GetFiles(Path.Combine(Root(), "samples", "tariffs"), "*.yaml").Select(path => Path.GetFileName(path))];

    [Fact]
    public void FromLedger_AnyTariff_IsTheSameAgain() => Prop.ForAll(RandomBilling.Seeds, seed =>
    {
        var tariff = new RandomBilling(seed).Tariff();
        var ledger = tariff.ToLedger(Operator);
        var document = Document(tariff);

        var (again, faults) = TariffFile.FromLedger(ledger, document);

        Assert.Empty(faults);
        Assert.Equal(tariff, again);
        Assert.Equal(ledger, again!.ToLedger(Operator));
        Assert.Equal(document, Document(again));
        Assert.Equal(Keccak256.Hash(document), ledger.Document);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Sample_OnTheLedgerAndBack_IsTheSame(string name)
    {
        var (tariff, faults) = TariffFile.Read(File.ReadAllBytes(Path.Combine(Root(), "samples", "tariffs", name)));
        Assert.Empty(faults);

        Assert.Equal(tariff, TariffFile.FromLedger(tariff!.ToLedger(Operator), Document(tariff)).Tariff);
    }

    [Fact]
    public void FromLedger_AnyOtherNumber_IsRefusedByItsMember()
    {
        var tariff = Rich();
        var (ledger, document) = (tariff.ToLedger(Operator), Document(tariff));
        LedgerSlab[] slabs = [.. ledger.Slabs];
        LedgerTaxLine[] taxes = [.. ledger.Taxes];
        Price[] bands = [.. ledger.BandPrices];
        var one = Coin.FromWei(Int128.One);
        (string, LedgerTariff)[] others =
        [
            ("payee", ledger with { Payee = Operator }),
            ("validFrom", ledger with { ValidFrom = ledger.ValidFrom + 1 }),
            ("validUntil", ledger with { ValidUntil = ledger.ValidUntil + 1 }),
            ("due", ledger with { DueSeconds = ledger.DueSeconds + 1 }),
            ("grace", ledger with { GraceSeconds = ledger.GraceSeconds + 1 }),
            ("period", ledger with { NominalSeconds = 0 }),
            ("fixedCharge", ledger with { FixedCharge = ledger.FixedCharge + one }),
            ("minimumCharge", ledger with { MinimumCharge = ledger.MinimumCharge + one }),
            ("export", ledger with { ExportPrice = Price.FromWeiPerKilowattHour(1) }),
            ("export", ledger with { CarriesEnergy = !ledger.CarriesEnergy }),
            ("bands", ledger with { BandPrices = [bands[1], bands[0], bands[2], bands[3]] }),
            ("slabs", ledger with { Slabs = [slabs[0] with { UpTo = slabs[0].UpTo + 1 }, .. slabs[1..]] }),
            ("slabs", ledger with { Slabs = [slabs[0] with { FixedCharge = slabs[0].FixedCharge + one }, .. slabs[1..]] }),
            ("slabs", ledger with { Slabs = [.. slabs[1..]] }),
            ("taxes", ledger with { Taxes = [taxes[0] with { Share = (ushort)(taxes[0].Share + 1) }, .. taxes[1..]] }),
            ("taxes", ledger with { Taxes = [taxes[0] with { Name = default }, .. taxes[1..]] }),
        ];

        foreach (var (member, other) in others)
        {
            var (read, faults) = TariffFile.FromLedger(other, document);
            Assert.Null(read);
            Assert.Equal(new TariffRefused.LedgerDiffers(member), Assert.Single(faults).Refused);
        }
    }

    [Fact]
    public void FromLedger_OtherDocument_IsRefused()
    {
        var tariff = Rich();
        var ledger = tariff.ToLedger(Operator);
        var document = Document(tariff with { Name = "Another" });

        var (read, faults) = TariffFile.FromLedger(ledger, document);

        Assert.Null(read);
        Assert.Equal(new TariffRefused.OtherDocument(ledger.Document, Keccak256.Hash(document)), Assert.Single(faults).Refused);
    }

    [Fact]
    public void ToLedger_CivilDates_BeginWhereTheDayBeginsInItsZone()
    {
        var ledger = Rich().ToLedger(Operator);

        // 15 January 2026, 00:00 at +05:45.
        Assert.Equal((ulong)NodaTime.Instant.FromUtc(2026, 1, 14, 18, 15).ToUnixTimeSeconds(), ledger.ValidFrom);
        Assert.Equal((15u * 86_400, 72u * 3_600, 30u * 86_400), (ledger.DueSeconds, ledger.GraceSeconds, ledger.NominalSeconds));
        Assert.Equal([20_000_000, LedgerSlab.Unlimited], ledger.Slabs.Select(slab => slab.UpTo));
        Assert.StartsWith("0x56415400000000", ledger.Taxes[0].Name.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TheSameTariffWrittenOtherwise_HasOneText()
    {
        var one = Read("name: 'A'\nzone: UTC\nvalidFrom: 2026-01-01\nholidays: [2026-05-01, 2026-01-01]\nfixedCharge: 1.50\nweekend: [sunday, saturday]\n");
        var other = Read("# a comment\nfixedCharge: \"1.5\"\nholidays:\n- 2026-01-01\n- 2026-05-01\nvalidFrom: 2026-01-01\nzone: UTC\nname: A\nminimumCharge: 0\n");

        Assert.Equal(one, other);
        Assert.Equal(
            "form: 1\nname: \"A\"\nzone: \"UTC\"\nvalidFrom: 2026-01-01\nfixedCharge: 1.5\nholidays:\n  - 2026-01-01\n  - 2026-05-01\n",
            TariffDocument.Write(one));
    }

    private static Tariff Rich() => Read("""
        name: Rich
        zone: Asia/Kathmandu
        validFrom: 2026-01-15
        validUntil: 2027-01-15
        payee: "0x2b5ad5c4795c026514f8317c7a215e218dccd6cf"
        due: 15 days
        grace: 72 hours
        period: 30 days
        slabs: [{ upTo: 20, price: 3, fixedCharge: 30 }, { price: 8 }]
        bands: [{ name: Peak, price: 0.5, when: [{ hours: ["17:00-22:00"] }] }, { name: Other, price: 0 }]
        taxes: [{ name: VAT, percent: 13 }]
        """);

    private static Tariff Read(string text)
    {
        var (tariff, faults) = TariffFile.Read(Encoding.UTF8.GetBytes(text));
        Assert.Empty(faults);
        return tariff!;
    }

    private static byte[] Document(Tariff tariff) => Encoding.UTF8.GetBytes(TariffDocument.Write(tariff));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Busbar.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
