using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Contracts;
using NodaTime;

namespace Busbar.Cli.Tests.Trade;

/// <summary>Neighbours trade from the command line: what goes well, and each refusal that a person can cause.</summary>
[Collection(TradeStreet.Name)]
public sealed class TradeTests(TradeFixture street)
{
    private const string None = "0x0000000000000000000000000000000000000000000000000000000000000001";

    [Fact]
    public async Task Sell_BoughtInParts_DeliveriesOpenAndTheRestIsTakenOff()
    {
        var advert = await street.AdvertAsync("10Wh");
        string[] filters = ["--limit", "200", "--microgrid", "1", "--least", "10Wh", "--most-price", "0.1", "--order", "newest"];
        var board = (await street.RunAsync(["market", .. filters])).Succeeded().Output;
        Assert.Contains(advert, board, StringComparison.Ordinal);
        Assert.Contains("10 Wh of 10 Wh at 0.1 coins a kWh, 0.11 in 1 h 0 min; ends in 3 h 0 min", board, StringComparison.Ordinal);

        var quote = (await street.LookAsync("buyer", "quote", "buy", advert, "--energy", "4Wh")).Succeeded().Output;
        foreach (var fact in new[] { "0.0004 coins", "tax of 2 % on 4 Wh", "0.000408 coins, locked", "you pay at most" })
            Assert.Contains(fact, quote, StringComparison.Ordinal);
        var part = await street.DoneAsync("buyer", "buy", advert, "--energy", "0.004 kWh");
        Assert.Equal("408000000000000", (string)part["quote"]!["totalWei"]!);
        Assert.Equal("6000", await street.LeftAsync(advert));
        var half = await street.DoneAsync("buyer", "buy", advert, "--energy", "3Wh", "--most", "1");
        var trades = await street.SeenAsync("buyer", "deliveries", "--mine", "--limit", "200");
        var bought = TradeFixture.Row(trades, (string)part["delivery"]!);
        Assert.Equal(("4000", "underWay", advert), ((string)bought["energyMwh"]!, (string)bought["stage"]!, (string)bought["origin"]!));
        Assert.Equal((string)half["transaction"]!, (string)TradeFixture.Row(trades, (string)half["delivery"]!)["place"]!["transaction"]!);
        var told = (await street.LookAsync("buyer", "trades", "--mine", "--stage", "open")).Succeeded().Output;
        Assert.Contains("0 Wh of 4 Wh delivered, 0 of 0.0004 coins paid; time left", told, StringComparison.Ordinal);

        (await street.PersonAsync("buyer", "withdraw", advert)).FailedPlainly(1, "nothing was signed: only its seller", "AdvertStillLive");
        await street.DoneAsync("seller", "withdraw", advert);
        (await street.PersonAsync("buyer", "buy", advert)).FailedPlainly(1, "nothing was signed: this advert is sold", "AdvertNotLive");
        (await street.PersonAsync("seller", "withdraw", advert)).FailedPlainly(1, "AdvertNotLive");
    }

    [Fact]
    public async Task Store_OpenedByARegulatorWithTheProofOfItsMeter_ByNobodyElseAndAtNoOther()
    {
        var market = street.Street;
        File.WriteAllBytes(street.Work["store-proof.json"], (await market.Community.ProofAsync(market.Store, 0)).ToJson());
        File.WriteAllBytes(street.Work["house-proof.json"], (await market.Community.ProofAsync(market.Community.Meters[0], 0)).ToJson());
        string[] open = ["open-store", "store-proof.json", "--level", "300kWh"];

        (await street.PersonAsync("seller", open)).FailedPlainly(1, "nothing was signed", "NotRegulator");
        (await street.PersonAsync("regulator", "open-store", "house-proof.json", "--level", "300kWh")).FailedPlainly(1, "WrongMeter");
        (await street.PersonAsync("regulator", "open-store", "store-proof.json", "--level", "2000kWh")).FailedPlainly(1, "LevelAboveMaximum");
        (await street.PersonAsync("regulator", "open-store", "store-proof.json")).FailedPlainly(1, "--level is missing");
        (await street.PersonAsync("regulator", "open-store", "none.json", "--level", "1kWh")).FailedPlainly(1, "there is no file none.json");
        (await street.PersonAsync("regulator", "open-store", "password", "--level", "1kWh")).FailedPlainly(1, "password is no proof of a reading");

        Assert.NotNull((await street.DoneAsync("regulator", open))["transaction"]);
    }

