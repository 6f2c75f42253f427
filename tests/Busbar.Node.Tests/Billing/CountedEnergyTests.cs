using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ledger.Bills;
using Busbar.Ledger.Trading;
using Busbar.Node.Tests.Testing;
using NodaTime;
using ChannelsContract = Busbar.Ledger.Contracts.Channels;
using Members = Busbar.Ledger.Contracts.Members;
using Vault = Busbar.Ledger.Contracts.Vault;

namespace Busbar.Node.Tests.Billing;

/// <summary>Two neighbours with a channel, on a real node: what both meters showed is on the bill of neither.</summary>
public sealed class CountedEnergyTests
{
    private const int End = BilledVillage.End;
    private const byte Prosumer = 3;

    private static readonly Energy Sent = Energy.FromMilliwattHours(50_000);

    [EngineFact]
    public async Task Bill_OfEnergyPaidThroughAChannel_IsForTheRestAndTheBooksAgree()
    {
        using var payer = PrivateKey.FromSeed("who pays as they go"u8);
        using var payee = PrivateKey.FromSeed("whose roof it is"u8);
        TestMeter[] meters = [new("house 1") { Holder = payer }, new("house 2") { Holder = payee }];
        await using var community = new TestCommunity(meters) { IsOpen = false };
        await community.OpenAsync(0);
        await BilledVillage.PublishAsync(community, BilledVillage.Yaml);
        await community.RunAsync(0, 4);
        var contracts = community.Node.Contracts;
        await BilledVillage.SendAsync(
            community, community.Keys.Regulator, contracts.Members, Members.EncodeChangeRole(payee.Address, Prosumer));
        await BilledVillage.SendAsync(
            community,
            community.Keys.Operator,
            contracts.Money!.Vault,
            Vault.EncodeDepositFor(payer.Address, (UInt128)Coin.FromCoins(1).Wei),
            Coin.FromCoins(1));
        var end = (ulong)(community.Now + Duration.FromHours(6)).ToUnixTimeSeconds();
        await BilledVillage.SendAsync(
            community,
            payer,
            contracts.Channels!.Value,
            ChannelsContract.EncodeOpen(payee.Address, payer.Address, 1_000_000_000_000_000, end, (UInt128)Coin.FromCoins(1).Wei));
        var channel = Assert.Single(community.Node.Parts.Ledger!.Channels.All);
        var turn = new ChannelTurn(
            channel.Channel.Terms,
            TestCommunity.Grid,
            meters[1].Id,
            meters[0].Id,
            Sent,
            Energy.Zero,
            channel.Channel.Terms.Opened,
            channel.Channel.Terms.Opened + Duration.FromHours(1),
            LossShare: 200);
        // 2 % may be lost on the way: the sink's figure is the lower one.
        var call = turn.CountCall(
            contracts.Channels.Value,
            Sign(community, turn, meters[1], EnergyFlow.Export, Energy.FromMilliwattHours(52_000)),
            Sign(community, turn, meters[0], EnergyFlow.Import, Sent));
        await BilledVillage.SendAsync(community, community.Keys.Operator, contracts.Channels.Value, call.Data.ToArray());

        await community.StepAsync(End, meters);
        await community.StepAsync(End + 1, meters);
        await community.StepAsync(End + 4, meters);
        await community.Node.FollowedAsync(default);

        Assert.Equal(Sent, community.Node.Parts.Ledger.Channels.Find(channel.Channel.Id)!.Counted);
        var (bought, sold) = (BillOf(community, 0), BillOf(community, 1));
        Assert.Equal((Sent, Energy.Zero), (BillFacts.UsageOf(bought).Bought, BillFacts.UsageOf(bought).Sold));
        Assert.Equal((Energy.Zero, Sent), (BillFacts.UsageOf(sold).Bought, BillFacts.UsageOf(sold).Sold));
        var without = BillFacts.UsageOf(bought) with { Bought = Energy.Zero, Imported = BillFacts.UsageOf(bought).Imported - Sent };
        Assert.Equal(bought.Bill.Amount, BillArithmetic.Compute(TariffOf(community, bought), without).Amounts!.Total);
        Assert.Empty((await community.Node.BooksAsync(default))!.Faults);
        Assert.Empty((await community.Node.MarketTotalsAsync(default))!.Faults);
    }

    private static BillVersion BillOf(TestCommunity community, int house) => Assert.Single(
        Assert.Single(community.Node.Parts.Ledger!.Money.Billing.Find(community.Keys.PremisesOf(community.Meters[house].Id))!.Bills));

    private static LedgerTariff TariffOf(TestCommunity community, BillVersion version) =>
        community.Node.Parts.Ledger!.Money.Billing.Tariff(version.Opening!.Tariff)!.Tariff;

    private static SignedSpan Sign(TestCommunity community, ChannelTurn turn, TestMeter meter, EnergyFlow flow, Energy energy)
    {
        var registers = meter.RegistersAt(4);
        var from = flow == EnergyFlow.Export ? registers.Export : registers.Import;
        var span = new SpanReport(
            turn.Id, meter.Id, flow, turn.Opened, turn.Opened + Duration.FromMinutes(10), from, from.Advance(energy));
        return SignedSpan.Sign(span, community.Domain, meter.Key);
    }
}
