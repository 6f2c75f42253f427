using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Cli.Trade;

/// <summary>The commands that look at the market.</summary>
internal static class MarketReadings
{
    private const int UsualRows = 24;

    public static IReadOnlyList<Command> All(TraderKind kind) => [Market(kind), Show(kind), Rules(kind), Standing(kind), Deliveries(kind), Prices(kind)];

    private static Command Market(TraderKind kind)
    {
        var mine = new Option<bool>("--mine") { Description = "only what is your own, also what is over and not taken off" };
        var microgrid = new Option<uint?>("--microgrid") { Description = "only of this microgrid" };
        var order = new Option<string>("--order")
        {
            Description = "price (best first), newest or ending",
            DefaultValueFactory = _ => "price",
        };
        order.AcceptOnlyFromAmong("price", "newest", "ending");
        var most = TradeArguments.Coins("--most-price", "adverts of at most this price of a kWh now, coins");
        var least = TradeArguments.OptionalEnergy("--least", "of at least so much, as Wh or kWh");
        var limit = ReadCommand.Limit();
        var command = new Command("market", "What is for sale and what is wanted: price now, next step, time left.")
        {
            mine, microgrid, order, most, least, limit,
        };
        return ReadCommand.Complete(kind, command, result => result.GetValue(mine), async (parsed, desk, cancellation) =>
        {
            var question = $"limit={parsed.GetValue(limit)}&order={parsed.GetValue(order)}{(parsed.GetValue(mine) ? "&whose=own" : "")}"
                + $"{(parsed.GetValue(microgrid) is { } grid ? $"&microgrid={grid}" : "")}"
                + $"{(parsed.GetValue(least) is { } some ? $"&leastMwh={some.MilliwattHours}" : "")}";
            var price = parsed.GetValue(most) is { } ceiling ? $"&maxPriceWei={ceiling.Wei}" : "";
            return JsonSerializer.SerializeToElement(new
            {
                now = InstantPattern.ExtendedIso.Format(await desk.NowAsync(cancellation)),
                adverts = await desk.Api.GetAsync($"market/adverts?{question}{price}", cancellation),
                demands = await desk.Api.GetAsync($"market/demands?{question}", cancellation),
            });
        }, (document, _, _) => Task.FromResult(MarketText.Board(document)));
    }

    private static Command Show(TraderKind kind)
    {
        var what = new Argument<string>("what") { Description = "advert, demand or delivery" };
        what.AcceptOnlyFromAmong("advert", "demand", "delivery");
        var id = TradeArguments.Id("id", "what the market names it by");
        return ReadCommand.Complete(
            kind,
            new Command("show", "One advert, demand or delivery, also when it is over.") { what, id },
            _ => false,
            (parsed, desk, cancellation) => desk.Api.GetAsync(
                $"market/{(parsed.GetRequiredValue(what) == "delivery" ? "deliveries" : parsed.GetRequiredValue(what) + "s")}"
                + $"/{parsed.GetRequiredValue(id)}",
                cancellation),
            async (document, desk, cancellation) => MarketText.One(document, await desk.NowAsync(cancellation)));
    }

    private static Command Rules(TraderKind kind) => ReadCommand.Complete(
        kind,
        new Command("rules", "The rules now: tax by slabs, steps of price, lives, bounds."),
        _ => false,
        (_, desk, cancellation) => desk.Api.GetAsync("market", cancellation),
        (document, _, _) => Task.FromResult(MarketText.Rules(document.GetProperty("terms"))));

    private static Command Standing(TraderKind kind) => ReadCommand.Complete(
        kind,
        new Command("standing", "How you stand: coins and credit that are free, what you bought today, and why you may not trade."),
        _ => true,
        (_, desk, cancellation) => desk.Api.GetAsync("market", cancellation),
        (document, _, _) => Task.FromResult(MarketText.Standing(document)));

    private static Command Deliveries(TraderKind kind)
    {
        var mine = new Option<bool>("--mine") { Description = "only where you buy or sell, with what the meters tell meanwhile" };
        var stage = new Option<string?>("--stage") { Description = "open or ended; both by default" };
        stage.AcceptOnlyFromAmong("open", "ended");
        var limit = ReadCommand.Limit();
        var command = new Command("deliveries", "What was bought, newest first, and how each delivery stands.") { mine, stage, limit };
        command.Aliases.Add("trades");
        return ReadCommand.Complete(
            kind,
            command,
            result => result.GetValue(mine),
            (parsed, desk, cancellation) => desk.Api.GetAsync(
                $"market/deliveries?limit={parsed.GetValue(limit)}{(parsed.GetValue(mine) ? "&whose=own" : "")}"
                + (parsed.GetValue(stage) is { } one ? $"&stage={one}" : ""),
                cancellation),
            async (document, desk, cancellation) => MarketText.Deliveries(document, await desk.NowAsync(cancellation)));
    }

    private static Command Prices(TraderKind kind)
    {
        var step = new Option<string>("--step") { Description = "hour, day or week: how long a row is", DefaultValueFactory = _ => "day" };
        step.AcceptOnlyFromAmong("hour", "day", "week");
        var from = TradeArguments.Instant("--from", $"the first instant; {UsualRows} steps before --to by default");
        var to = TradeArguments.Instant("--to", "the first instant after; now by default");
        var microgrid = new Option<uint?>("--microgrid") { Description = "only of this microgrid" };
        var command = new Command("prices", "What energy was bought at, over time.") { step, from, to, microgrid };
        return ReadCommand.Complete(
            kind,
            command,
            _ => false,
            async (parsed, desk, cancellation) =>
            {
                var each = parsed.GetRequiredValue(step);
                var end = parsed.GetValue(to) ?? (await desk.NowAsync(cancellation) + Duration.FromSeconds(1));
                var begin = parsed.GetValue(from) ?? (end - (UsualRows * LengthOf(each)));
                var grid = parsed.GetValue(microgrid) is { } one ? string.Create(CultureInfo.InvariantCulture, $"&microgrid={one}") : "";
                var form = InstantPattern.ExtendedIso;
                return await desk.Api.GetAsync(
                    $"market/prices?step={each}&from={form.Format(begin)}&to={form.Format(end)}{grid}", cancellation);
            },
            (document, _, _) => Task.FromResult(MarketText.Prices(document)));
    }

    private static Duration LengthOf(string step) => step switch
    {
        "hour" => Duration.FromHours(1),
        "day" => Duration.FromDays(1),
        _ => Duration.FromDays(7),
    };
}