    [Fact]
    public async Task Request_OfferedAndAccepted_TheDeliveryOpensAndTheDemandIsTaken()
    {
        var demand = (string)(await street.DoneAsync("buyer", "request", "--energy", "5Wh", "--price", "0.2", "--for", "2h"))["demand"]!;
        (await street.PersonAsync("buyer", "accept", demand)).FailedPlainly(1, "nobody has offered yet");
        var board = (await street.RunAsync("market")).Succeeded().Output;
        Assert.Contains("5 Wh at 0.2 coins a kWh, 0.001 coins in all", board, StringComparison.Ordinal);
        var quote = (await street.LookAsync("seller", "quote", "offer", demand)).Succeeded().Output;
        Assert.Contains("0.001 coins", quote, StringComparison.Ordinal);
        Assert.Null((await street.DoneAsync("seller", "offer", demand))["delivery"]);
        (await street.PersonAsync("seller", "offer", demand)).FailedPlainly(1, "you have an offer", "OfferAlreadyMade");
        (await street.PersonAsync("seller", "accept", demand)).FailedPlainly(1, "NotBuyer");

        var accepted = await street.DoneAsync("buyer", "accept", demand);

        Assert.StartsWith("0x", (string)accepted["delivery"]!, StringComparison.Ordinal);
        var row = await street.SeenAsync("buyer", "show", "demand", demand);
        Assert.Equal(("taken", (string)accepted["delivery"]!), ((string)row["state"]!, (string)row["delivery"]!));
        (await street.PersonAsync("buyer", "take-back", demand)).FailedPlainly(1, "this demand has been taken", "DemandNotLive");
    }

