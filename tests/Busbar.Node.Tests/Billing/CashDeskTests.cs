using System.Globalization;
using System.Net.Http.Json;
using System.Numerics;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Node.Cash;
using Busbar.Node.Tests.Api;
using Busbar.Node.Tests.Testing;
using Vault = Busbar.Ledger.Contracts.Vault;

namespace Busbar.Node.Tests.Billing;

/// <summary>Money over the counter: booked once, credited with the same transaction, and equal in book, coin and vault.</summary>
public sealed class CashDeskTests(BilledVillage shared) : IClassFixture<BilledVillage>
{
    [EngineFact]
    public async Task Received_ForBills_PaysWhatIsOwedAndSetsTheRestAside()
    {
        var community = await shared.CommunityAsync();
        var premises = shared.PremisesOf(0);
        var debt = Wei(await BilledVillage.TakeAsync(shared.Operator, $"account?premises={premises}"), "debtWei");
        var amount = debt + 1_000;

        var (status, row) = await BookAsync(new { direction = "received", means = "upi", number = "418712345678", premises = $"{premises}", amountWei = $"{amount}", note = "July" });

        Assert.Equal((201, "booked", "upi", "operator", "house 1"), (status, Text(row, "state"), Text(row, "means"), Text(row, "by"), Text(row, "name")));
        var account = await BilledVillage.TakeAsync(shared.Operator, $"account?premises={premises}");
        Assert.Equal((BigInteger.Zero, (BigInteger)1_000), (Wei(account, "debtWei"), Wei(account.GetProperty("vault"), "setAsideWei")));
        var book = await BilledVillage.TakeAsync(shared.Operator, "cash");
        var entry = Assert.Single(book.GetProperty("items").EnumerateArray(), one => Text(one, "number") == "418712345678");
        Assert.Equal(row.ToString(), entry.ToString());
        Assert.Equal(0, book.GetProperty("faults").GetArrayLength());
        Assert.Empty((await community.Node.BooksAsync(default))!.Faults);
        Assert.Contains("418712345678", await shared.Operator.GetStringAsync("cash.csv"), StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Received_ForTheBalance_IsFree_AndPaidOutOnlyAsFarAsItsOwnerAllowed()
    {
        var community = await shared.CommunityAsync();
        var (premises, holder) = (shared.PremisesOf(1), community.Meters[1].Holder!);
        Assert.Equal(201, (await BookAsync(Slip("paper-1", 5_000, use: "balance"))).Status);
        Assert.Equal((409, "LedgerRefused"), await RefusedAsync(PaidOut("paper-2", 2_000)));
        await shared.SendAsync(holder, community.Node.Contracts.Money!.Vault, Vault.EncodeAllowRedemption(2_000));

        var (status, row) = await BookAsync(PaidOut("paper-2", 2_000));

        Assert.Equal((201, "paidOut", "balance"), (status, Text(row, "direction"), Text(row, "use")));
        Assert.Equal((Int128)3_000, community.Node.Parts.Ledger!.Money.Vault.Find(holder.Address).Free.Wei);
        Assert.Equal((409, "LedgerRefused"), await RefusedAsync(PaidOut("paper-3", 1)));
        Assert.Empty((await community.Node.BooksAsync(default))!.Faults);

        object Slip(string number, int wei, string use) =>
            new { direction = "received", means = "cash", number, premises = $"{premises}", amountWei = $"{wei}", use };
        object PaidOut(string number, int wei) => new { direction = "paidOut", means = "cash", number, premises = $"{premises}", amountWei = $"{wei}" };
    }

    [EngineFact]
    public async Task Number_UsedBefore_Refused_WhateverTheCaseOfItsLetters_AlsoForTwoAtOnce()
    {
        await shared.CommunityAsync();
        var slip = new { direction = "received", means = "bank", number = "Transfer 7", premises = $"{shared.PremisesOf(2)}", amountWei = "11" };
        var answers = await Task.WhenAll(BookAsync(slip), BookAsync(slip), BookAsync(slip with { number = "TRANSFER 7" }));

        Assert.Equal([201, 409, 409], answers.Select(answer => answer.Status).Order());
        Assert.All(answers.Where(answer => answer.Status == 409), answer => Assert.Equal("NumberTaken", Text(answer.Row, "code")));
        Assert.Equal(201, (await BookAsync(slip with { means = "upi" })).Status);
    }

    [EngineFact]
    public async Task Book_OfAnotherAmountThanTheLedger_SaysSo()
    {
        var community = await shared.CommunityAsync();
        await BookAsync(new { direction = "received", means = "cash", number = "audit", premises = $"{shared.PremisesOf(2)}", amountWei = "77" });
        var ledger = community.Node.Parts.Ledger!.Money.Vault.Cash;
        var slips = (await community.Node.Store.Cash.AllAsync(default)).Select(slip => (slip.Reference, slip.Slip)).ToList();
        var place = slips.FindIndex(slip => slip.Slip.Number == "audit");
        Assert.Empty(CashAudit.Check(ledger, slips));

        var changed = slips.ToList();
        changed[place] = (slips[place].Reference, slips[place].Slip with { Amount = Coin.FromWei((Int128)78) });
        Assert.Equal(2, CashAudit.Check(ledger, changed).Count());
        slips.RemoveAt(place);
        Assert.Contains("no entry of the book", Assert.Single(CashAudit.Check(ledger, slips)).Detail, StringComparison.Ordinal);
    }

    [EngineTheory]
    [InlineData("direction", "taken")]
    [InlineData("means", "gold")]
    [InlineData("number", "")]
    [InlineData("number", "a\nb")]
    [InlineData("premises", "0x12")]
    [InlineData("amountWei", "0")]
    [InlineData("amountWei", "-5")]
    [InlineData("amountWei", "1.5")]
    [InlineData("amountWei", "1000000000000000000000000000001")]
    [InlineData("use", "beer")]
    [InlineData("note", "two\nlines")]
    public async Task Form_WithABadField_RefusedByName(string field, string value)
    {
        await shared.CommunityAsync();
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["direction"] = "received",
            ["means"] = "cash",
            ["number"] = "bad",
            ["premises"] = $"{shared.PremisesOf(2)}",
            ["amountWei"] = "5",
        };
        form[field] = value;
        var (status, problem) = await BookAsync(form);

        Assert.Equal((400, "InvalidField"), (status, Text(problem, "code")));
        Assert.StartsWith(field, Text(problem, "detail"), StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Book_AfterARestart_AsItWas_AndItsNumbersStayTaken()
    {
        using var holder = PrivateKey.FromSeed("who pays in cash"u8);
        await using var community = new TestCommunity(new TestMeter("house 1") { Holder = holder }) { IsOpen = false };
        await community.OpenAsync(0);
        var premises = community.Keys.PremisesOf(community.Meters[0].Id);
        var slip = new CashDraft(CashDirection.Received, CashMeans.Upi, "7", premises, Coin.FromCoins(2), CashUse.Balance, "", "clerk");
        var booked = Assert.IsType<CashOutcome.Booked>(await community.Node.Parts.Cash!.BookAsync(slip, default)).Line;

        await community.CloseAsync();
        await community.OpenAsync(0);

        Assert.Equal(booked, Assert.Single(community.Node.Parts.Cash!.Lines()));
        Assert.Equal(Coin.FromCoins(2), community.Node.Parts.Ledger!.Money.Vault.Find(holder.Address).Free);
        Assert.IsType<CashOutcome.NumberTaken>(await community.Node.Parts.Cash.BookAsync(slip with { Number = "7" }, default));
        Assert.Empty(community.Node.Parts.Cash.Audit());
    }

    [EngineFact]
    public async Task Desk_OfNobodyElse()
    {
        await shared.CommunityAsync();
        Assert.Equal((403, "NotAllowed"), await Village.RefusalAsync(shared.Household, "cash"));
        var premises = $"0x{new string('9', 64)}";
        Assert.Equal((409, "NoHolder"), await RefusedAsync(new { direction = "received", means = "cash", number = "none", premises, amountWei = "5" }));
        using var answer = await shared.Household.PostAsJsonAsync("cash", new { direction = "received", means = "cash", number = "x", premises, amountWei = "5" });
        Assert.Equal(403, (int)answer.StatusCode);
    }

    private async Task<(int Status, JsonElement Row)> BookAsync(object form)
    {
        using var answer = await shared.Operator.PostAsJsonAsync("cash", form);
        Assert.Null(await DescribedAnswers.FaultAsync(answer));
        return ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    private async Task<(int Status, string Code)> RefusedAsync(object form)
    {
        var (status, problem) = await BookAsync(form);
        return (status, Text(problem, "code"));
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static BigInteger Wei(JsonElement of, string name) => BigInteger.Parse(Text(of, name), CultureInfo.InvariantCulture);
}
