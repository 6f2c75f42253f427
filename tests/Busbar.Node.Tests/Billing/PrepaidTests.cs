using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Bills;
using Busbar.Node.Cash;
using Busbar.Node.Tests.Testing;
using NodaTime;
using Payments = Busbar.Ledger.Contracts.Payments;

namespace Busbar.Node.Tests.Billing;

/// <summary>A household that pays beforehand, on a real node: a bill a day out of what it set aside, and cash that brings the permit back.</summary>
public sealed class PrepaidTests
{
    private const int Day = 96;

    [EngineFact]
    public async Task Prepaid_BilledEachDayFromWhatIsSetAside_AndTheCashDeskTopsItUp()
    {
        using var holder = PrivateKey.FromSeed("who pays beforehand"u8);
        await using var community = new TestCommunity(new TestMeter("house 1") { Holder = holder }) { IsOpen = false };
        await community.OpenAsync(0);
        await BilledVillage.PublishAsync(community, BilledVillage.Yaml.Replace("validUntil: 2026-06-22", "", StringComparison.Ordinal));
        await community.RunAsync(0, 4);
        var premises = community.Keys.PremisesOf(community.Meters[0].Id);
        await BilledVillage.SendAsync(
            community, community.Keys.Operator, community.Node.Contracts.Money!.Payments, Payments.EncodeSetPrepaid(premises.Value, true));
        PremisesAccount Account() => community.Node.Parts.Ledger!.Money.Billing.Find(premises)!;
        Assert.True(Account().IsPrepaid);

        // Nothing is set aside: the day's bill is owed, and the permit ends where the use is billed.
        await RunDayAsync(1);
        var first = Assert.Single(Account().Bills)[0];
        Assert.Equal((TestCommunity.At(Day), first.Bill.Amount), (Account().PrepaidUntil, Account().Debt));

        // Cash for five such days pays it, and what is left reaches four days on, in the block that books it.
        var draft = new CashDraft(
            CashDirection.Received, CashMeans.Cash, "1", premises, Coin.FromWei(first.Bill.Amount.Wei * 5), CashUse.Bills, "", "clerk");
        Assert.IsType<CashOutcome.Booked>(await community.Node.Parts.Cash!.BookAsync(draft, default));
        Assert.Equal(Coin.Zero, Account().Debt);
        var reach = Account().PrepaidUntil - TestCommunity.At(Day);
        Assert.InRange(reach.TotalDays, 3.5, 4.1);

        // The next day comes out of it by itself.
        await RunDayAsync(2);
        Assert.Equal(2, Account().Bills.Count);
        Assert.Equal(Coin.Zero, Account().Debt);
        Assert.True(Account().PrepaidUntil > community.Now + Duration.FromDays(2));
        Assert.Empty((await community.Node.BooksAsync(default))!.Faults);

        async Task RunDayAsync(int day)
        {
            await community.StepAsync(day * Day, [.. community.Meters]);
            await community.StepAsync((day * Day) + 1, [.. community.Meters]);
            await community.StepAsync((day * Day) + 4, [.. community.Meters]);
            await community.Node.FollowedAsync(default);
        }
    }
}
