using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Tests.Doubles;
using Busbar.Ledger.Trading;
using NodaTime;

namespace Busbar.Ledger.Tests.Trading;

/// <summary>Energy that channels paid for, as the contracts on a real engine take it off bills.</summary>
public sealed class ChannelTurnTests
{
    private const long Energy4 = 4_000_000;
    private static readonly Instant Start = TestEngine.At(1);

    [EngineFact]
    public async Task Count_LowerFigureOfBoth_InTheTotalsOfBothMetersAndTheView()
    {
        await using var market = await TestMarket.StartAsync(Start);
        var channel = await market.OpenChannelAsync(Start);
        var turn = market.Turn(channel, Energy4);

        // 2 % of what left the seller may be lost, so 1.96 kWh are proven to have come.
        Assert.Null(await market.CountAsync(turn, sent: 2_000_000, arrived: 3_000_000));

        Assert.Equal((1_960_000UL, 0UL), await TradedAsync(market, market.BuyerMeter));
        Assert.Equal((0UL, 1_960_000UL), await TradedAsync(market, market.SellerMeter));
        var view = await market.ViewAsync();
        var counted = Assert.Single(view.Channels.Counted);
        Assert.Equal((channel.Channel.Id, turn.Id, 1_960_000L), (counted.Channel, counted.Turn, counted.Energy.MilliwattHours));
        Assert.Equal((market.SellerMeter, market.BuyerMeter), (counted.Source, counted.Sink));
        Assert.Equal(counted.Energy, view.Channels.Find(channel.Channel.Id)!.Counted);
        Assert.Null(view.Channels.Find(channel.Channel.Id)!.Ending);
        var there = await Channels.CountedOfAsync(market.Client, market.Contracts.Channels!.Value, turn.Id, BlockTag.Latest, default);
        Assert.Equal(1_960_000UL, there);
    }

    [EngineFact]
    public async Task Count_Twice_RefusedByNameAndNothingChanges()
    {
        await using var market = await TestMarket.StartAsync(Start);
        var turn = market.Turn(await market.OpenChannelAsync(Start), Energy4);
        Assert.Null(await market.CountAsync(turn, Energy4 * 2, Energy4 * 2));

        var again = await market.CountAsync(turn, Energy4 * 2, Energy4 * 2);

        Assert.Contains("NothingToCount", again, StringComparison.Ordinal);
        Assert.Equal(((ulong)Energy4, 0UL), await TradedAsync(market, market.BuyerMeter));
        Assert.Single((await market.ViewAsync()).Channels.Counted);
    }

    [EngineFact]
    public async Task Audit_BoardAndChannelOnTheSameMeters_AgreesUntilOneIsForgotten()
    {
        await using var market = await TestMarket.StartAsync(Start);
        await market.DemandAsync((ulong)Energy4, isFirstCome: true, Start);
        var wanted = Assert.Single((await market.ViewAsync()).Market.OpenDemands);
        await market.DemandsAsync(market.Seller, Demands.EncodeOfferToSell(wanted.Terms.ToWords(), direct: true), Start);
        await market.SettleAsync(Assert.Single((await market.ViewAsync()).Market.OpenDeliveries), 4_200_000, Energy4);
        var kept = (await market.Community.Chain.HeadAsync(default)).Number;
        var channel = await market.OpenChannelAsync(Start + Duration.FromHours(1));
        // The registers that the delivery had are used; what is beyond them is the turn's.
        Assert.Null(await market.CountAsync(market.Turn(channel, Energy4), 9_000_000, 5_000_000));
        var view = await market.ViewAsync();
        Assert.Equal(1_000_000, Assert.Single(view.Channels.Counted).Energy.MilliwattHours);
        Assert.Empty((await AuditAsync(market, view)).Faults);

        view.Channels.Apply(new ChainChange.BlocksTakenBack(kept));

        Assert.Empty(view.Channels.Counted);
        Assert.Null(view.Channels.Find(channel.Channel.Id));
        var fault = Assert.Single((await AuditAsync(market, view)).Faults);
        Assert.Contains("the ledger counts 5000000 mWh", fault.Detail, StringComparison.Ordinal);
    }

    private static async Task<(ulong Bought, ulong Sold)> TradedAsync(TestMarket market, MeterId meter)
    {
        var premises = Keccak256.Hash(meter == market.SellerMeter ? [1] : [2]);
        return await Storage.TradedOfAsync(market.Client, market.Contracts.Market!.Storage, meter.Key, premises, BlockTag.Latest, default);
    }

    private static async Task<MarketTotals> AuditAsync(TestMarket market, LedgerView view) =>
        (await MarketAudit.AuditAsync(view, market.Contracts, market.Client, (_, _) => Task.FromResult<Registers?>(null), default))!;
}
