using System.ComponentModel;
using Busbar.Domain.Trading;
using Busbar.Ledger.Trading;
using Busbar.Node.Api.Describing;
using Busbar.Node.Deliveries;

namespace Busbar.Node.Api;

/// <summary>What was bought, and how its delivery stands.</summary>
internal sealed record TradeRow(
    [property: Description("What the ledger names it by.")] string Id,
    [property: OneOf("advert", "demand", "draw"), Description("Of an advert or a demand; a draw is a member's own energy and costs nothing.")] string Kind,
    [property: Description("The advert or the demand; null for a draw.")] string? Origin,
    string Seller,
    string Buyer,
    uint Microgrid,
    [property: Description("The meter whose export counts.")] string Source,
    [property: Description("The meter whose import counts.")] string Sink,
    [property: Description("Out of the store; else the seller's export while it flows.")] bool Stored,
    string EnergyMwh,
    [property: Description("Of a kWh, for the seller.")] string PriceWei,
    [property: Description("For the seller, when all is delivered.")] string ShareWei,
    [property: Description("On it.")] string TaxWei,
    string Opened,
    [property: Description("Nothing delivered later counts.")] string Deadline,
    [property: Description("From then on anyone may free what nobody settled.")] string FreedFrom,
    [property: OneOf(typeof(DeliveryStage), Letters.Camel)] string Stage,
    [property: Description("As far as the ledger has it.")] string DeliveredMwh,
    [property: Description("To the seller so far.")] string PaidWei,
    [property: Description("Of tax so far.")] string PaidTaxWei,
    [property: Description("What went back to the buyer; null before it is over.")] string? RefundedWei,
    [property: Description("Null when the meters did not disagree.")] DisputeDocument? Dispute,
    [property: Description("What the contract takes it by.")] IReadOnlyList<string> Words,
    [property: Description("Where it was bought.")] PlaceDocument Place,
    [property: Description("Where it ended; null before.")] PlaceDocument? Ended,
    [property: Description("What this node knows beyond the ledger; only for buyer and seller and those who answer for all.")] LiveDeliveryDocument? Live);

/// <summary>What the source's meter shows and the buyer's does not.</summary>
internal sealed record DisputeDocument(
    [property: Description("What the source's meter shows, less the loss.")] string ClaimedMwh,
    [property: Description("Until when regulators may decide.")] string Until);

/// <summary>A delivery as its meters told it last.</summary>
internal sealed record LiveDeliveryDocument(
    LiveSideDocument Source,
    LiveSideDocument Sink,
    [property: Description("What keeps the node from settling it; null when nothing does.")] string? Trouble);

/// <summary>One meter of a delivery.</summary>
internal sealed record LiveSideDocument(
    string Meter,
    [property: OneOf(typeof(SideStage), Letters.Camel)] string Stage,
    [property: Description("Since when it counts; null before.")] string? Opened,
    [property: Description("For how long it has counted.")] long Seconds,
    string EnergyMwh,
    [property: OneOf(typeof(StopReason), Letters.Camel), Description("Why it stopped; null before.")] string? Reason,
    [property: Description("What keeps it from beginning; null when nothing does.")] string? Trouble);

/// <summary>What energy was traded at, over time.</summary>
internal sealed record PricesDocument(
    [property: OneOf(typeof(PriceStep), Letters.Camel)] string Step,
    string Zone,
    [property: Description("Oldest first; each begins where the one before ends.")] IReadOnlyList<PriceRow> Rows);

/// <summary>A row of a series of prices.</summary>
internal sealed record PriceRow(
    string Start,
    string End,
    [property: Description("How many purchases.")] int Trades,
    [property: Description("Bought.")] string EnergyMwh,
    [property: Description("Of that, delivered so far.")] string DeliveredMwh,
    [property: Description("The lowest price of a kWh, for the seller; null without a purchase.")] string? LowestWei,
    string? HighestWei,
    [property: Description("Weighted with the energy, rounded down.")] string? AverageWei);
