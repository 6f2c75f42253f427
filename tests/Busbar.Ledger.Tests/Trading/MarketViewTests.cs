using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Tests.Doubles;
using Busbar.Ledger.Trading;
using NodaTime;

namespace Busbar.Ledger.Tests.Trading;

/// <summary>The board by its events, held to the contracts on a real engine.</summary>
public sealed class MarketViewTests
{
    private const ulong Energy4 = 4_000_000;
    private static readonly Instant Start = TestEngine.At(1);
    private static readonly UInt128 Price = 100_000_000_000_000_000;

    [EngineFact]
    public async Task Demand_OfferedAcceptedDeliveredInPart_EveryStepAsTheLedgerHasIt()
    {
        await using var market = await TestMarket.StartAsync(Start);
        await market.DemandAsync(Energy4, isFirstCome: false, Start);
        var wanted = Assert.Single((await market.ViewAsync()).Market.OpenDemands);
        Assert.Equal((market.Buyer.Address, wanted.Terms.Id()), (wanted.Terms.Buyer, wanted.Id));
        Assert.Equal((Price, 500, false), (wanted.Terms.Price.WeiPerKilowattHour, wanted.Terms.TaxShare, wanted.Terms.IsFirstCome));
        Assert.Equal((wanted.Posted.Time, Start + Duration.FromDays(1)), (wanted.Terms.Posted, wanted.Terms.Until));
        Assert.Equal(Coin.Parse("0.42"), wanted.Terms.Locked);
        Assert.Equal(wanted.Terms.Locked, await market.LockedForDemandAsync(wanted.Id));

        await market.DemandsAsync(market.Seller, Demands.EncodeOfferToSell(wanted.Terms.ToWords(), direct: true), Start);
        var offer = Assert.Single((await market.ViewAsync()).Market.Demand(wanted.Id)!.Offers);
        Assert.Equal((market.Seller.Address, false), (offer.Seller, offer.IsStored));

        await market.DemandsAsync(market.Buyer, Demands.EncodeAccept(wanted.Terms.ToWords(), market.Seller.Address), Start);
        var view = (await market.ViewAsync()).Market;
        var delivery = Assert.Single(view.OpenDeliveries);
        Assert.Empty(view.OpenDemands);
        Assert.Equal((delivery.Id, true), (view.Demand(wanted.Id)!.Delivery, view.Demand(wanted.Id)!.Closed is not null));
        var terms = delivery.Terms;
        Assert.Equal((terms.Id(), wanted.Id), (delivery.Id, terms.Origin));
        Assert.Equal((market.SellerMeter, market.BuyerMeter), (terms.Source, terms.Sink));
        Assert.Equal((Coin.Parse("0.4"), Coin.Parse("0.008")), (terms.Share, terms.Tax));
        Assert.Equal(terms.Share + terms.Tax, await market.LockedAsync(delivery.Id));
        Assert.Equal(view.Terms!.Tax.TaxOn(terms.Share, Energy.Zero, terms.Energy), terms.Tax);
        Assert.Equal((delivery.Opened.Time, delivery.Opened.Time + view.Terms.DeliveryTime), (terms.Opened, terms.Deadline));
        Assert.Equal(Energy.FromMilliwattHours((long)Energy4), view.BoughtOnDayOf(market.Buyer.Address, Start));
        Assert.Equal(Energy.Zero, view.BoughtOnDayOf(market.Buyer.Address, Start + Duration.FromDays(1)));

        // What left the seller, less 2 %, is lower than what the buyer's meter counted.
        await market.SettleAsync(delivery, sent: 2_000_000, arrived: 3_000_000);
        var settled = (await market.ViewAsync()).Market.Delivery(delivery.Id)!;
        var (share, tax) = terms.DueFor(Energy.FromMilliwattHours(1_960_000));
        Assert.Equal((DeliveryStage.Settled, Energy.FromMilliwattHours(1_960_000)), (settled.Stage, settled.Delivered));
        Assert.Equal((share, tax, terms.Share + terms.Tax - share - tax), (settled.PaidShare, settled.PaidTax, settled.Refunded));
        Assert.Equal(Coin.Zero, await market.LockedAsync(delivery.Id));
        var use = await Storage.UseOfAsync(market.Client, market.Contracts.Market!.Storage, terms.Sink.Key, BlockTag.Latest, default);
        Assert.Equal((1_960_000UL, 3_000_000UL - 1_040_000), (use.Bought, use.Imported));
    }

    [EngineFact]
    public async Task Dispute_OpenedAndDecided_AsTheLedgerHasIt()
    {
        await using var market = await TestMarket.StartAsync(Start);
        await market.DemandAsync(Energy4, isFirstCome: true, Start);
        var wanted = Assert.Single((await market.ViewAsync()).Market.OpenDemands);
        await market.DemandsAsync(market.Seller, Demands.EncodeOfferToSell(wanted.Terms.ToWords(), direct: true), Start);
        var delivery = Assert.Single((await market.ViewAsync()).Market.OpenDeliveries);
        await market.SettleAsync(delivery, sent: 4_100_000, arrived: 3_000_000);
        var disputed = Assert.Single((await market.ViewAsync()).Market.OpenDeliveries);
        Assert.Equal((DeliveryStage.Disputed, 3_000_000L), (disputed.Stage, disputed.Delivered.MilliwattHours));
        Assert.Equal(4_000_000L, disputed.Dispute!.Claimed.MilliwattHours);
        await market.BoardAsync(TestCommunity.Regulators[1], Board.EncodeDecide(delivery.Terms.ToWords(), 3_500_000), Start + Duration.FromHours(1));
        var decided = (await market.ViewAsync()).Market.Delivery(delivery.Id)!;
        Assert.Equal((DeliveryStage.Settled, Coin.Parse("0.35")), (decided.Stage, decided.PaidShare));
        Assert.Equal(decided.PaidShare, await market.FreeAsync(market.Seller.Address));
    }