    [Fact]
    public async Task Request_FirstCome_TheFirstOfferOpensTheDelivery()
    {
        var demand = (string)(await street.DoneAsync("buyer", "request", "--energy", "2Wh", "--price", "0.2", "--first-come"))["demand"]!;
        var offered = await street.DoneAsync("seller", "offer", demand, "--direct");
        Assert.StartsWith("0x", (string)offered["delivery"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeBack_OfTheDemandAndOfAnOffer_WhatWasLockedIsFreeAgain()
    {
        var until = NodaTime.Text.InstantPattern.ExtendedIso.Format(street.Street.Community.Now + Duration.FromDays(2));
        var asked = await street.DoneAsync("buyer", "request", "--energy", "2Wh", "--price", "0.5", "--until", until);
        var demand = (string)asked["demand"]!;
        Assert.Equal((string)asked["quote"]!["lockedWei"]!, await street.LockedAsync("buyer", demand));
        await street.DoneAsync("seller", "offer", demand);
        await street.DoneAsync("seller", "take-offer-back", demand);
        (await street.PersonAsync("seller", "take-offer-back", demand)).FailedPlainly(1, "NoOffer");
        (await street.PersonAsync("buyer", "accept", demand)).FailedPlainly(1, "nobody has offered yet");
        (await street.PersonAsync("seller", "take-back", demand)).FailedPlainly(1, "only who made this demand", "NotBuyer");

        await street.DoneAsync("buyer", "take-back", demand);

        Assert.Equal("0", await street.LockedAsync("buyer", demand));
    }

    [Fact]
    public async Task Draw_OfOnesOwn_DeliveredForNothingAndNeverMoreThanThereIs()
    {
        var drawn = await street.DoneAsync("seller", "draw", "--energy", "3Wh");
        var row = TradeFixture.Row(await street.SeenAsync("seller", "deliveries", "--mine", "--limit", "200"), (string)drawn["delivery"]!);
        Assert.Equal(("draw", "3000", "0"), ((string)row["kind"]!, (string)row["energyMwh"]!, (string)row["shareWei"]!));
        (await street.PersonAsync("seller", "draw", "--energy", "1kWh")).FailedPlainly(1, "less free credit", "CreditTooLittle");
        (await street.PersonAsync("seller", "sell", "--energy", "1kWh", "--price", "0.1")).FailedPlainly(1, "CreditTooLittle");
        (await street.PersonAsync("buyer", "sell", "--energy", "1Wh", "--price", "0.1")).FailedPlainly(1, "MayNotSell");
    }

    [Fact]
    public async Task Buy_AfterThePriceRose_NothingBoughtByUsNorByTheContract()
    {
        var advert = await street.AdvertAsync("4Wh");
        var words = (await street.SeenAsync("seller", "show", "advert", advert))["words"]!;
        var most = (UInt128)Coin.Parse("0.000408").Wei;
        await street.PassAsync(Duration.FromMinutes(61));

        var refused = await street.PersonAsync("buyer", "buy", advert, "--most", "0.000408", "--json");

        refused.FailedPlainly(1, "it comes to more than the most that was allowed");
        var told = JsonNode.Parse(refused.Output)!;
        Assert.Equal(("WouldRevert", "TotalAboveMaximum"), ((string)told["failure"]!, (string)told["refusal"]!));
        Assert.False((bool)told["again"]!);
        var call = HexText.Encode(Board.EncodeBuy([.. words.AsArray().Select(word => Hash256.Parse((string)word!))], 4_000, most));
        (await street.PersonAsync("buyer", "send", "--to", street.Street.Board.ToString(), "--call", call))
            .FailedPlainly(1, "TotalAboveMaximum", "it comes to more than the most");
        Assert.Equal("4000", await street.LeftAsync(advert));
        await street.PassAsync(Duration.FromHours(3));
        (await street.PersonAsync("buyer", "buy", advert)).FailedPlainly(1, "the time of this advert is over", "AdvertExpired");
    }

    [Fact]
    public async Task Buy_ShortByOneWei_RefusedAndAbleAfterTheWeiIsIn()
    {
        var advert = await street.AdvertAsync("4Wh");
        await street.DoneAsync("poor", "deposit", "0.000407999999999999");
        (await street.PersonAsync("poor", "buy", advert)).FailedPlainly(1, "your free balance is too small", "deposit", "FreeTooLittle");
        (await street.LookAsync("poor", "quote", "buy", advert)).FailedPlainly(1, "the ledger would refuse this", "FreeTooLittle");
        (await street.PersonAsync("poor", "withdraw-money", "0.000408")).FailedPlainly(1, "FreeTooLittle");
        await street.DoneAsync("poor", "deposit", "0.000000000000000001");
        await street.DoneAsync("poor", "buy", advert);
        Assert.Equal(Coin.Zero, await street.FreeAsync("poor"));
        await street.DoneAsync("poor", "deposit", "0.5");
        await street.DoneAsync("poor", "withdraw-money", "0.5");
        Assert.Equal(Coin.Zero, await street.FreeAsync("poor"));
    }

    [Fact]
    public async Task Buy_OfWhatCannotBe_NamedAndNothingSigned()
    {
        var advert = await street.AdvertAsync("4Wh");
        foreach (var (energy, name) in new[] { ("0.5Wh", "EnergyTooLittle"), ("4.001Wh", "EnergyAboveAdvert") })
        {
            var refused = await street.PersonAsync("buyer", "buy", advert, "--energy", energy, "--json");
            refused.FailedPlainly(1, "nothing was signed", name);
            Assert.Equal(name, (string)JsonNode.Parse(refused.Output)!["refusal"]!);
            var quote = await street.LookAsync("buyer", "quote", "buy", advert, "--energy", energy, "--json");
            Assert.Equal((1, name), (quote.ExitCode, (string)JsonNode.Parse(quote.Output)!["refusal"]!));
        }

        (await street.PersonAsync("seller", "buy", advert)).FailedPlainly(1, "this is your own energy", "OwnEnergy");
        (await street.PersonAsync("buyer", "buy", None)).FailedPlainly(1, "there never was such an advert");
        Assert.Equal("4000", await street.LeftAsync(advert));
        Assert.Empty(Directory.EnumerateFiles(street.Work.Folder, "sending.json", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Prices_AfterAPurchase_InTheRowOfItsHour()
    {
        var advert = await street.AdvertAsync("1Wh");
        await street.DoneAsync("buyer", "buy", advert);
        var prices = (await street.RunAsync("prices", "--step", "hour", "--microgrid", "1", "--json")).Succeeded().Output;
        var rows = JsonNode.Parse(prices)!["rows"]!.AsArray();
        Assert.NotEqual(0, (int)rows[^1]!["trades"]!);
        Assert.Contains("coins a kWh", (await street.RunAsync("prices")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_Asked_TaxBySlabsStepsAndBounds()
    {
        var rules = (await street.RunAsync("rules")).Succeeded().Output;
        foreach (var rule in new[] { "tax of 2 % on what is bought on a day (UTC) up to 5 kWh", "5 % on", "rises by 10 %", "over after 3 h", "from 1 Wh" })
            Assert.Contains(rule, rules, StringComparison.Ordinal);
    }
}
