using System.ComponentModel;
using System.Globalization;
using Busbar.Cryptography;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Trading;
using Busbar.Node.Access;
using Busbar.Node.Market;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>The market: its rules, what is for sale and what is asked for.</summary>
internal static class MarketApi
{
    public static Results<Ok<MarketDocument>, ProblemHttpResult> Read(NodeParts parts, RequestAccess access)
    {
        if (Terms(parts) is not { } terms)
            return NoMarket();
        var (market, now) = (parts.Ledger!.Market, parts.Clock!.GetCurrentInstant());
        return TypedResults.Ok(new MarketDocument(
            Document(terms),
            [.. Stores(parts.Ledger, now)],
            market.OpenAdverts.Count(advert => TradeJudge.IsOnSale(advert, now)),
            market.OpenDemands.Count(demand => demand.IsLiveAt(now)),
            market.OpenDeliveries.Count,
            access.Caller.Address is { } account ? Trader(parts.Ledger, account, now) : null));
    }

    public static Results<Ok<Page<AdvertRow>>, ProblemHttpResult> Adverts(
        NodeParts parts, RequestAccess access, [AsParameters] BoardQuestion asked,
        [Description("At most this price of a kWh now.")] string? maxPriceWei,
        [Description("At least so much is left.")] string? leastMwh)
    {
        if (Terms(parts) is not { } terms)
            return NoMarket();
        var reading = asked.Read(access);
        if (reading is not BoardReading.Read { Plan: var plan })
            return ((BoardReading.Refused)reading).Why;
        var most = UInt128.MaxValue;
        if (maxPriceWei is not null && !UInt128.TryParse(maxPriceWei, NumberStyles.None, CultureInfo.InvariantCulture, out most))
            return Problems.BadRequest("maxPriceWei is a whole number of wei");
        var least = 0L;
        if (leastMwh is not null && !long.TryParse(leastMwh, NumberStyles.None, CultureInfo.InvariantCulture, out least))
            return Problems.BadRequest("leastMwh is a whole number of mWh");
        var now = parts.Clock!.GetCurrentInstant();
        var forms = FormsOf(parts, terms, access, now);
        return TypedResults.Ok(plan.Page(
            new BoardLists(parts.Ledger!.Market).Adverts,
            now,
            one => (plan.Account is { } own ? one.Terms.Seller == own : TradeJudge.IsOnSale(one, now))
                && (plan.Microgrid is not { } microgrid || one.Terms.Microgrid.Number == microgrid)
                && one.Left.MilliwattHours >= least
                && one.Terms.Price.At(Instant.Max(now, one.Terms.Price.Posted)).WeiPerKilowattHour <= most,
            forms.Row));
    }

    public static Results<Ok<AdvertRow>, ProblemHttpResult> Advert(NodeParts parts, RequestAccess access, string id) =>
        Terms(parts) is not { } terms ? NoMarket()
        : Hash256.TryParse(id, out var hash) && parts.Ledger!.Market.Advert(hash) is { } advert
            ? TypedResults.Ok(FormsOf(parts, terms, access, parts.Clock!.GetCurrentInstant()).Row(advert))
            : Problems.NotFound("there never was such an advert");

    public static Results<Ok<Page<DemandRow>>, ProblemHttpResult> Demands(
        NodeParts parts, RequestAccess access, [AsParameters] BoardQuestion asked,
        [Description("At least so much is asked for.")] string? leastMwh)
    {
        if (Terms(parts) is not { } terms)
            return NoMarket();
        var reading = asked.Read(access);
        if (reading is not BoardReading.Read { Plan: var plan })
            return ((BoardReading.Refused)reading).Why;
        var least = 0L;
        if (leastMwh is not null && !long.TryParse(leastMwh, NumberStyles.None, CultureInfo.InvariantCulture, out least))
            return Problems.BadRequest("leastMwh is a whole number of mWh");
        var now = parts.Clock!.GetCurrentInstant();
        var forms = FormsOf(parts, terms, access, now);
        return TypedResults.Ok(plan.Page(
            new BoardLists(parts.Ledger!.Market).Demands,
            now,
            one => (plan.Account is { } own ? one.Terms.Buyer == own || one.Offers.Any(offer => offer.Seller == own) : one.IsLiveAt(now))
                && (plan.Microgrid is not { } microgrid || one.Terms.Microgrid.Number == microgrid)
                && one.Terms.Energy.MilliwattHours >= least,
            forms.Row));
    }

    public static Results<Ok<DemandRow>, ProblemHttpResult> Demand(NodeParts parts, RequestAccess access, string id) =>
        Terms(parts) is not { } terms ? NoMarket()
        : Hash256.TryParse(id, out var hash) && parts.Ledger!.Market.Demand(hash) is { } demand
            ? TypedResults.Ok(FormsOf(parts, terms, access, parts.Clock!.GetCurrentInstant()).Row(demand))
            : Problems.NotFound("there never was such a demand");

    /// <summary>The rules; null in a community without a market.</summary>
    public static MarketTerms? Terms(NodeParts parts) => parts.Ledger!.Market.Terms;

    public static MarketForms FormsOf(NodeParts parts, MarketTerms terms, RequestAccess access, Instant now) =>
        new(parts.Ledger!.Market, terms, access, parts.Standings, now);

    public static ProblemHttpResult NoMarket() => Problems.NotFound("this community has no market on its ledger");

