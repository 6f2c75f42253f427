using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Node.Api;
using Busbar.Node.Tests.Api;
using Busbar.Node.Tests.Testing;
using Payments = Busbar.Ledger.Contracts.Payments;

namespace Busbar.Node.Tests.Billing;

/// <summary>Bills, accounts and arrears over HTTP: what they say, what they follow from, and to whom.</summary>
public sealed class BillsApiTests(BilledVillage shared) : IClassFixture<BilledVillage>
{
    private const long Coins = 1_000_000_000_000_000_000;

    [EngineFact]
    public async Task Bill_OfAHousehold_FollowsFromItsTwoReadingsAndTheirProofs()
    {
        var community = await shared.CommunityAsync();
        var meter = community.Meters[0];
        var row = Assert.Single((await BilledVillage.TakeAsync(shared.Household, $"bills?premises={shared.PremisesOf(0)}")).GetProperty("items").EnumerateArray());
        var bill = await BilledVillage.TakeAsync(shared.Household, $"bills/1?premises={shared.PremisesOf(0)}");

        Assert.Equal(row.ToString(), bill.GetProperty("bill").ToString());
        Assert.Equal(("open", "NPR", "2026-06-22T00:00:00Z"), (Text(row, "state"), Text(row, "currency"), Text(row, "end")));
        Assert.Equal((true, JsonValueKind.Null), (bill.GetProperty("verified").GetBoolean(), bill.GetProperty("fault").ValueKind));
        Assert.Equal("Village, first day", Text(bill.GetProperty("tariff"), "name"));
        var registers = new List<Registers>();
        foreach (var end in new[] { "opening", "closing" })
        {
            var reading = bill.GetProperty(end);
            var boundary = (int)((Forms.Read(Text(reading, "instant"))!.Value - TestCommunity.At(0)).TotalMinutes / 15);
            registers.Add(meter.RegistersAt(boundary));
            Assert.Equal(meter.Id.ToString(), Text(reading, "meter"));
            Assert.Equal(Number(registers[^1].Import.MilliwattHours), Text(reading, "importMwh"));
            var leaf = (await BilledVillage.TakeAsync(shared.Household, Text(reading, "proof")["/api/v1/".Length..])).GetProperty("leaf");
            Assert.Equal(Text(reading, "importMwh"), Text(leaf, "import"));
        }

        // 10 kWh at 0.01, the rest at 0.02, 5 per cent, less 0.005 for each kWh given.
        var (taken, given) = ((registers[1].Import - registers[0].Import).MilliwattHours, (registers[1].Export - registers[0].Export).MilliwattHours);
        BigInteger first = (BigInteger)10_000_000 * Coins / 100 / 1_000_000, rest = (BigInteger)(taken - 10_000_000) * Coins / 50 / 1_000_000;
        var (tax, credit) = ((first + rest) * 5 / 100, (BigInteger)given * Coins / 200 / 1_000_000);
        Assert.Equal(
            [("slab", first), ("slab", rest), ("tax", tax), ("exportCredit", -credit)],
            bill.GetProperty("lines").EnumerateArray().Select(line => (Text(line, "kind"), Wei(line, "amountWei"))).ToList());
        Assert.Equal(first + rest + tax - credit, Wei(bill, "totalWei"));
        Assert.Equal((Wei(bill, "totalWei"), Wei(bill, "totalWei")), (Wei(row, "amountWei"), Wei(row, "outstandingWei")));
    }

