using System.Numerics;
using Busbar.Cryptography;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.Abi;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Trading;
using NodaTime;
using Place = Busbar.Domain.Notifications.LedgerPlace;
using Asked = Busbar.Ledger.Contracts.Demands.Events;
using Posted = Busbar.Ledger.Contracts.Board.Events;

namespace Busbar.Node.Deliveries;

/// <summary>
/// Which adverts, demands and deliveries people are told of: calls to everybody, what is their own business to those whose it is. The view has
/// to have the event already.
/// </summary>
internal sealed class MarketCauses(MarketContracts contracts, MarketView view)
{
    /// <summary>Whether events of a contract are the market's.</summary>
    public bool IsOurs(Address contract) => contract == contracts.Board || contract == contracts.Demands;

    /// <summary>What is told of an event; nothing of most.</summary>
    public IReadOnlyList<Notification> Of(Log log, IndexedEvent record, Instant at)
    {
        var place = new Place(record.Transaction, record.LogIndex);
        if (record.Contract == contracts.Demands)
            return Asked.TryDecode(log, out var asked) ? OfDemands(asked, at, place) : [];
        return Posted.TryDecode(log, out var said) ? OfBoard(said, at, place) : [];
    }

    private IReadOnlyList<Notification> OfDemands(IContractEvent said, Instant at, Place place) => said switch
    {
        Asked.DemandPosted posted when view.Demand(posted.Id) is { } demand => [TradingCauses.DemandPosted(Told(demand), at, place)],
        Asked.DemandClosed closed when view.Demand(closed.Id) is { } demand && at >= demand.Terms.Until =>
            [TradingCauses.DemandExpired(Told(demand), Coins(closed.Released), at, place)],
        Asked.OfferMade made when view.Demand(made.Demand) is { Terms.IsFirstCome: false } demand =>
            [TradingCauses.OfferMade(Told(demand), made.Seller, at, place)],
        Asked.DemandTaken taken when view.Demand(taken.Id) is { } demand && view.Delivery(taken.Delivery) is { } delivery =>
            demand.Terms.IsFirstCome
                ? [TradingCauses.OfferAccepted(Told(delivery), at, place), TradingCauses.DemandTaken(Told(delivery), at, place)]
                : [TradingCauses.OfferAccepted(Told(delivery), at, place)],
        _ => [],
    };

    private IReadOnlyList<Notification> OfBoard(IContractEvent said, Instant at, Place place) => said switch
    {
        Posted.AdvertPosted posted when view.Advert(posted.Id) is { } advert => [TradingCauses.AdvertPosted(Told(advert), at, place)],
        Posted.AdvertClosed closed when closed.Returned > 0 && view.Advert(closed.Id) is { } advert && at >= advert.Terms.Price.End =>
            [TradingCauses.AdvertExpired(closed.Id, closed.Seller, MilliwattHours(closed.Returned), at, place)],
        Posted.DeliveryOpened opened when view.Delivery(opened.Id) is { } delivery && view.Advert(delivery.Terms.Origin) is not null =>
            [TradingCauses.EnergySold(Told(delivery), at, place)],
        Posted.DeliverySettled { Last: true } settled when view.Delivery(settled.Id) is { } delivery =>
            Ended(delivery, MilliwattHours(settled.Delivered), at, place),
        Posted.DisputeDecided decided when view.Delivery(decided.Id) is { } delivery => Ended(delivery, MilliwattHours(decided.Delivered), at, place),
        Posted.DeliveryDisputed disputed when view.Delivery(disputed.Id) is { } delivery => TradingCauses.Disputed(
            Told(delivery), MilliwattHours(disputed.Delivered), MilliwattHours(disputed.Claimed), LedgerTime.Of(disputed.Until), at, place),
        Posted.DeliveryExpired expired when view.Delivery(expired.Id) is { } delivery =>
            TradingCauses.Expired(Told(delivery), MilliwattHours(expired.Delivered), at, place),
        _ => [],
    };

    // What is in dispute is neither paid nor back.
    private static IReadOnlyList<Notification> Ended(BoardDelivery delivery, Energy delivered, Instant at, Place place)
    {
        var (share, tax) = delivery.Terms.DueFor(delivered);
        var back = delivery.Stage == DeliveryStage.Disputed ? Coin.Zero : delivery.Terms.Share + delivery.Terms.Tax - share - tax;
        return TradingCauses.Delivered(Told(delivery), delivered, share, tax, back, at, place);
    }

    private static ToldOffer Told(BoardAdvert advert) =>
        new(advert.Id, advert.Terms.Seller, advert.Terms.Microgrid, advert.Terms.Energy, advert.Terms.Price.First, advert.Terms.Price.End);

    private static ToldOffer Told(BoardDemand demand) =>
        new(demand.Id, demand.Terms.Buyer, demand.Terms.Microgrid, demand.Terms.Energy, demand.Terms.Price, demand.Terms.Until);

    private static ToldTrade Told(BoardDelivery delivery) => new(
        delivery.Id, delivery.Terms.Seller, delivery.Terms.Buyer, delivery.Terms.Energy, delivery.Terms.Share, delivery.Terms.Deadline);

    private static Energy MilliwattHours(ulong value) => Energy.FromMilliwattHours((long)value);

    private static Coin Coins(BigInteger wei) => Coin.FromWei((Int128)wei);
}