    [EngineFact]
    public async Task Deliveries_ByPartyAndTime_NewestFirstAndNoneTwice()
    {
        await using var market = await TestMarket.StartAsync(Start);
        for (var i = 0; i < 3; i++)
        {
            var time = Start + Duration.FromMinutes(i);
            await market.DemandAsync(Energy4 + (ulong)i, isFirstCome: true, time);
            var wanted = (await market.ViewAsync()).Market.OpenDemands[^1];
            await market.DemandsAsync(market.Seller, Demands.EncodeOfferToSell(wanted.Terms.ToWords(), direct: true), time);
        }

        var before = (await market.ViewAsync()).Market.Deliveries;
        await market.SettleAsync(before[1], sent: 4_000_000, arrived: 4_000_000);
        var view = (await market.ViewAsync()).Market;
        var all = view.Deliveries.Reverse().ToList();
        Assert.Equal(3, all.Count);
        foreach (var party in new Busbar.Cryptography.Address?[] { null, market.Seller.Address, market.Buyer.Address })
        {
            Assert.Equal(all, view.DeliveriesBefore(null, party, null, 10));
            Assert.Equal(all.Take(2), view.DeliveriesBefore(null, party, null, 2));
            Assert.Equal(all.Skip(2), view.DeliveriesBefore(all[1].Id, party, null, 10));
            Assert.Equal([all[1]], view.DeliveriesBefore(null, party, true, 10));
            Assert.Equal([all[0], all[2]], view.DeliveriesBefore(null, party, false, 10));
            Assert.Equal([all[2]], view.DeliveriesBefore(all[0].Id, party, false, 10));
        }

        Assert.Empty(view.DeliveriesBefore(null, TestCommunity.Operator.Address, null, 10));
        Assert.Empty(view.DeliveriesBefore(Busbar.Cryptography.Keccak256.Hash([9]), null, null, 10));
        Assert.Equal([all[2], all[1]], view.DeliveriesOpened(all[2].Opened.Time, all[0].Opened.Time));
        Assert.Empty(view.DeliveriesOpened(all[0].Opened.Time + Duration.FromSeconds(1), Instant.MaxValue));
        Assert.Same(view.OpenDemands, view.OpenDemands);
    }

    [EngineFact]
    public async Task Demand_ClosedOrTakenBack_AsIfItNeverWas()
    {
        await using var market = await TestMarket.StartAsync(Start);
        var kept = (await market.Community.Chain.HeadAsync(default)).Number;
        await market.DemandAsync(Energy4, isFirstCome: false, Start);
        var view = await market.ViewAsync();
        var wanted = Assert.Single(view.Market.OpenDemands);
        await market.DemandsAsync(market.Buyer, Demands.EncodeCloseDemand(wanted.Terms.ToWords()), Start);
        var closed = (await market.ViewAsync()).Market;
        Assert.Empty(closed.OpenDemands);
        Assert.Null(closed.Demand(wanted.Id)!.Delivery);
        view.Apply(new ChainChange.BlocksTakenBack(kept));
        Assert.Empty(view.Market.OpenDemands);
        Assert.Null(view.Market.Demand(wanted.Id));
        Assert.NotNull(view.Market.Terms);
    }

    /// <summary>Price and tax of a hundred adverts that never were, by both arithmetics, with the contract's own reading of the words.</summary>
    [EngineFact]
    public async Task Quote_RandomAdvertsAndTimes_SameAsTheContractsToTheWei()
    {
        await using var market = await TestMarket.StartAsync(Start);
        var table = (await market.ViewAsync()).Market.Terms!.Tax;
        var chance = new Random(20261122);
        var now = Instant.FromUnixTimeSeconds((long)(await market.Client.GetBlockAsync(BlockTag.Latest, cancellationToken: default))!.Timestamp);
        for (var i = 0; i < 100; i++)
        {
            var price = new AdvertPrice(
                Domain.Quantities.Price.FromWeiPerKilowattHour((UInt128)chance.NextInt64(1, long.MaxValue) * (ulong)chance.NextInt64(1, 100_000_000)),
                chance.Next(0, 10_001),
                now - Duration.FromSeconds(chance.Next(0, 100_000)),
                Duration.FromHours(chance.Next(1, 25)));
            var energy = Energy.FromMilliwattHours(chance.NextInt64(1_000, 40_000_000));
            var terms = new AdvertTerms(market.Seller.Address, TestCommunity.Microgrid, energy, price, market.SellerMeter);
            Assert.Equal(terms, AdvertTerms.Read(terms.ToWords()));
            var (share, tax) = await Board.QuoteAsync(
                market.Client, market.Contracts.Market!.Board, terms.ToWords(), (ulong)energy.MilliwattHours, market.Buyer.Address, BlockTag.Latest, default);
            Assert.Equal(price.ShareFor(energy, now), Coin.FromWei((Int128)share));
            Assert.Equal(table.TaxOn(Coin.FromWei((Int128)share), Energy.Zero, energy), Coin.FromWei((Int128)tax));
        }
    }
}
