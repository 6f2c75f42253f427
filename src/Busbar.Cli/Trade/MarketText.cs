using System.Text.Json;
using NodaTime;

namespace Busbar.Cli.Trade;

/// <summary>The market's documents as lines for a person.</summary>
internal static class MarketText
{
    /// <summary>Adverts and demands; their ids are what the verbs take them by.</summary>
    public static IEnumerable<string> Board(JsonElement document)
    {
        var now = document.Instant("now");
        var (adverts, demands) = (document.GetProperty("adverts"), document.GetProperty("demands"));
        return
        [
            "For sale",
            .. Rows(adverts, "nothing is for sale", row => Advert(row, now)),
            "Wanted",
            .. Rows(demands, "nobody asks for energy", row => Demand(row, now)),
        ];
    }

    /// <summary>An advert, a demand or a delivery, by its own members.</summary>
    public static IEnumerable<string> One(JsonElement row, Instant now) =>
        row.TryGetProperty("leftMwh", out _) ? Advert(row, now)
        : row.TryGetProperty("offers", out _) ? Demand(row, now)
        : Delivery(row, now);

    /// <summary>The rules that trades made now begin under.</summary>
    public static IEnumerable<string> Rules(JsonElement terms) =>
    [
        .. terms.List("tax").Select(slab => $"tax of {Figures.Share(slab.GetProperty("share").GetInt32())} on what is bought on a day (UTC) "
            + (slab.IsNull("untilMwh") ? "above that" : $"up to {Figures.Energy(slab.Energy("untilMwh"))}")),
        $"an advert rises by {Figures.Share(terms.GetProperty("stepShare").GetInt32())} of its first price each hour, "
            + $"and is over after {Span(terms, "advertSeconds")}",
        $"a demand waits for at most {Span(terms, "demandSeconds")}",
        $"from {Figures.Energy(terms.Energy("leastMwh"))} to {Figures.Energy(terms.Energy("mostMwh"))}, "
            + $"at most {Figures.Price(terms.Coins("ceilingWei"))}",
        $"a delivery has {Span(terms, "deliverySeconds")}; "
            + $"{Figures.Share(terms.GetProperty("lossShare").GetInt32())} may be lost on the way",
    ];

    /// <summary>How the caller stands.</summary>
    public static IEnumerable<string> Standing(JsonElement document)
    {
        if (document.IsNull("trader"))
            return ["this account takes no part"];
        var trader = document.GetProperty("trader");
        return
        [
            $"{trader.Text("account")}, {trader.TextOrNull("role") ?? "no participant"}",
            $"  coins free    {Figures.Coins(trader.Coins("freeWei"))}",
            .. trader.List("credits").Select(credit =>
                $"  in store {credit.GetProperty("microgrid").GetUInt32()}    {Figures.Energy(credit.Energy("freeMwh"))} free, "
                + $"{Figures.Energy(credit.Energy("committedMwh"))} on sale or sold"),
            $"  bought today  {Figures.Energy(trader.Energy("boughtTodayMwh"))}; the tax's day ends {trader.Text("dayEnds")}",
            .. May(trader, "mayNotBuy", "cannot buy"),
            .. May(trader, "mayNotSell", "cannot sell"),
        ];
    }

    /// <summary>What was bought.</summary>
    public static IEnumerable<string> Deliveries(JsonElement page, Instant now) =>
        Rows(page, "nothing was bought", row => Delivery(row, now));

    /// <summary>A row of a series: lowest, average and highest price.</summary>
    public static IEnumerable<string> Prices(JsonElement document) => document.List("rows").Select(row =>
        row.IsNull("averageWei")
            ? $"{row.Text("start")}  nothing bought"
            : $"{row.Text("start")}  {row.Coins("lowestWei")} to {row.Coins("highestWei")}, "
                + $"on average {Figures.Price(row.Coins("averageWei"))}; "
                + $"{Figures.Energy(row.Energy("energyMwh"))} in {row.GetProperty("trades").GetInt32()} purchases");

    private static IEnumerable<string> Rows(JsonElement page, string none, Func<JsonElement, IEnumerable<string>> lines) =>
        page.GetProperty("items").GetArrayLength() == 0
            ? [$"  {none}"]
            : [.. page.List("items").SelectMany(lines), .. ReadCommand.More(page)];

    private static IEnumerable<string> Advert(JsonElement row, Instant now)
    {
        var step = row.IsNull("next") ? "no further step"
            : $"{row.GetProperty("next").Coins("priceWei")} in {Figures.Left(now, row.GetProperty("next").Instant("at"))}";
        var left = row.Text("state") == "live" ? $"ends in {Figures.Left(now, row.Instant("end"))}" : row.Text("state");
        yield return row.Text("id");
        yield return $"  {Figures.Energy(row.Energy("leftMwh"))} of {Figures.Energy(row.Energy("energyMwh"))} "
            + $"at {Figures.Price(row.Coins("priceWei"))}, {step}; {left}";
        yield return $"  {Figures.Coins(row.Coins("totalWei"))} for all of it, {row.Coins("taxWei")} of that tax; "
            + $"from {row.Text("seller")}";
    }

    private static IEnumerable<string> Demand(JsonElement row, Instant now)
    {
        var left = row.Text("state") == "live" ? $"ends in {Figures.Left(now, row.Instant("end"))}" : row.Text("state");
        yield return row.Text("id");
        yield return $"  {Figures.Energy(row.Energy("energyMwh"))} at {Figures.Price(row.Coins("priceWei"))}, "
            + $"{Figures.Coins(row.Coins("shareWei"))} in all for the seller; {left}";
        yield return $"  {(row.GetProperty("firstCome").GetBoolean() ? "the first who offers has it" : "the buyer accepts one")}; "
            + $"by {row.Text("buyer")}";
        foreach (var offer in row.List("offers"))
        {
            var source = offer.GetProperty("stored").GetBoolean() ? "from the store" : "from their panels";
            yield return $"  offer of {offer.Text("seller")}, {source}";
        }
    }

    private static IEnumerable<string> Delivery(JsonElement row, Instant now)
    {
        var left = row.Text("stage") == "underWay" ? $"; time left {Figures.Left(now, row.Instant("deadline"))}" : "";
        yield return row.Text("id");
        yield return $"  {row.Text("kind")}, {row.Text("stage")}: {Figures.Energy(row.Energy("deliveredMwh"))} of "
            + $"{Figures.Energy(row.Energy("energyMwh"))} delivered, "
            + $"{row.Coins("paidWei")} of {Figures.Coins(row.Coins("shareWei"))} paid{left}";
        yield return $"  from {row.Text("seller")} to {row.Text("buyer")}, bought {row.Text("opened")}";
        if (row.IsNull("live"))
            yield break;
        foreach (var (side, name) in new[] { ("source", "sends"), ("sink", "receives") })
        {
            var meter = row.GetProperty("live").GetProperty(side);
            var seconds = meter.GetProperty("seconds").GetInt64();
            yield return $"  {name}: {meter.Text("stage")}, {Figures.Energy(meter.Energy("energyMwh"))} in {seconds} s"
                + (meter.IsNull("trouble") ? "" : $"; waits: {meter.Text("trouble")}");
        }
    }

    private static string Span(JsonElement terms, string name) => Figures.Span(terms.GetProperty(name).GetInt64());

    private static IEnumerable<string> May(JsonElement trader, string name, string words) =>
        trader.TextOrNull(name) is { } refusal ? [$"  {words}: {RefusalWords.Of(refusal)}"] : [];
}
