using System.CommandLine;
using System.Text.Json;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Ledger.Contracts;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Cli.Trade;

/// <summary>Asking for energy, offering it, and accepting.</summary>
internal static class DemandDeeds
{
    public static DeedVerb Request()
    {
        var energy = TradeArguments.Energy("how much, as Wh or kWh such as 500Wh or 0.5kWh");
        var price = TradeArguments.Price("of a kWh for the seller, coins such as 0.1");
        var firstCome = new Option<bool>("--first-come") { Description = "the first who offers has it; else you accept one of the offers" };
        var (end, microgrid) = (new EndOptions(Duration.FromHours(1)), TradeArguments.Microgrid());
        return new(
            "request", "Asks for energy, and locks the price with the highest tax.", [energy, price, firstCome, .. end.Options, microgrid],
            async (parsed, desk, cancellation) =>
            {
                var (amount, each) = (parsed.GetRequiredValue(energy), parsed.GetRequiredValue(price));
                var grid = await desk.MicrogridAsync(parsed.GetValue(microgrid), cancellation);
                var until = end.Read(parsed, await desk.NowAsync(cancellation));
                var quote = await desk.Api.GetAsync(
                    $"market/quotes/demand?microgrid={grid}&energyMwh={amount.MilliwattHours}&priceWei={each.WeiPerKilowattHour}"
                    + $"&until={InstantPattern.ExtendedIso.Format(until)}",
                    cancellation);
                return new(
                    $"Ask for {Figures.Energy(amount)} at {each} coins a kWh",
                    await desk.ContractAsync("demands", cancellation),
                    Demands.EncodeDemand(
                        grid,
                        (ulong)amount.MilliwattHours,
                        each.WeiPerKilowattHour,
                        (ulong)until.ToUnixTimeSeconds(),
                        parsed.GetValue(firstCome)))
                {
                    Facts =
                    [
                        ("for the seller", Figures.Coins(quote.Coins("shareWei"))),
                        .. Figures.Slabs(quote),
                        ("locked", $"{Figures.Coins(quote.Coins("lockedWei"))}; what the tax does not need is free again when it is taken"),
                        ("waits until", InstantPattern.ExtendedIso.Format(until)),
                        ("whose it is", parsed.GetValue(firstCome) ? "the first who offers has it" : "you accept one of the offers"),
                    ],
                    Quote = quote,
                    Refusal = quote.TextOrNull("refusal"),
                };
            });
    }

    public static DeedVerb TakeBack()
    {
        var demand = TradeArguments.Id("demand", "the demand");
        return new("take-back", "Takes a demand back; its money is free again.", [demand], async (parsed, desk, cancellation) =>
        {
            var row = await desk.Api.GetAsync($"market/demands/{parsed.GetRequiredValue(demand)}", cancellation);
            return new("Take a demand back", await desk.ContractAsync("demands", cancellation), Demands.EncodeCloseDemand(row.Words()))
            {
                Facts = [("free again", Figures.Coins(row.Coins("lockedWei")))],
                Refusal = row.Text("state") is "taken" or "closed" ? "DemandNotLive" : null,
            };
        });
    }

    public static DeedVerb Offer()
    {
        var demand = TradeArguments.Id("demand", "the demand");
        var direct = new Option<bool>("--direct") { Description = "your own export while it flows; else your credit in the store" };
        return new("offer", "Offers all that a demand asks for, at its price.", [demand, direct], async (parsed, desk, cancellation) =>
        {
            var (row, quote) = await AskAsync(desk, parsed.GetRequiredValue(demand), cancellation);
            var (own, firstCome) = (parsed.GetValue(direct), row.GetProperty("firstCome").GetBoolean());
            return new(
                $"Offer {Figures.Energy(row.Energy("energyMwh"))} {(own ? "straight from your panels" : "from your credit in the store")}",
                await desk.ContractAsync("demands", cancellation),
                Demands.EncodeOfferToSell(row.Words(), own))
            {
                Facts =
                [
                    ("price", Figures.Price(row.Coins("priceWei"))),
                    ("you get", Figures.Coins(quote.Coins("shareWei"))),
                    ("then", firstCome ? "the first offer has it: the delivery begins at once" : "the buyer chooses among the offers"),
                ],
                Quote = quote,
                Refusal = quote.TextOrNull(own ? "direct" : "stored"),
            };
        });
    }

    public static DeedVerb TakeOfferBack()
    {
        var demand = TradeArguments.Id("demand", "the demand");
        var seller = TradeArguments.Account("--seller", "whose offer; your own by default");
        return new(
            "take-offer-back", "Takes an offer back; what was set aside for it is free again.", [demand, seller],
            async (parsed, desk, cancellation) =>
            {
                var row = await desk.Api.GetAsync($"market/demands/{parsed.GetRequiredValue(demand)}", cancellation);
                var whose = parsed.GetValue(seller) ?? desk.Account
                    ?? throw new CommandFailure("whose offer is it? Give --seller, or a key");
                return new(
                    "Take an offer back",
                    await desk.ContractAsync("demands", cancellation),
                    Demands.EncodeWithdrawOffer(row.Words(), whose))
                {
                    Facts = [("offer of", whose.ToString())],
                };
            });
    }

    public static DeedVerb Accept()
    {
        var demand = TradeArguments.Id("demand", "your demand");
        var seller = TradeArguments.Account("--seller", "whose offer; the only one by default");
        return new(
            "accept", "Accepts an offer to your demand; the delivery begins.", [demand, seller],
            async (parsed, desk, cancellation) =>
            {
                var (row, quote) = await AskAsync(desk, parsed.GetRequiredValue(demand), cancellation);
                var offers = row.List("offers").Select(offer => offer.Account("seller")).ToList();
                var refusal = quote.TextOrNull("accept");
                var whose = parsed.GetValue(seller) ?? (offers is [var only] ? only : refusal is not null ? default : throw Which(offers));
                return new(
                    $"Accept the offer of {whose}",
                    await desk.ContractAsync("demands", cancellation),
                    Demands.EncodeAccept(row.Words(), whose))
                {
                    Facts =
                    [
                        ("energy", Figures.Energy(row.Energy("energyMwh"))),
                        ("for the seller", Figures.Coins(quote.Coins("shareWei"))),
                        .. Figures.Slabs(quote),
                        ("free again for you", Figures.Coins(quote.Coins("returnedWei"))),
                    ],
                    Quote = quote,
                    Refusal = refusal ?? (offers.Contains(whose) ? null : "NoOffer"),
                };
            });
    }

    private static async Task<(JsonElement Row, JsonElement Quote)> AskAsync(
        TradeDesk desk, Hash256 demand, CancellationToken cancellation) => (
        await desk.Api.GetAsync($"market/demands/{demand}", cancellation),
        await desk.Api.GetAsync($"market/demands/{demand}/quote", cancellation));

    private static CommandFailure Which(List<Address> offers) => new(
        offers.Count == 0
            ? "nobody has offered yet; look again with busbar trade market --mine"
            : $"{offers.Count} have offered; give one with --seller: {string.Join(", ", offers)}");
}