    [EngineFact]
    public async Task Bill_WhoseTotalIsAnother_NotVerifiedAndSaysWhy()
    {
        var community = await shared.CommunityAsync();
        var billing = community.Node.Parts.Ledger!.Money.Billing;
        var account = billing.Find(shared.PremisesOf(0))!;
        var version = account.Bills[0][0];
        var forms = new BillForms(billing.Tariff, IntervalLength.Default, community.Now);
        var dearer = version with { Bill = version.Bill with { Amount = version.Bill.Amount + Coin.FromWei((Int128)1) } };

        Assert.True(forms.Document(account, 1, 1).Verified);
        var told = forms.Document(account with { Bills = [[dearer]] }, 1, 1);
        Assert.False(told.Verified);
        Assert.Contains("comes to", told.Fault, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Arrears_NobodyMeteredThem_NoLinesAndNotVerified()
    {
        var community = await shared.CommunityAsync();
        var billing = community.Node.Parts.Ledger!.Money.Billing;
        var account = billing.Find(shared.PremisesOf(0))!;
        var version = account.Bills[0][0];
        var old = version with { Opening = null, Closing = null, Bill = version.Bill with { Flags = BillFlags.Arrears } };
        var told = new BillForms(billing.Tariff, IntervalLength.Default, community.Now)
            .Document(account with { Bills = [[old]], Due = [old.Bill] }, 1, 1);

        Assert.Equal((false, null, 0, null), (told.Verified, told.Tariff, told.Lines.Count, told.Bill.ImportMwh));
        Assert.Equal(["arrears"], told.Bill.Flags);
    }

    [EngineFact]
    public async Task Premises_OfANeighbour_NotThere_ToTheOperatorAllAre()
    {
        await shared.CommunityAsync();
        var (own, other, none) = (shared.PremisesOf(0), shared.PremisesOf(1), $"0x{new string('7', 64)}");
        foreach (var path in (string[])["bills", "bills.csv", "bills/1", "account"])
        {
            Assert.Equal((404, "NotFound"), await Village.RefusalAsync(shared.Household, $"{path}?premises={other}"));
            Assert.Equal((404, "NotFound"), await Village.RefusalAsync(shared.Operator, $"{path}?premises={none}"));
            Assert.Equal((404, "NotFound"), await Village.RefusalAsync(shared.Operator, path));
            Assert.Equal((401, "SignInFirst"), await Village.RefusalAsync(shared.Nobody, $"{path}?premises={own}"));
            using var seen = await shared.Operator.GetAsync($"{path}?premises={other}");
            Assert.Equal(200, (int)seen.StatusCode);
        }

        Assert.Equal((403, "NotAllowed"), await Village.RefusalAsync(shared.Household, "arrears"));
        Assert.Equal((404, "NotFound"), await Village.RefusalAsync(shared.Household, $"bills/2?premises={own}"));
        Assert.Equal((404, "NotFound"), await Village.RefusalAsync(shared.Household, $"bills/1?premises={own}&version=2"));
        Assert.Equal((400, "BadRequest"), await Village.RefusalAsync(shared.Household, $"bills?premises={own}&cursor=0"));
        Assert.Equal((400, "BadRequest"), await Village.RefusalAsync(shared.Operator, "arrears?cursor=1"));
        Assert.Empty((await BilledVillage.TakeAsync(shared.Household, $"bills?premises={own}&cursor=1")).GetProperty("items").EnumerateArray());
    }

    [EngineFact]
    public async Task Tariffs_ForAnyone_WithTheirTextAndWhatTheLedgerChargesBy()
    {
        await shared.CommunityAsync();
        var tariff = Assert.Single((await BilledVillage.TakeAsync(shared.Nobody, "tariffs")).EnumerateArray());
        var ledger = tariff.GetProperty("ledger");

        Assert.Equal((1, "Village, first day", JsonValueKind.Null), (tariff.GetProperty("number").GetInt32(), Text(tariff, "name"), tariff.GetProperty("fault").ValueKind));
        Assert.Contains("name: \"Levy\"", Text(tariff, "text"), StringComparison.Ordinal);
        Assert.Equal(("10000000", "10000000000000000"), (Text(ledger.GetProperty("slabs")[0], "upToMwh"), Text(ledger.GetProperty("slabs")[0], "priceWei")));
        Assert.Equal(JsonValueKind.Null, ledger.GetProperty("slabs")[1].GetProperty("upToMwh").ValueKind);
        Assert.Equal(("Levy", 500), (Text(ledger.GetProperty("taxes")[0], "name"), ledger.GetProperty("taxes")[0].GetProperty("share").GetInt32()));
    }

    [EngineFact]
    public async Task Csv_TheLinesOfTheBill()
    {
        await shared.CommunityAsync();
        var bill = await BilledVillage.TakeAsync(shared.Household, $"bills/1?premises={shared.PremisesOf(0)}");
        var lines = (await shared.Household.GetStringAsync($"bills.csv?premises={shared.PremisesOf(0)}"))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();

        Assert.Equal(lines[0].Length, lines[1].Length);
        Assert.Equal(
            bill.GetProperty("lines").EnumerateArray().Select(line => $"{Text(line, "kind")} {Text(line, "amountWei")}"),
            lines.Skip(1).Select(line => $"{line[6]} {line[11]}"),
            StringComparer.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.Equal(Text(bill, "totalWei"), line[12]));
    }

    [EngineFact]
    public async Task Payment_BySomebodyElseInPart_OnTheAccountWithItsTransaction_AndLessInArrears()
    {
        var community = await shared.CommunityAsync();
        var (payments, premises) = (community.Node.Contracts.Money!.Payments, shared.PremisesOf(1));
        var before = Wei(await BilledVillage.TakeAsync(shared.Operator, "arrears"), "totalWei");
        var part = Coin.FromWei((Int128)Coins / 10);
        var hash = await shared.SendAsync(shared.Friend, payments, Payments.EncodePay(premises.Value, (BigInteger)part.Wei), part);

        var account = await BilledVillage.TakeAsync(shared.Operator, $"account?premises={premises}");
        var paid = Assert.Single(account.GetProperty("payments").EnumerateArray());
        Assert.Equal((hash, shared.Friend.Address.ToString()), (Text(paid.GetProperty("place"), "transaction"), Text(paid, "account")));
        Assert.Equal((BigInteger)part.Wei, Wei(paid, "amountWei"));
        var bill = Assert.Single((await BilledVillage.TakeAsync(shared.Operator, $"bills?premises={premises}")).GetProperty("items").EnumerateArray());
        Assert.Equal(Wei(bill, "amountWei") - (BigInteger)part.Wei, Wei(bill, "outstandingWei"));
        Assert.Equal(Wei(bill, "outstandingWei"), Wei(account, "debtWei"));

        var arrears = await BilledVillage.TakeAsync(shared.Operator, "arrears?limit=2");
        Assert.Equal(before - (BigInteger)part.Wei, Wei(arrears, "totalWei"));
        var second = await BilledVillage.TakeAsync(shared.Operator, $"arrears?limit=2&cursor={Text(arrears, "next")}");
        var rows = arrears.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).ToList();
        Assert.Equal(3, rows.DistinctBy(row => Text(row, "premises"), StringComparer.Ordinal).Count());
        Assert.Equal(Wei(arrears, "totalWei"), rows.Aggregate(BigInteger.Zero, (sum, row) => sum + Wei(row, "debtWei")));
        Assert.Equal("house 2", Text(rows.Single(row => Text(row, "premises") == premises.ToString()), "name"));
    }

    [EngineFact]
    public async Task Dispute_ByTheHolder_SaidOfTheBill_AndThePermitNoLongerEnds()
    {
        var community = await shared.CommunityAsync();
        var premises = shared.PremisesOf(2);
        var account = await BilledVillage.TakeAsync(shared.Operator, $"account?premises={premises}");
        Assert.Equal((JsonValueKind.String, true), (account.GetProperty("deadline").ValueKind, account.GetProperty("permitted").GetBoolean()));
        await shared.SendAsync(community.Meters[2].Holder!, community.Node.Contracts.Money!.Payments, Payments.EncodeDispute(premises.Value, 1));

        var bill = Assert.Single((await BilledVillage.TakeAsync(shared.Operator, $"bills?premises={premises}")).GetProperty("items").EnumerateArray());
        Assert.Equal(("disputed", "disputed"), (Text(bill, "state"), bill.GetProperty("flags")[0].GetString()));
        account = await BilledVillage.TakeAsync(shared.Operator, $"account?premises={premises}");
        Assert.Equal(JsonValueKind.Null, account.GetProperty("deadline").ValueKind);
        Assert.Equal(community.Meters[2].Holder!.Address.ToString(), Text(account.GetProperty("vault"), "account"));
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static BigInteger Wei(JsonElement of, string name) => BigInteger.Parse(Text(of, name), CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
