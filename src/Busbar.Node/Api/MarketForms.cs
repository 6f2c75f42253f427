using Busbar.Domain.Access;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Trading;
using Busbar.Node.Access;
using Busbar.Node.Deliveries;
using Busbar.Node.Market;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>Makes documents of what is on the market.</summary>
/// <param name="market">The market.</param>
/// <param name="terms">The rules that trades made now begin under.</param>
/// <param name="access">Who asks.</param>
/// <param name="standings">What the node knows of deliveries; null when it carries none out.</param>
/// <param name="now">When.</param>
internal sealed class MarketForms(MarketView market, MarketTerms terms, RequestAccess access, IDeliveryStandings? standings, Instant now)
{
    private const long MilliwattHoursPerKilowattHour = 1_000_000;

    // What everybody may do is nobody's mark: who answers for all has one of these.
    private readonly bool _seesAll = access.Caller.Is(Role.Auditor) || access.Caller.Is(Role.Operator) || access.Caller.Is(Role.Regulator);
    private readonly Energy _bought = access.Caller.Address is { } caller ? market.BoughtOnDayOf(caller, now) : Energy.Zero;

    public static string? Text(TradeRefusal refusal) => refusal == TradeRefusal.None ? null : refusal.ToString();

    public static IReadOnlyList<TaxSlabDocument> Slabs(TaxTable table, Coin share, Energy bought, Energy energy) =>
    [
        .. table.SlabsOn(share, bought, energy).Select(slab => new TaxSlabDocument(Number(slab.Energy), slab.Share, BillingApi.Wei(slab.Tax))),
    ];

    public AdvertRow Row(BoardAdvert advert)
    {
        var (price, left) = (advert.Terms.Price, advert.Left);
        // A clock behind the ledger's would ask for a price before the advert's first.
        var at = Instant.Max(now, price.Posted);
        var share = price.ShareFor(left, at);
        var tax = left == Energy.Zero ? Coin.Zero : terms.Tax.TaxOn(share, _bought, left);
        return new(
            advert.Id.ToString(),
            advert.Terms.Seller.ToString(),
            advert.Terms.Microgrid.Number,
            advert.Closed is not null ? "closed" : price.End > now ? "live" : "expired",
            Number(advert.Terms.Energy),
            Number(left),
            BillingApi.Wei(price.First),
            BillingApi.Wei(price.At(at)),
            price.NextStepAfter(at) is { } next ? new(Forms.Text(next), BillingApi.Wei(price.At(next))) : null,
            Forms.Text(price.Posted),
            Forms.Text(price.End),
            BillingApi.Wei(share),
            BillingApi.Wei(tax),
            BillingApi.Wei(share + tax),
            [.. advert.Terms.ToWords().Select(word => word.ToString())],
            BillingApi.Place(advert.Posted),
            advert.Closed is { } closed ? BillingApi.Place(closed) : null);
    }

    public DemandRow Row(BoardDemand demand) => new(
        demand.Id.ToString(),
        demand.Terms.Buyer.ToString(),
        demand.Terms.Microgrid.Number,
        demand.Delivery is not null ? "taken" : demand.Closed is not null ? "closed" : demand.IsLiveAt(now) ? "live" : "expired",
        Number(demand.Terms.Energy),
        BillingApi.Wei(demand.Terms.Price),
        BillingApi.Wei(demand.Terms.Share),
        BillingApi.Wei(demand.Terms.Locked),
        demand.Terms.IsFirstCome,
        Forms.Text(demand.Terms.Posted),
        Forms.Text(demand.Terms.Until),
        [.. demand.Offers.Select(offer => new OfferDocument(offer.Seller.ToString(), offer.IsStored, BillingApi.Place(offer.Made)))],
        [.. demand.Terms.ToWords().Select(word => word.ToString())],
        demand.Delivery?.ToString(),
        BillingApi.Place(demand.Posted),
        demand.Closed is { } closed ? BillingApi.Place(closed) : null);

    public TradeRow Row(BoardDelivery delivery)
    {
        var bought = delivery.Terms;
        return new(
            delivery.Id.ToString(),
            bought.IsDraw ? "draw" : market.Demand(bought.Origin) is null ? "advert" : "demand",
            bought.IsDraw ? null : bought.Origin.ToString(),
            bought.Seller.ToString(),
            bought.Buyer.ToString(),
            bought.Microgrid.Number,
            bought.Source.Key.ToString(),
            bought.Sink.Key.ToString(),
            bought.IsStored,
            Number(bought.Energy),
            BillingApi.Wei(PriceOf(bought)),
            BillingApi.Wei(bought.Share),
            BillingApi.Wei(bought.Tax),
            Forms.Text(bought.Opened),
            Forms.Text(bought.Deadline),
            Forms.Text(bought.FreedFrom),
            Camel(delivery.Stage.ToString()),
            Number(delivery.Delivered),
            BillingApi.Wei(delivery.PaidShare),
            BillingApi.Wei(delivery.PaidTax),
            delivery.Ended is null ? null : BillingApi.Wei(delivery.Refunded),
            delivery.Dispute is { } dispute ? new(Number(dispute.Claimed), Forms.Text(dispute.Until)) : null,
            [.. bought.ToWords().Select(word => word.ToString())],
            BillingApi.Place(delivery.Opened),
            delivery.Ended is { } ended ? BillingApi.Place(ended) : null,
            MaySeeLive(bought) && standings?.Of(delivery.Id) is { } standing
                ? new(Side(standing.Source), Side(standing.Sink), standing.Trouble)
                : null);
    }

    /// <summary>The price of a kilowatt-hour that was bought, rounded down; for people.</summary>
    public static Price PriceOf(DeliveryTerms terms) =>
        Price.FromWeiPerKilowattHour((UInt128)((System.Numerics.BigInteger)terms.Share.Wei * MilliwattHoursPerKilowattHour / terms.Energy.MilliwattHours));

    public static string Number(Energy energy) => Forms.Number(energy.MilliwattHours);

    public static string Camel(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);

    // How a house draws from moment to moment is not everybody's business, though what came of it stands on the ledger.
    private bool MaySeeLive(DeliveryTerms terms) =>
        _seesAll || (access.Caller.Address is { } caller && (caller == terms.Seller || caller == terms.Buyer));

    private static LiveSideDocument Side(SideStanding side) => new(
        side.Meter.Key.ToString(),
        Camel(side.Stage.ToString()),
        Forms.Text(side.Opened),
        side.Seconds,
        Number(side.Energy),
        side.Reason == StopReason.None ? null : Camel(side.Reason.ToString()),
        side.Trouble);
}
