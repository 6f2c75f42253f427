using System.ComponentModel;
using System.Globalization;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;
using Busbar.Ledger.Trading;
using Busbar.Node.Access;
using Busbar.Node.Market;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>What a trade comes to before anybody signs it.</summary>
internal static class MarketQuotesApi
{
    private const string HowMuch = "How much, in mWh.";
    private const string AtWhat = "The price of a kWh, in wei.";

    // As the contract keeps them.
    private static readonly UInt128 MostPrice = (UInt128.One << 96) - 1;

    public static Results<Ok<PurchaseQuoteDocument>, ProblemHttpResult> Purchase(
        NodeParts parts, RequestAccess access, string id, [Description(HowMuch)] string? energyMwh)
    {
        if (MarketApi.Terms(parts) is not { } terms)
            return MarketApi.NoMarket();
        if (!Hash256.TryParse(id, out var hash) || parts.Ledger!.Market.Advert(hash) is not { } advert)
            return Problems.NotFound("there never was such an advert");
        if (ReadEnergy(energyMwh) is not { } energy)
            return NotEnergy();
        var (now, buyer) = (parts.Clock!.GetCurrentInstant(), access.Caller.Address);
        var price = advert.Terms.Price;
        var at = Instant.Max(now, price.Posted);
        var bought = buyer is { } account ? parts.Ledger.Market.BoughtOnDayOf(account, now) : Energy.Zero;
        var share = price.ShareFor(energy, at);
        var tax = terms.Tax.TaxOn(share, bought, energy);
        var holds = Instant.Min(price.NextStepAfter(at) ?? price.End, MarketApi.DayEnd(now));
        return TypedResults.Ok(new PurchaseQuoteDocument(
            advert.Id.ToString(),
            MarketForms.Number(energy),
            BillingApi.Wei(price.At(at)),
            BillingApi.Wei(share),
            MarketForms.Slabs(terms.Tax, share, bought, energy),
            BillingApi.Wei(tax),
            BillingApi.Wei(share + tax),
            BillingApi.Wei(share + tax),
            Forms.Text(holds),
            MarketForms.Number(bought),
            MarketForms.Text(new TradeJudge(parts.Ledger, now).Buy(advert, energy, share, share + tax, buyer))));
    }

    public static Results<Ok<AdvertQuoteDocument>, ProblemHttpResult> Advert(
        NodeParts parts, RequestAccess access, uint? microgrid, [Description(HowMuch)] string? energyMwh, [Description(AtWhat)] string? priceWei)
    {
        if (MarketApi.Terms(parts) is not { } terms)
            return MarketApi.NoMarket();
        if (ReadEnergy(energyMwh) is not { } energy)
            return NotEnergy();
        if (ReadPrice(priceWei) is not { } first)
            return NotPrice();
        var (now, grid) = (parts.Clock!.GetCurrentInstant(), new MicrogridId(microgrid ?? 1));
        var price = new AdvertPrice(first, terms.StepShare, now, terms.AdvertLife);
        var hours = new List<AdvertHourDocument>();
        for (Instant? from = now; from is { } at; from = price.NextStepAfter(at))
            hours.Add(new(Forms.Text(at), BillingApi.Wei(price.At(at)), BillingApi.Wei(price.ShareFor(energy, at))));
        return TypedResults.Ok(new AdvertQuoteDocument(
            hours,
            Forms.Text(price.End),
            access.Caller.Address is { } seller ? MarketForms.Number(parts.Ledger!.Market.Credit(grid, seller).Free) : null,
            MarketForms.Text(new TradeJudge(parts.Ledger!, now).Advertise(grid, energy, first, access.Caller.Address))));
    }

    public static Results<Ok<DemandQuoteDocument>, ProblemHttpResult> Demand(
        NodeParts parts, RequestAccess access, uint? microgrid, [Description(HowMuch)] string? energyMwh, [Description(AtWhat)] string? priceWei,
        [Description("When it ends, as RFC 3339; an hour from now when not told.")] string? until)
    {
        if (MarketApi.Terms(parts) is not { } terms)
            return MarketApi.NoMarket();
        if (ReadEnergy(energyMwh) is not { } energy)
            return NotEnergy();
        if (ReadPrice(priceWei) is not { } price)
            return NotPrice();
        var now = parts.Clock!.GetCurrentInstant();
        if ((until is null ? now + Duration.FromHours(1) : Forms.Read(until)) is not { } end)
            return Problems.BadRequest("until is an instant such as 2026-01-31T10:15:00Z");
        var (buyer, grid) = (access.Caller.Address, new MicrogridId(microgrid ?? 1));
        var demand = new DemandTerms(buyer ?? default, grid, energy, price, now, end, terms.Tax.HighestShare, false);
        var bought = buyer is { } account ? parts.Ledger!.Market.BoughtOnDayOf(account, now) : Energy.Zero;
        return TypedResults.Ok(new DemandQuoteDocument(
            BillingApi.Wei(demand.Share),
            BillingApi.Wei(demand.Locked - demand.Share),
            BillingApi.Wei(demand.Locked),
            MarketForms.Slabs(terms.Tax, demand.Share, bought, energy),
            BillingApi.Wei(terms.Tax.TaxOn(demand.Share, bought, energy)),
            Forms.Text(end),
            MarketForms.Text(new TradeJudge(parts.Ledger!, now).Demand(demand, buyer))));
    }

    public static Results<Ok<OfferQuoteDocument>, ProblemHttpResult> Offer(NodeParts parts, RequestAccess access, string id)
    {
        if (MarketApi.Terms(parts) is not { } terms)
            return MarketApi.NoMarket();
        if (!Hash256.TryParse(id, out var hash) || parts.Ledger!.Market.Demand(hash) is not { } demand)
            return Problems.NotFound("there never was such a demand");
        var (now, caller) = (parts.Clock!.GetCurrentInstant(), access.Caller.Address);
        var judge = new TradeJudge(parts.Ledger, now);
        var (share, energy) = (demand.Terms.Share, demand.Terms.Energy);
        var bought = parts.Ledger.Market.BoughtOnDayOf(demand.Terms.Buyer, now);
        // Should the table have risen since, the buyer pays no more than was locked.
        var due = terms.Tax.TaxOn(share, bought, energy);
        var most = demand.Terms.Locked - share;
        return TypedResults.Ok(new OfferQuoteDocument(
            BillingApi.Wei(share),
            MarketForms.Slabs(terms.Tax, share, bought, energy),
            BillingApi.Wei(due < most ? due : most),
            BillingApi.Wei(due < most ? most - due : Coin.Zero),
            caller is { } stored ? MarketForms.Text(judge.Offer(demand, true, stored)) : null,
            caller is { } direct ? MarketForms.Text(judge.Offer(demand, false, direct)) : null,
            caller is { } buyer ? MarketForms.Text(judge.Accept(demand, buyer)) : null));
    }

    private static Energy? ReadEnergy(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var energy) && energy >= 1 && energy <= TradeJudge.Most.MilliwattHours
            ? Energy.FromMilliwattHours(energy)
            : null;

    private static Price? ReadPrice(string? text) =>
        UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var price) && price >= 1 && price <= MostPrice
            ? Price.FromWeiPerKilowattHour(price)
            : null;

    private static ProblemHttpResult NotEnergy() => Problems.BadRequest("energyMwh is a whole number from 1 to 100000000000");

    private static ProblemHttpResult NotPrice() => Problems.BadRequest("priceWei is a whole number of wei a kWh from 1 to 2^96 - 1");
}
