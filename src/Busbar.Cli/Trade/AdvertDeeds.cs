using Busbar.Domain.Quantities;
using Busbar.Ledger.Contracts;

namespace Busbar.Cli.Trade;

/// <summary>Selling from the store and buying of adverts.</summary>
internal static class AdvertDeeds
{
    public static DeedVerb Sell()
    {
        var energy = TradeArguments.Energy("how much, as Wh or kWh such as 500Wh or 0.5kWh");
        var price = TradeArguments.Price("of a kWh in the first hour, coins such as 0.1; it rises by itself each hour");
        var microgrid = TradeArguments.Microgrid();
        return new(
            "sell", "Advertises energy that you have in the store.", [energy, price, microgrid],
            async (parsed, desk, cancellation) =>
            {
                var (amount, first) = (parsed.GetRequiredValue(energy), parsed.GetRequiredValue(price));
                var grid = await desk.MicrogridAsync(parsed.GetValue(microgrid), cancellation);
                var quote = await desk.Api.GetAsync(
                    $"market/quotes/advert?microgrid={grid}&energyMwh={amount.MilliwattHours}&priceWei={first.WeiPerKilowattHour}",
                    cancellation);
                var facts = quote.List("hours")
                    .Select(hour => ($"bought from {hour.Text("from")} on", $"{Figures.Coins(hour.Coins("shareWei"))} for all of it"))
                    .Append(("over at", quote.Text("end")));
                return new(
                    $"Sell {Figures.Energy(amount)} at {first} coins a kWh",
                    await desk.ContractAsync("board", cancellation),
                    Board.EncodeAdvertise(grid, (ulong)amount.MilliwattHours, first.WeiPerKilowattHour))
                {
                    Facts = [.. facts, .. Free(quote.TextOrNull("freeMwh") is null ? null : quote.Energy("freeMwh"))],
                    Quote = quote,
                    Refusal = quote.TextOrNull("refusal"),
                };
            });
    }

    public static DeedVerb Withdraw()
    {
        var advert = TradeArguments.Id("advert", "the advert");
        return new(
            "withdraw", "Takes an advert off; what nobody bought of it is your credit again.", [advert],
            async (parsed, desk, cancellation) =>
            {
                var row = await desk.Api.GetAsync($"market/adverts/{parsed.GetRequiredValue(advert)}", cancellation);
                return new(
                    "Take an advert off", await desk.ContractAsync("board", cancellation), Board.EncodeCloseAdvert(row.Words()))
                {
                    Facts = [("yours again", Figures.Energy(row.Energy("leftMwh")))],
                    Refusal = row.Text("state") == "closed" ? "AdvertNotLive" : null,
                };
            });
    }

    public static DeedVerb Buy()
    {
        var advert = TradeArguments.Id("advert", "the advert");
        var energy = TradeArguments.OptionalEnergy("--energy", "how much of it, as Wh or kWh; all that is left by default");
        var most = TradeArguments.Coins("--most", "the most to pay with the tax, coins; what it comes to now by default");
        return new("buy", "Buys an advert, or a part of it.", [advert, energy, most], async (parsed, desk, cancellation) =>
        {
            var id = parsed.GetRequiredValue(advert);
            var row = await desk.Api.GetAsync($"market/adverts/{id}", cancellation);
            var (left, board) = (row.Energy("leftMwh"), await desk.ContractAsync("board", cancellation));
            var (amount, now) = (parsed.GetValue(energy) ?? left, await desk.NowAsync(cancellation));
            // Of nothing there is no quote.
            if (amount == Energy.Zero)
                return new("Buy of an advert", board, []) { Refusal = row.Instant("end") <= now ? "AdvertExpired" : "AdvertNotLive" };
            var quote = await desk.Api.GetAsync($"market/adverts/{id}/quote?energyMwh={amount.MilliwattHours}", cancellation);
            var allowed = parsed.GetValue(most) ?? quote.Coins("mostWei");
            var holds = Figures.Left(now, quote.Instant("holdsUntil"));
            return new(
                $"Buy {Figures.Energy(amount)} of the {Figures.Energy(left)} of an advert",
                board,
                Board.EncodeBuy(row.Words(), (ulong)amount.MilliwattHours, (UInt128)allowed.Wei))
            {
                Facts =
                [
                    ("price now", Figures.Price(quote.Coins("priceWei"))),
                    ("for the seller", Figures.Coins(quote.Coins("shareWei"))),
                    .. Figures.Slabs(quote),
                    ("in all", $"{Figures.Coins(quote.Coins("totalWei"))}, locked until it is delivered; holds for {holds}"),
                    ("you pay at most", Figures.Coins(allowed)),
                ],
                Quote = quote,
                Refusal = quote.TextOrNull("refusal") ?? (quote.Coins("totalWei") > allowed ? "TotalAboveMaximum" : null),
            };
        });
    }

    public static DeedVerb Draw()
    {
        var energy = TradeArguments.Energy("how much, as Wh or kWh such as 500Wh or 0.5kWh");
        var microgrid = TradeArguments.Microgrid();
        return new(
            "draw", "Draws your own credit in the store, which costs nothing.", [energy, microgrid],
            async (parsed, desk, cancellation) =>
            {
                var (amount, grid) = (parsed.GetRequiredValue(energy), await desk.MicrogridAsync(parsed.GetValue(microgrid), cancellation));
                var credits = await desk.TraderAsync(cancellation) is { } trader ? trader.List("credits") : [];
                var free = credits.Where(credit => credit.GetProperty("microgrid").GetUInt32() == grid)
                    .Select(credit => (Energy?)credit.Energy("freeMwh")).FirstOrDefault();
                return new(
                    $"Draw {Figures.Energy(amount)} of your own from the store",
                    await desk.ContractAsync("board", cancellation),
                    Board.EncodeDraw(grid, (ulong)amount.MilliwattHours))
                {
                    Facts = [("costs", "nothing; it is delivered to your meter, and no bill charges it"), .. Free(free)],
                    Refusal = free < amount ? "CreditTooLittle" : null,
                };
            });
    }

    public static DeedVerb Free()
    {
        var delivery = TradeArguments.Id("delivery", "the delivery");
        return new(
            "free", "Frees what nobody settled in time: the money goes back to the buyer, the rest of the credit to the seller.",
            [delivery],
            async (parsed, desk, cancellation) =>
            {
                var row = await desk.Api.GetAsync($"market/deliveries/{parsed.GetRequiredValue(delivery)}", cancellation);
                return new("Free a delivery", await desk.ContractAsync("board", cancellation), Board.EncodeExpire(row.Words()))
                {
                    Facts = [("may be freed from", row.Text("freedFrom")), ("stage", row.Text("stage"))],
                };
            });
    }

    private static IEnumerable<(string Name, string Value)> Free(Energy? free) =>
        free is { } known ? [("you have free", Figures.Energy(known))] : [];
}