    private static MarketTermsDocument Document(MarketTerms terms) => new(
        [
            new(Forms.Number(terms.Tax.FirstEnergy.MilliwattHours), terms.Tax.FirstShare),
            new(Forms.Number(terms.Tax.SecondEnergy.MilliwattHours), terms.Tax.SecondShare),
            new(null, terms.Tax.ThirdShare),
        ],
        terms.LossShare,
        (long)terms.DeliveryTime.TotalSeconds,
        (long)terms.SettlementTime.TotalSeconds,
        BillingApi.Wei(terms.Ceiling),
        terms.StepShare,
        (long)terms.AdvertLife.TotalSeconds,
        (long)TradeJudge.DemandLife.TotalSeconds,
        MarketForms.Number(TradeJudge.Least),
        MarketForms.Number(TradeJudge.Most));

    private static IEnumerable<StoreDocument> Stores(LedgerView ledger, Instant now)
    {
        var (rules, credits) = (ledger.Offices.Council.Rules(now), ledger.Market.Credits);
        foreach (var store in ledger.Market.Stores)
        {
            var (least, most) = (Rule("storageMinimumEnergy"), Rule("storageMaximumEnergy"));
            yield return new(
                store.Microgrid.Number,
                store.Meter.Key.ToString(),
                Forms.Text(store.MeasuredAt),
                MarketForms.Number(store.Level),
                Forms.Number(least),
                Forms.Number(most),
                Forms.Number(Math.Max(most - store.Level.MilliwattHours, 0)),
                Forms.Number(credits.Where(one => one.Microgrid == store.Microgrid).Sum(one => (one.Free + one.Committed).MilliwattHours)),
                (int)Rule("storageLossShare"));

            long Rule(string name) => rules.FirstOrDefault(rule => rule.Name == name) is { } rule
                ? (long)System.Numerics.BigInteger.Min(rule.Own.TryGetValue(store.Microgrid, out var own) ? own : rule.Value, long.MaxValue)
                : 0;
        }
    }

    private static TraderDocument Trader(LedgerView ledger, Address account, Instant now)
    {
        var (market, judge) = (ledger.Market, new TradeJudge(ledger, now));
        var (role, trader) = (judge.RoleOf(account), market.Trader(account));
        return new(
            account.ToString(),
            role == ParticipantRole.None ? null : role.ToString(),
            trader?.Meter?.Key.ToString(),
            trader?.Meter is null ? null : trader.Microgrid.Number,
            BillingApi.Wei(judge.FreeOf(account)),
            MarketForms.Number(market.BoughtOnDayOf(account, now)),
            Forms.Text(DayEnd(now)),
            MarketForms.Text(judge.Buying(account)),
            MarketForms.Text(judge.Selling(account)),
            [
                .. market.Stores.Select(store => market.Credit(store.Microgrid, account))
                    .Select(credit => new CreditDocument(credit.Microgrid.Number, MarketForms.Number(credit.Free), MarketForms.Number(credit.Committed))),
            ]);
    }

    /// <summary>When the day of the tax ends: days are UTC's.</summary>
    public static Instant DayEnd(Instant now) => now.InUtc().Date.PlusDays(1).AtMidnight().InUtc().ToInstant();
}

/// <summary>Which adverts or demands are asked for.</summary>
internal sealed record BoardQuestion
{
    [Description("Only of this microgrid; of all when not told.")]
    [FromQuery(Name = "microgrid")]
    public uint? Microgrid { get; init; }

    [Description("all, or own: the caller's, also those whose time is over.")]
    [FromQuery(Name = "whose")]
    public string? Whose { get; init; }

    [Description("price (the best first), newest, or ending (soonest first); price when not told.")]
    [FromQuery(Name = "order")]
    public string? Order { get; init; }

    [Description("The next of the page before; the list begins at its first when not told.")]
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>What is asked for, or why it cannot be answered.</summary>
    public BoardReading Read(RequestAccess access)
    {
        var order = BoardOrder.Price;
        if (Order is not null && !Choice.TryRead(Order, out order))
            return new BoardReading.Refused(Problems.BadRequest("order is price, newest or ending"));
        if (MarketTradesApi.Whose(Whose, access, out var account) is { } refused)
            return new BoardReading.Refused(refused);
        if (Cursor is null)
            return new BoardReading.Read(new(Microgrid, account, order, null, PageLimit.Of(Limit)));
        return Cursor.Split('-') is [var key, var id] && UInt128.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && Hash256.TryParse(id, out var hash)
            ? new BoardReading.Read(new(Microgrid, account, order, new BoardPlace(at, hash), PageLimit.Of(Limit)))
            : new BoardReading.Refused(Problems.BadRequest("cursor is the next of the page before"));
    }
}

/// <summary>A question about the board, read.</summary>
internal abstract record BoardReading
{
    private BoardReading()
    {
    }

    /// <summary>It can be answered.</summary>
    public sealed record Read(BoardPlan Plan) : BoardReading;

    /// <summary>It cannot.</summary>
    public sealed record Refused(ProblemHttpResult Why) : BoardReading;
}

/// <summary>Which part of a list is wanted.</summary>
/// <param name="Microgrid">Only there; null for everywhere.</param>
/// <param name="Account">Only theirs; null for everybody's.</param>
/// <param name="Order">In which order.</param>
/// <param name="After">The last place of the page before; null for the beginning.</param>
/// <param name="Most">How many.</param>
internal sealed record BoardPlan(uint? Microgrid, Address? Account, BoardOrder Order, BoardPlace? After, int Most)
{
    /// <summary>The page.</summary>
    public Page<TRow> Page<T, TRow>(BoardList<T> list, Instant now, Func<T, bool> isWanted, Func<T, TRow> row)
        where T : class
    {
        var some = list.First(Order, now, After, Most + 1, isWanted);
        return new(
            [.. some.Take(Most).Select(one => row(one.Row))],
            some.Count > Most ? string.Create(CultureInfo.InvariantCulture, $"{some[Most - 1].Place.Key}-{some[Most - 1].Place.Id}") : null);
    }
}
