using System.Net.Http.Json;
using System.Text.Json;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Node.Billing;
using Busbar.Node.Tests.Api;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Billing;

/// <summary>Debts from before the accounts: each line is held against houses and ledger before anybody signs it.</summary>
public sealed class OpeningArrearsTests(BilledVillage shared) : IClassFixture<BilledVillage>
{
    [EngineTheory]
    [InlineData("House 9", "12.5", "", "unknownHouse")]
    [InlineData("0x7777777777777777777777777777777777777777777777777777777777777777", "12.5", "", "unknownHouse")]
    [InlineData("house 1", "12,5", "", "notANumber")]
    [InlineData("house 1", "1.0000000000000000001", "", "notANumber")]
    [InlineData("house 1", "0", "", "zero")]
    [InlineData("house 1", "-3", "", "zero")]
    [InlineData("house 1", "39614081258", "", "tooMuch")]
    [InlineData("house 1", "12.5", "a reference that has more than 32 bytes", "longReference")]
    [InlineData("HOUSE 1", "12.5", "page 18", "hasBills")]
    public async Task Line_ThatCannotBeBooked_SaysWhy(string house, string amount, string reference, string fault)
    {
        await shared.CommunityAsync();
        var told = Assert.Single(await CheckAsync((7, house, amount, reference)));

        Assert.Equal((7, "refused", fault), (told.GetProperty("line").GetInt32(), Text(told, "state"), Text(told, "fault")));
    }

    [EngineFact]
    public async Task Line_OfAHouseThatWasThereBefore_NamesTheLine()
    {
        await shared.CommunityAsync();
        var told = await CheckAsync((2, "house 1", "1", ""), (3, shared.PremisesOf(0).ToString(), "2", ""));

        Assert.Equal(("twice", 2), (Text(told[1], "fault"), told[1].GetProperty("other").GetInt32()));
        Assert.Equal("house 1", Text(told[1], "name"));
    }

    [Fact]
    public void Line_OfAHouseWithoutAnAccount_RefusedUntilItHasOne()
    {
        var premises = new PremisesId(Cryptography.Keccak256.Hash("a house"u8));
        var houses = new[] { new House(default, "House 1", MeterKind.Premises, new(1), premises) };

        var told = Assert.Single(OpeningArrears.Check([new(2, "House 1", "12.5", "page 18")], houses, new Ledger.Indexing.MoneyView(null).Billing));

        Assert.Equal((ArrearsFault.NoAccount, premises, Coin.Parse("12.5")), (told.Fault, told.Premises, told.Amount));
        Assert.Equal("page 18", ReferenceWord.Read(told.Reference!.Value));
    }

    [Fact]
    public void Most_OneWeiMore_TheLedgerDoesNotCountIt()
    {
        var premises = new PremisesId(Cryptography.Keccak256.Hash("a house"u8));
        var houses = new[] { new House(default, "House 1", MeterKind.Premises, new(1), premises) };
        ArrearsFault? Fault(Coin amount) =>
            OpeningArrears.Check([new(2, "House 1", amount.ToString(), "")], houses, new Ledger.Indexing.MoneyView(null).Billing)[0].Fault;

        Assert.Equal(ArrearsFault.NoAccount, Fault(OpeningArrears.Most));
        Assert.Equal(ArrearsFault.TooMuch, Fault(OpeningArrears.Most + Coin.FromWei((Int128)1)));
    }

    [EngineTheory]
    [InlineData("{}")]
    [InlineData("{\"rows\":[]}")]
    [InlineData("{\"rows\":[null]}")]
    public async Task Check_AFormThatIsNone_Refused(string form)
    {
        await shared.CommunityAsync();
        using var answer = await shared.Operator.PostAsync("arrears/check", new StringContent(form, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(400, (int)answer.StatusCode);
    }

    [EngineFact]
    public async Task Check_ByAHousehold_NotAllowed()
    {
        await shared.CommunityAsync();
        using var answer = await shared.Household.PostAsJsonAsync("arrears/check", new { rows = new[] { new { line = 1, house = "house 1", amount = "1" } } });
        Assert.Equal(403, (int)answer.StatusCode);
    }

    private async Task<IReadOnlyList<JsonElement>> CheckAsync(params (int Line, string House, string Amount, string Reference)[] rows)
    {
        using var answer = await shared.Operator.PostAsJsonAsync(
            "arrears/check", new { rows = rows.Select(row => new { line = row.Line, house = row.House, amount = row.Amount, reference = row.Reference }) });
        Assert.Null(await DescribedAnswers.FaultAsync(answer));
        return [.. JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("items").EnumerateArray()];
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
