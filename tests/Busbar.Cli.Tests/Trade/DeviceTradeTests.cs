using System.Text.Json.Nodes;

namespace Busbar.Cli.Tests.Trade;

/// <summary>A device trades for its house with its own key, and nobody is asked.</summary>
[Collection(TradeStreet.Name)]
public sealed class DeviceTradeTests(TradeFixture street)
{
    [Fact]
    public async Task Device_SellsAndOffers_WithItsOwnKeyUnasked()
    {
        var advert = JsonNode.Parse((await street.DeviceAsync("sell", "--energy", "2Wh", "--price", "0.1", "--json")).Succeeded().Output)!;
        Assert.Equal(street.Street.Seller.Address.ToString(), (string)advert["from"]!);
        await street.Street.Community.Node.FollowedAsync(default);
        var bought = await street.DoneAsync("buyer", "buy", (string)advert["advert"]!);
        var trades = JsonNode.Parse((await street.DeviceAsync("deliveries", "--mine", "--json", "--limit", "200")).Succeeded().Output)!;
        Assert.Equal("2000", (string)TradeFixture.Row(trades, (string)bought["delivery"]!)["energyMwh"]!);

        var demand = (string)(await street.DoneAsync("buyer", "request", "--energy", "1Wh", "--price", "0.1", "--first-come"))["demand"]!;
        Assert.Contains("delivery 0x", (await street.DeviceAsync("offer", demand)).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("coins free", (await street.DeviceAsync("standing")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Device_WhatTheLedgerRefuses_NamedAndNothingSigned()
    {
        var advert = await street.AdvertAsync("1Wh");
        var refused = await street.DeviceAsync("buy", advert, "--json");
        refused.FailedPlainly(1, "this is your own energy");
        Assert.Equal("OwnEnergy", (string)JsonNode.Parse(refused.Output)!["refusal"]!);
        (await street.DeviceAsync("sell", "--energy", "1Wh", "--price", "0.1", "--yes")).FailedPlainly(2, "--yes");
    }
}
