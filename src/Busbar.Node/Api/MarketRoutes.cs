using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Api;

/// <summary>The addresses of the market: who may use them, and what they are for. Every trade itself is a transaction of the person.</summary>
internal static class MarketRoutes
{
    private const string Row = "market.read";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/market", MarketApi.Read).Guard(Row)
            .Describe("market.read", "The market's rules and stores now, and how the caller stands in it.", "NotFound");
        api.MapGet("/market/adverts", MarketApi.Adverts).Guard(Row)
            .Describe(
                "market.adverts", "Energy for sale now, or the caller's own, whose time may be over; what has another price now comes elsewhere.",
                "NotFound", "BadRequest", "SignInFirst");
        api.MapGet("/market/adverts/{id}", MarketApi.Advert).Guard(Row)
            .Describe("market.advert", "An advert, also one that is over.", "NotFound");
        api.MapGet("/market/adverts/{id}/quote", MarketQuotesApi.Purchase).Guard(Row)
            .Describe("market.quote.purchase", "What buying of an advert comes to, to the wei, and why the ledger would refuse it.", "NotFound", "BadRequest");
        api.MapGet("/market/demands", MarketApi.Demands).Guard(Row)
            .Describe("market.demands", "Energy that is asked for now, or the caller's own demands, whose time may be over.", "NotFound", "BadRequest", "SignInFirst");
        api.MapGet("/market/demands/{id}", MarketApi.Demand).Guard(Row)
            .Describe("market.demand", "A demand with the offers to it, also one that is over.", "NotFound");
        api.MapGet("/market/demands/{id}/quote", MarketQuotesApi.Offer).Guard(Row)
            .Describe("market.quote.offer", "What taking a demand comes to, and why the ledger would refuse the caller's offer or acceptance.", "NotFound");
        api.MapGet("/market/quotes/advert", MarketQuotesApi.Advert).Guard(Row)
            .Describe("market.quote.advert", "What an advert would bring, hour by hour, and why the ledger would refuse it.", "NotFound", "BadRequest");
        api.MapGet("/market/quotes/demand", MarketQuotesApi.Demand).Guard(Row)
            .Describe("market.quote.demand", "What a demand would lock, and why the ledger would refuse it.", "NotFound", "BadRequest");
        api.MapGet("/market/deliveries", MarketTradesApi.Deliveries).Guard(Row)
            .Describe(
                "market.deliveries", "What was bought, newest first, and how each delivery stands.", "NotFound", "BadRequest", "SignInFirst");
        api.MapGet("/market/deliveries.csv", MarketTradesApi.Csv).Guard(Row)
            .Describe("market.deliveries.csv", "The newest 10,000 of them as a table for spreadsheets.", "NotFound", "BadRequest", "SignInFirst")
            .WithMetadata(MarketTradesApi.Form);
        api.MapGet("/market/deliveries/{id}", MarketTradesApi.Delivery).Guard(Row)
            .Describe("market.delivery", "What was bought, and how its delivery stands: live for buyer and seller.", "NotFound");
        api.MapGet("/market/prices", MarketTradesApi.Prices).Guard(Row)
            .Describe("market.prices", "What energy was bought at over time.", "NotFound", "BadRequest");
        api.MapGet("/market/prices.csv", MarketTradesApi.PricesCsv).Guard(Row)
            .Describe("market.prices.csv", "The same as a table for spreadsheets.", "NotFound", "BadRequest")
            .WithMetadata(MarketTradesApi.PricesForm);
    }
}
