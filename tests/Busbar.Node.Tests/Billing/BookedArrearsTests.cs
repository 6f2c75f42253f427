using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Node.Billing;
using Busbar.Node.Tests.Testing;
using Payments = Busbar.Ledger.Contracts.Payments;

namespace Busbar.Node.Tests.Billing;

/// <summary>Debts from before the accounts on a real ledger: checked, signed by the regulator, recognised, and in the books.</summary>
public sealed class BookedArrearsTests
{
    [EngineFact]
    public async Task Arrears_BookedAsTheyWereChecked_RecognisedWhenTheListComesAgain_AndTheBooksAgree()
    {
        await using var community = await TestCommunity.StartAsync(
            new TestMeter("house 1") { Holder = PrivateKey.FromSeed("who owes from before"u8) },
            new TestMeter("house 2") { Holder = PrivateKey.FromSeed("who owes a wei"u8) });
        await BilledVillage.PublishAsync(community, BilledVillage.Yaml);
        await community.RunAsync(0, 4);
        var list = new ArrearsLine[] { new(2, "house 1", "12.5", "page 18"), new(3, "House 2", "0.000000000000000001", "") };

        var ready = Check(community, list);
        Assert.All(ready, one => Assert.Equal((null, false), (one.Fault, one.IsBooked)));
        var inputs = ready.Select(one => new Payments.ArrearsInput(one.Premises!.Value.Value, (UInt128)one.Amount!.Value.Wei, one.Reference!.Value));
        await BilledVillage.SendAsync(
            community, community.Keys.Regulator, community.Node.Contracts.Money!.Payments, Payments.EncodeBookArrears([.. inputs]));

        Assert.All(Check(community, list), one => Assert.Equal((null, true), (one.Fault, one.IsBooked)));
        var others = Check(community, [list[0] with { Amount = "12.6" }, list[1] with { Reference = "another" }]);
        Assert.All(others, one => Assert.Equal((ArrearsFault.HasBills, false), (one.Fault, one.IsBooked)));
        var books = await community.Node.BooksAsync(default);
        Assert.Empty(books!.Faults);
        Assert.Equal((2, Coin.Parse("12.500000000000000001")), (books.Totals.Bills, books.Totals.Arrears));
    }

    private static IReadOnlyList<CheckedArrears> Check(TestCommunity community, IReadOnlyList<ArrearsLine> lines) =>
        OpeningArrears.Check(lines, community.Node.Parts.Houses!.All(), community.Node.Parts.Ledger!.Money.Billing);
}
