using System.ComponentModel;
using Busbar.Ledger.Indexing;
using Busbar.Node.Api.Describing;
using Busbar.Node.Market;

namespace Busbar.Node.Api;

/// <summary>The market as it is now, and how the caller stands in it.</summary>
internal sealed record MarketDocument(
    MarketTermsDocument Terms,
    [property: Description("In the order of their microgrids.")] IReadOnlyList<StoreDocument> Stores,
    [property: Description("For sale now.")] int Adverts,
    [property: Description("Asked for now.")] int Demands,
    [property: Description("Bought, and not over.")] int Deliveries,
    [property: Description("Null for who is not signed in, or has no address.")] TraderDocument? Trader);

/// <summary>The rules that trades made now begin under.</summary>
internal sealed record MarketTermsDocument(
    [property: Description("The slabs of the tax by what a buyer bought on the day (UTC), in their order.")] IReadOnlyList<TaxRateDocument> Tax,
    [property: Description("Basis points of what leaves a source that may be lost on the way.")] int LossShare,
    [property: Description("From a purchase to its deadline.")] long DeliverySeconds,
    [property: Description("How long a silent meter of a buyer is waited for.")] long SettlementSeconds,
    [property: Description("The greatest price of a kWh.")] string CeilingWei,
    [property: Description("Basis points of its first price by which an advert rises each hour.")] int StepShare,
    [property: Description("How long an advert is for sale.")] long AdvertSeconds,
    [property: Description("The longest that a demand may wait.")] long DemandSeconds,
    [property: Description("The least that can be traded.")] string LeastMwh,
    [property: Description("The most of one advert or demand.")] string MostMwh);

/// <summary>A slab of the tax.</summary>
internal sealed record TaxRateDocument(
    [property: Description("Up to so much of the buyer's day; null for all above.")] string? UntilMwh,
    [property: Description("Basis points of the seller's share.")] int Share);

/// <summary>A microgrid's store.</summary>
internal sealed record StoreDocument(
    uint Microgrid,
    [property: Description("That measures it.")] string Meter,
    [property: Description("When it was measured last.")] string Measured,
    [property: Description("What it holds for its members and in reserve.")] string LevelMwh,
    [property: Description("What it must hold.")] string MinimumMwh,
    [property: Description("What it can hold.")] string MaximumMwh,
    [property: Description("What still goes in.")] string RoomMwh,
    [property: Description("What all its members have there.")] string CreditMwh,
    [property: Description("Basis points of what goes in that storing loses.")] int LossShare);

/// <summary>How the caller stands in the market.</summary>
internal sealed record TraderDocument(
    string Account,
    [property: OneOf(typeof(ParticipantRole), Letters.AsNamed)]
    [property: Description("As what the account takes part; null when it does not.")] string? Role,
    [property: Description("That counts what is traded; null for none.")] string? Meter,
    [property: Description("Where that meter stands; null without one.")] uint? Microgrid,
    [property: Description("In the vault.")] string FreeWei,
    [property: Description("Bought since the day (UTC) began: where the tax of the next purchase begins.")] string BoughtTodayMwh,
    [property: Description("When the day of the tax ends.")] string DayEnds,
    [property: OneOf(typeof(TradeRefusal), Letters.AsNamed)]
    [property: Description("Why the account may not buy; null when it may.")] string? MayNotBuy,
    [property: OneOf(typeof(TradeRefusal), Letters.AsNamed)]
    [property: Description("Why the account may not sell; null when it may.")] string? MayNotSell,
    [property: Description("What it has in the stores.")] IReadOnlyList<CreditDocument> Credits);

/// <summary>What a member has in a store.</summary>
internal sealed record CreditDocument(
    uint Microgrid,
    [property: Description("To sell or to draw.")] string FreeMwh,
    [property: Description("On sale, or sold and not delivered.")] string CommittedMwh);

/// <summary>Energy for sale.</summary>
internal sealed record AdvertRow(
    string Id,
    string Seller,
    uint Microgrid,
    [property: OneOf("live", "expired", "closed")] string State,
    [property: Description("Of the whole, as it was posted.")] string EnergyMwh,
    [property: Description("Still for sale.")] string LeftMwh,
    [property: Description("Of a kWh in the first hour.")] string FirstPriceWei,
    [property: Description("Of a kWh now.")] string PriceWei,
    [property: Description("When the price rises next, and to what; null when it does not before the end.")] PriceStepDocument? Next,
    [property: Description("When it was posted.")] string Posted,
    [property: Description("From then on nobody can buy.")] string End,
    [property: Description("What the seller gets for all that is left, now.")] string ShareWei,
    [property: Description("The tax on that, for the caller.")] string TaxWei,
    string TotalWei,
    [property: Description("What the contract takes it by.")] IReadOnlyList<string> Words,
    [property: Description("Where it was posted.")] PlaceDocument Place,
    [property: Description("Where the last of it was bought, or it was taken off; null before.")] PlaceDocument? Closed);

