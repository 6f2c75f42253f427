using System.Globalization;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>Energy that somebody offers or asks for.</summary>
/// <param name="Id">The advert's or demand's name on the ledger.</param>
/// <param name="Account">Whose.</param>
/// <param name="Microgrid">Where.</param>
/// <param name="Energy">How much.</param>
/// <param name="Price">At first.</param>
/// <param name="Until">Until when.</param>
public sealed record ToldOffer(Hash256 Id, Address Account, MicrogridId Microgrid, Energy Energy, Price Price, Instant Until);

/// <summary>Energy that was bought.</summary>
/// <param name="Id">The delivery's name on the ledger.</param>
/// <param name="Seller">Who sold.</param>
/// <param name="Buyer">Who bought.</param>
/// <param name="Energy">How much.</param>
/// <param name="Share">What the seller gets for all of it.</param>
/// <param name="Deadline">Until when it is delivered.</param>
public sealed record ToldTrade(Hash256 Id, Address Seller, Address Buyer, Energy Energy, Coin Share, Instant Deadline);

/// <summary>Makes notifications of trade between neighbours. The same event gives the same notification, however often it is found.</summary>
public static class TradingCauses
{
    /// <summary>A call to buy, to everybody there.</summary>
    public static Notification AdvertPosted(ToldOffer offer, Instant at, LedgerPlace place) =>
        Called(NotificationMessage.AdvertPosted, "advert", offer, at, place);

    /// <summary>A call to sell, to everybody there.</summary>
    public static Notification DemandPosted(ToldOffer offer, Instant at, LedgerPlace place) =>
        Called(NotificationMessage.DemandPosted, "demand", offer, at, place);

    /// <summary>Somebody offers what one asked for.</summary>
    public static Notification OfferMade(ToldOffer demand, Address seller, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(demand);
        return To(
            demand.Account, NotificationMessage.OfferMade, at, place,
            ("demand", demand.Id.ToString()), ("account", seller.ToString()), ("energy", Text(demand.Energy)), ("price", Text(demand.Price)));
    }

    /// <summary>One's offer was accepted: to the seller.</summary>
    public static Notification OfferAccepted(ToldTrade trade, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(trade);
        return Traded(NotificationMessage.OfferAccepted, trade.Seller, trade.Buyer, trade, at, place);
    }

    /// <summary>The first who offered sells: to the buyer, who did not accept by hand.</summary>
    public static Notification DemandTaken(ToldTrade trade, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(trade);
        return Traded(NotificationMessage.DemandTaken, trade.Buyer, trade.Seller, trade, at, place);
    }

    /// <summary>Somebody bought of one's advert: to the seller.</summary>
    public static Notification EnergySold(ToldTrade trade, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(trade);
        return Traded(NotificationMessage.EnergySold, trade.Seller, trade.Buyer, trade, at, place);
    }

    /// <summary>A delivery is over: to both; to one alone who drew their own.</summary>
    /// <param name="trade">Which.</param>
    /// <param name="delivered">What arrived.</param>
    /// <param name="share">What the seller got.</param>
    /// <param name="tax">The tax on it.</param>
    /// <param name="back">What the buyer has back.</param>
    /// <param name="at">When.</param>
    /// <param name="place">The event on the ledger.</param>
    public static IReadOnlyList<Notification> Delivered(
        ToldTrade trade, Energy delivered, Coin share, Coin tax, Coin back, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(trade);
        var received = To(
            trade.Buyer, NotificationMessage.DeliveryReceived, at, place,
            ("delivery", trade.Id.ToString()), ("energy", Text(delivered)), ("bought", Text(trade.Energy)), ("paid", Some(share + tax)), ("back", Some(back)));
        if (trade.Seller == trade.Buyer)
            return [received];
        var paid = To(
            trade.Seller, NotificationMessage.DeliveryPaid, at, place,
            ("delivery", trade.Id.ToString()), ("energy", Text(delivered)), ("sold", Text(trade.Energy)), ("share", Text(share)));
        return [received, paid];
    }

    /// <summary>The two meters disagree: to both.</summary>
    public static IReadOnlyList<Notification> Disputed(ToldTrade trade, Energy delivered, Energy claimed, Instant until, Instant at, LedgerPlace place) =>
        ToBoth(
            trade, NotificationMessage.DeliveryDisputed, at, place,
            ("energy", Text(delivered)), ("claimed", Text(claimed)), ("until", Text(until)));

    /// <summary>Nobody settled it in time: to both.</summary>
    public static IReadOnlyList<Notification> Expired(ToldTrade trade, Energy delivered, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(trade);
        return ToBoth(trade, NotificationMessage.DeliveryExpired, at, place, ("energy", Text(delivered)), ("bought", Text(trade.Energy)));
    }

    /// <summary>The life of an advert is over: to the seller, whose credit the rest is again.</summary>
    public static Notification AdvertExpired(Hash256 advert, Address seller, Energy returned, Instant at, LedgerPlace place) =>
        To(seller, NotificationMessage.AdvertExpired, at, place, ("advert", advert.ToString()), ("energy", Text(returned)));

    /// <summary>The time of a demand is over: to the buyer, whose money is free again.</summary>
    public static Notification DemandExpired(ToldOffer demand, Coin released, Instant at, LedgerPlace place)
    {
        ArgumentNullException.ThrowIfNull(demand);
        return To(
            demand.Account, NotificationMessage.DemandExpired, at, place,
            ("demand", demand.Id.ToString()), ("energy", Text(demand.Energy)), ("locked", Text(released)));
    }

    private static Notification Called(NotificationMessage message, string name, ToldOffer offer, Instant at, LedgerPlace place) => Notification.Of(
        message, new NotificationScope.Microgrid(offer.Microgrid), place.ToString(), at,
        (name, offer.Id.ToString()), ("account", offer.Account.ToString()), ("microgrid", offer.Microgrid.Number.ToString(CultureInfo.InvariantCulture)),
        ("energy", Text(offer.Energy)), ("price", Text(offer.Price)), ("until", Text(offer.Until)));

    private static Notification Traded(NotificationMessage message, Address to, Address other, ToldTrade trade, Instant at, LedgerPlace place) => To(
        to, message, at, place,
        ("delivery", trade.Id.ToString()), ("account", other.ToString()), ("energy", Text(trade.Energy)), ("share", Text(trade.Share)),
        ("until", Text(trade.Deadline)));

    private static IReadOnlyList<Notification> ToBoth(
        ToldTrade trade, NotificationMessage message, Instant at, LedgerPlace place, params (string, string)[] data) =>
        [.. new[] { trade.Buyer, trade.Seller }.Distinct().Select(one => To(one, message, at, place, [("delivery", trade.Id.ToString()), .. data]))];

    private static Notification To(
        Address account, NotificationMessage message, Instant at, LedgerPlace place, params ReadOnlySpan<(string, string)> data) =>
        Notification.Of(message, new NotificationScope.Participant(account), place.ToString(), at, data);

    private static string Some(Coin amount) => amount == Coin.Zero ? "" : Text(amount);

    private static string Text(Energy energy) => energy.MilliwattHours.ToString(CultureInfo.InvariantCulture);

    private static string Text(Coin amount) => amount.Wei.ToString(CultureInfo.InvariantCulture);

    private static string Text(Price price) => price.WeiPerKilowattHour.ToString(CultureInfo.InvariantCulture);

    private static string Text(Instant instant) => NodaTime.Text.InstantPattern.ExtendedIso.Format(instant);
}
