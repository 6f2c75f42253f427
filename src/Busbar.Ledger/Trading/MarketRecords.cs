using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ledger.Bills;
using NodaTime;

namespace Busbar.Ledger.Trading;

/// <summary>An advert as it is, or was.</summary>
/// <param name="Id">What the ledger names it by.</param>
/// <param name="Terms">As it was posted.</param>
/// <param name="Left">Still for sale, while it lives.</param>
/// <param name="Posted">Where it stands.</param>
/// <param name="Closed">Where the last of it was bought or it was taken off; null while it is on the board.</param>
public sealed record BoardAdvert(Hash256 Id, AdvertTerms Terms, Energy Left, LedgerPlace Posted, LedgerPlace? Closed)
{
    /// <summary>Whether it can be bought at an instant, as far as its life goes.</summary>
    public bool IsLiveAt(Instant instant) => Closed is null && Terms.Price.IsLiveAt(instant);
}

/// <summary>A seller's offer to a demand.</summary>
/// <param name="Seller">Whose.</param>
/// <param name="IsStored">From credit in the store; else from their own export while it flows.</param>
/// <param name="Made">Where it stands.</param>
public sealed record BoardOffer(Address Seller, bool IsStored, LedgerPlace Made);

/// <summary>A demand as it is, or was.</summary>
/// <param name="Id">What the ledger names it by.</param>
/// <param name="Terms">As it was posted.</param>
/// <param name="Offers">That stand, oldest first.</param>
/// <param name="Posted">Where it stands.</param>
/// <param name="Delivery">What came of it; null when nothing did.</param>
/// <param name="Closed">Where it was taken, or taken off the board; null while it is on it.</param>
public sealed record BoardDemand(
    Hash256 Id, DemandTerms Terms, IReadOnlyList<BoardOffer> Offers, LedgerPlace Posted, Hash256? Delivery, LedgerPlace? Closed)
{
    /// <summary>Whether offers can be made at an instant.</summary>
    public bool IsLiveAt(Instant instant) => Closed is null && instant < Terms.Until;
}

/// <summary>How far a delivery has come.</summary>
public enum DeliveryStage
{
    /// <summary>Bought, and not over.</summary>
    UnderWay,

    /// <summary>The meters disagree beyond the loss: the lower figure is paid, and regulators may decide about the rest.</summary>
    Disputed,

    /// <summary>Paid for what was delivered; the rest went back.</summary>
    Settled,

    /// <summary>Nobody settled it in time: all that was not paid went back.</summary>
    Expired,
}

/// <summary>A dispute about a delivery.</summary>
/// <param name="Claimed">What the source's meter shows, less the loss.</param>
/// <param name="Until">Until when regulators may decide.</param>
public sealed record DeliveryDispute(Energy Claimed, Instant Until);

/// <summary>A delivery as it is, or was.</summary>
/// <param name="Id">What the ledger names it by.</param>
/// <param name="Terms">As it was bought.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="Delivered">In all so far, at the buyer's meter.</param>
/// <param name="PaidShare">To the seller so far.</param>
/// <param name="PaidTax">Of tax so far.</param>
/// <param name="Dispute">Null when there was none.</param>
/// <param name="Opened">Where it was bought.</param>
/// <param name="Ended">Where it ended; null before.</param>
public sealed record BoardDelivery(
    Hash256 Id,
    DeliveryTerms Terms,
    DeliveryStage Stage,
    Energy Delivered,
    Coin PaidShare,
    Coin PaidTax,
    DeliveryDispute? Dispute,
    LedgerPlace Opened,
    LedgerPlace? Ended)
{
    /// <summary>What went back to the buyer, once it is over.</summary>
    public Coin Refunded => Stage is DeliveryStage.Settled or DeliveryStage.Expired
        ? Terms.Share + Terms.Tax - PaidShare - PaidTax
        : Coin.Zero;
}

/// <summary>What a seller has in a store.</summary>
/// <param name="Microgrid">In whose store.</param>
/// <param name="Seller">Who.</param>
/// <param name="Free">To sell or to draw.</param>
/// <param name="Committed">On sale, or sold and not delivered.</param>
public sealed record StoreCredit(MicrogridId Microgrid, Address Seller, Energy Free, Energy Committed);

/// <summary>A microgrid's store as it was measured last.</summary>
/// <param name="Microgrid">Whose.</param>
/// <param name="Meter">That measures it.</param>
/// <param name="MeasuredAt">When.</param>
/// <param name="Level">What it holds for its members and in reserve.</param>
public sealed record StoreLevel(MicrogridId Microgrid, MeterId Meter, Instant MeasuredAt, Energy Level);

/// <summary>A seller's energy that went into a store.</summary>
/// <param name="Microgrid">Into whose.</param>
/// <param name="Seller">Whose.</param>
/// <param name="Energy">That went in.</param>
/// <param name="Credited">Less the loss.</param>
/// <param name="Place">Where it stands.</param>
public sealed record StoreDeposit(MicrogridId Microgrid, Address Seller, Energy Energy, Energy Credited, LedgerPlace Place);

/// <summary>How a member trades.</summary>
/// <param name="Account">Who.</param>
/// <param name="Meter">That counts what they trade; null for none.</param>
/// <param name="Microgrid">Where it stands.</param>
public sealed record TraderMeter(Address Account, MeterId? Meter, MicrogridId Microgrid);

/// <summary>The rules that trades made now begin under.</summary>
/// <param name="Tax">The tax table.</param>
/// <param name="LossShare">Basis points of what leaves a source that may be lost on the way.</param>
/// <param name="DeliveryTime">From a purchase to its deadline.</param>
/// <param name="SettlementTime">How long a buyer's silent meter is waited for.</param>
/// <param name="Ceiling">The greatest price.</param>
/// <param name="StepShare">Basis points by which an advert rises each hour.</param>
/// <param name="AdvertLife">How long an advert is for sale.</param>
public sealed record MarketTerms(
    TaxTable Tax, int LossShare, Duration DeliveryTime, Duration SettlementTime, Price Ceiling, int StepShare, Duration AdvertLife);