/// <summary>A step of an advert's price.</summary>
internal sealed record PriceStepDocument(string At, string PriceWei);

/// <summary>Energy that somebody wants.</summary>
internal sealed record DemandRow(
    string Id,
    string Buyer,
    uint Microgrid,
    [property: OneOf("live", "expired", "taken", "closed")] string State,
    string EnergyMwh,
    [property: Description("Of a kWh, for the seller.")] string PriceWei,
    [property: Description("For the seller in all.")] string ShareWei,
    [property: Description("What the buyer has locked for it, the highest tax with it.")] string LockedWei,
    [property: Description("Whether the first who offers has it; else the buyer accepts one.")] bool FirstCome,
    string Posted,
    [property: Description("From then on nobody can offer.")] string End,
    [property: Description("That stand, oldest first.")] IReadOnlyList<OfferDocument> Offers,
    [property: Description("What the contract takes it by.")] IReadOnlyList<string> Words,
    [property: Description("What came of it; null when nothing did.")] string? Delivery,
    [property: Description("Where it was posted.")] PlaceDocument Place,
    [property: Description("Where it was taken, or taken off; null before.")] PlaceDocument? Closed);

/// <summary>A seller's offer to a demand.</summary>
internal sealed record OfferDocument(
    string Seller,
    [property: Description("From credit in the store; else from the seller's own export while it flows.")] bool Stored,
    PlaceDocument Place);

/// <summary>What a purchase comes to.</summary>
internal sealed record PurchaseQuoteDocument(
    [property: Description("Of the advert.")] string Advert,
    string EnergyMwh,
    [property: Description("Of a kWh now.")] string PriceWei,
    [property: Description("What the seller gets.")] string ShareWei,
    [property: Description("The tax, slab by slab.")] IReadOnlyList<TaxSlabDocument> Tax,
    string TaxWei,
    string TotalWei,
    [property: Description("To sign with: nothing is bought should it cost more.")] string MostWei,
    [property: Description("Until when it comes to that.")] string HoldsUntil,
    [property: Description("What the buyer bought before on the day.")] string BoughtTodayMwh,
    [property: OneOf(typeof(TradeRefusal), Letters.AsNamed)]
    [property: Description("Why the ledger would refuse it; null when it would not.")] string? Refusal);

/// <summary>What of a tax falls into one slab.</summary>
internal sealed record TaxSlabDocument(
    string EnergyMwh,
    [property: Description("Basis points of the seller's share.")] int Share,
    string TaxWei);

/// <summary>What an advert would bring.</summary>
internal sealed record AdvertQuoteDocument(
    [property: Description("All of it, by the hour of the purchase; each holds from its instant to the next one's.")] IReadOnlyList<AdvertHourDocument> Hours,
    [property: Description("When it is over.")] string End,
    [property: Description("What the caller has free in that store; null for who is not signed in.")] string? FreeMwh,
    [property: OneOf(typeof(TradeRefusal), Letters.AsNamed)]
    [property: Description("Why the ledger would refuse it; null when it would not.")] string? Refusal);

/// <summary>An hour of an advert.</summary>
internal sealed record AdvertHourDocument(
    string From,
    string PriceWei,
    [property: Description("For the seller.")] string ShareWei);

/// <summary>What a demand would lock.</summary>
internal sealed record DemandQuoteDocument(
    [property: Description("For the seller.")] string ShareWei,
    [property: Description("The highest tax: locked, and free again but for what is due.")] string MostTaxWei,
    string LockedWei,
    [property: Description("The tax if it is taken now, slab by slab.")] IReadOnlyList<TaxSlabDocument> Tax,
    string TaxWei,
    [property: Description("When it would end.")] string End,
    [property: OneOf(typeof(TradeRefusal), Letters.AsNamed)]
    [property: Description("Why the ledger would refuse it; null when it would not.")] string? Refusal);

/// <summary>What taking a demand comes to, for its buyer and for the caller as a seller.</summary>
internal sealed record OfferQuoteDocument(
    [property: Description("For the seller.")] string ShareWei,
    [property: Description("The buyer's tax if it is taken now, slab by slab.")] IReadOnlyList<TaxSlabDocument> Tax,
    string TaxWei,
    [property: Description("What is free again for the buyer of what was locked.")] string ReturnedWei,
    [property: OneOf(typeof(TradeRefusal), Letters.AsNamed)]
    [property: Description("Why the caller cannot offer from the store; null when they can, or nobody is signed in.")] string? Stored,
    [property: OneOf(typeof(TradeRefusal), Letters.AsNamed)]
    [property: Description("Why the caller cannot offer directly; null likewise.")] string? Direct,
    [property: OneOf(typeof(TradeRefusal), Letters.AsNamed)]
    [property: Description("Why the caller cannot accept an offer; null likewise.")] string? Accept);
