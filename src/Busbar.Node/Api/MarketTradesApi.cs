using System.ComponentModel;
using System.Globalization;
using System.Numerics;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Trading;
using Busbar.Ledger.Trading;
using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>What was traded: deliveries, and the prices that they were bought at.</summary>
internal static class MarketTradesApi
{
    /// <summary>How many lines a table has at most.</summary>
    public const int MostLines = 10_000;

    /// <summary>What the table of deliveries is, for the API's description.</summary>
    public static readonly Streamed Form = new(
        "text/csv", "A line for each purchase, newest first; times of the community's zone (RFC 4180).", MarketCsv.TradesExample);

    /// <summary>What the table of prices is.</summary>
    public static readonly Streamed PricesForm = new(
        "text/csv", "A line for each row; times of the community's zone, empty where nothing was bought (RFC 4180).", MarketCsv.PricesExample);

    public static Results<Ok<Page<TradeRow>>, ProblemHttpResult> Deliveries(
        NodeParts parts, RequestAccess access, [Description("all, or own: where the caller buys or sells.")] string? whose,
        [Description("open or ended; both when not told.")] string? stage, string? cursor, int? limit)
    {
        if (MarketApi.Terms(parts) is not { } terms)
            return MarketApi.NoMarket();
        if (Whose(whose, access, out var account) is { } refused)
            return refused;
        if (cursor is not null && !Hash256.TryParse(cursor, out _))
            return Problems.BadRequest("cursor is the next of the page before");
        if (stage is not (null or "open" or "ended"))
            return Problems.BadRequest("stage is open or ended");
        var most = PageLimit.Of(limit);
        var some = parts.Ledger!.Market.DeliveriesBefore(
            cursor is null ? null : Hash256.Parse(cursor), account, stage is null ? null : stage == "ended", most + 1);
        var forms = MarketApi.FormsOf(parts, terms, access, parts.Clock!.GetCurrentInstant());
        var rows = some.Take(most).Select(forms.Row).ToList();
        return TypedResults.Ok(new Page<TradeRow>(rows, some.Count > most ? rows[^1].Id : null));
    }

    public static Results<Ok<TradeRow>, ProblemHttpResult> Delivery(NodeParts parts, RequestAccess access, string id) =>
        MarketApi.Terms(parts) is not { } terms ? MarketApi.NoMarket()
        : Hash256.TryParse(id, out var hash) && parts.Ledger!.Market.Delivery(hash) is { } delivery
            ? TypedResults.Ok(MarketApi.FormsOf(parts, terms, access, parts.Clock!.GetCurrentInstant()).Row(delivery))
            : Problems.NotFound("nothing was ever bought under this id");

    public static Results<ContentHttpResult, ProblemHttpResult> Csv(
        NodeParts parts, NodeOptions options, RequestAccess access, HttpContext context,
        [Description("all, or own: where the caller buys or sells.")] string? whose)
    {
        if (MarketApi.Terms(parts) is not { } terms)
            return MarketApi.NoMarket();
        if (Whose(whose, access, out var account) is { } refused)
            return refused;
        var forms = MarketApi.FormsOf(parts, terms, access, parts.Clock!.GetCurrentInstant());
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        MarketCsv.Write(text, parts.Ledger!.Market.DeliveriesBefore(null, account, null, MostLines).Select(forms.Row), options.Community.Zone);
        return Table(context, text, "trades.csv");
    }

    public static Results<Ok<PricesDocument>, ProblemHttpResult> Prices(
        NodeParts parts, NodeOptions options, [AsParameters] PriceQuestion asked) =>
        MarketApi.Terms(parts) is null ? MarketApi.NoMarket()
        : asked.Boundaries(options.Community.Zone, out var step) is { } boundaries
            ? TypedResults.Ok(new PricesDocument(
                MarketForms.Camel(step.ToString()), options.Community.Zone.Id, [.. Rows(parts, boundaries, asked.Microgrid)]))
            : asked.Refusal();

    public static Results<ContentHttpResult, ProblemHttpResult> PricesCsv(
        NodeParts parts, NodeOptions options, HttpContext context, [AsParameters] PriceQuestion asked)
    {
        if (MarketApi.Terms(parts) is null)
            return MarketApi.NoMarket();
        if (asked.Boundaries(options.Community.Zone, out _) is not { } boundaries)
            return asked.Refusal();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        MarketCsv.Write(text, Rows(parts, boundaries, asked.Microgrid), options.Community.Zone);
        return Table(context, text, "prices.csv");
    }

    /// <summary>Whose things are asked for; a refusal when it is no such word, or nobody's.</summary>
    public static ProblemHttpResult? Whose(string? text, RequestAccess access, out Address? account)
    {
        account = text == "own" ? access.Caller.Address : null;
        return text is not (null or "all" or "own") ? Problems.BadRequest("whose is all or own")
            : text == "own" && access.Caller.Account is null
                ? Problems.Problem(StatusCodes.Status401Unauthorized, "SignInFirst", "sign in to see what is your own")
            // Without an address there is nothing of one's own on the ledger; nobody's is the zero address.
            : text == "own" && account is null ? Nobody(out account)
            : null;
    }

    private static ProblemHttpResult? Nobody(out Address? account)
    {
        account = default(Address);
        return null;
    }

    private static ContentHttpResult Table(HttpContext context, StringWriter text, string name)
    {
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        return TypedResults.Content(text.ToString(), "text/csv", Encoding.UTF8);
    }

    private static IEnumerable<PriceRow> Rows(NodeParts parts, IReadOnlyList<Instant> boundaries, uint? microgrid)
    {
        var all = parts.Ledger!.Market.DeliveriesOpened(boundaries[0], boundaries[^1])
            .Where(one => !one.Terms.IsDraw && (microgrid is null || one.Terms.Microgrid.Number == microgrid))
            .ToList();
        var next = 0;
        for (var row = 0; row < boundaries.Count - 1; row++)
        {
            var first = next;
            while (next < all.Count && all[next].Opened.Time < boundaries[row + 1])
                next++;
            yield return Row(boundaries[row], boundaries[row + 1], all.GetRange(first, next - first));
        }
    }

    private static PriceRow Row(Instant start, Instant end, List<BoardDelivery> bought)
    {
        var energy = bought.Sum(one => one.Terms.Energy.MilliwattHours);
        var share = bought.Aggregate(BigInteger.Zero, (sum, one) => sum + (BigInteger)one.Terms.Share.Wei);
        return new(
            Forms.Text(start),
            Forms.Text(end),
            bought.Count,
            Forms.Number(energy),
            Forms.Number(bought.Sum(one => one.Delivered.MilliwattHours)),
            bought.Count == 0 ? null : BillingApi.Wei(bought.Min(one => MarketForms.PriceOf(one.Terms))),
            bought.Count == 0 ? null : BillingApi.Wei(bought.Max(one => MarketForms.PriceOf(one.Terms))),
            bought.Count == 0 ? null : (share * 1_000_000 / energy).ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>Which prices are asked for.</summary>
internal sealed record PriceQuestion
{
    [Description("Only of this microgrid; of all when not told.")]
    [FromQuery(Name = "microgrid")]
    public uint? Microgrid { get; init; }

    [Description("The first instant; rows begin at or before it.")]
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    [Description("The first instant after the span; rows end at or after it.")]
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    [Description("hour, day or week (from Monday on).")]
    [FromQuery(Name = "step")]
    public string? Step { get; init; }

    /// <summary>Where the rows begin and end; null when the question cannot be answered.</summary>
    public IReadOnlyList<Instant>? Boundaries(DateTimeZone zone, out PriceStep step)
    {
        if (!Choice.TryRead(Step, out step) || step == PriceStep.None
            || Forms.Read(From) is not { } from || Forms.Read(To) is not { } to || to <= from)
            return null;
        try
        {
            return PriceCalendar.Boundaries(from, to, step, zone);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Why it cannot.</summary>
    public ProblemHttpResult Refusal() =>
        !Choice.TryRead<PriceStep>(Step, out var step) || step == PriceStep.None ? Problems.BadRequest("step is hour, day or week")
        : Forms.Read(From) is not { } from || Forms.Read(To) is not { } to || to <= from
            ? Problems.BadRequest("from and to are instants such as 2026-01-31T00:00:00Z, to after from")
            : Problems.BadRequest($"that would be more than {PriceCalendar.MaximumRows} rows; take longer steps or a shorter time");
}
