using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Domain.Channels;
using Busbar.Domain.Quantities;
using Busbar.Node.Tests.Market;
using NodaTime;

namespace Busbar.Cli.Tests.Trade;

/// <summary>Payment channels from the command line.</summary>
[Collection(TradeStreet.Name)]
public sealed class ChannelTests(TradeFixture street)
{
    [Fact]
    public async Task Channel_OpenedToppedUpExtended_ClosedByThePayeeWithTheBestVoucher()
    {
        var channel = await OpenAsync("0.1");
        await street.DoneAsync("buyer", "channel", "top-up", channel, "0.5");
        await street.DoneAsync("buyer", "channel", "extend", channel, "--for", "2d");
        (await street.PersonAsync("seller", "channel", "top-up", channel, "1")).FailedPlainly(1, "only the payer", "NotPayer");
        (await street.PersonAsync("seller", "channel", "close", channel)).FailedPlainly(1, "no voucher of this channel", "forgo");
        var row = TradeFixture.Row(await street.SeenAsync("buyer", "channels"), channel);
        Assert.Equal(("1500000000000000000", "open"), ((string)row["lockedWei"]!, (string)row["phase"]!));
        Assert.False((bool)row["closesItself"]!);
        await street.DoneAsync("seller", "channel", "name-closer");
        Assert.True((bool)TradeFixture.Row(await street.SeenAsync("seller", "channels"), channel)["closesItself"]!);
        await street.DoneAsync("seller", "channel", "name-closer", "--no-longer");
        await VoucherAsync(channel);
        await street.PassAsync(Duration.FromMinutes(1));
        (await street.PersonAsync("buyer", "channel", "close", channel)).FailedPlainly(1, "no voucher of this channel that is yours");

        await street.DoneAsync("seller", "channel", "close", channel);

        var ending = TradeFixture.Row(await street.SeenAsync("seller", "channels"), channel)["ending"]!;
        Assert.Equal(("2000000000000000", "1498000000000000000"), ((string)ending["paidWei"]!, (string)ending["returnedWei"]!));
        (await street.PersonAsync("seller", "channel", "close", channel)).FailedPlainly(1, "no such channel is open", "NotOpen");
        Assert.Contains("closed", (await street.LookAsync("seller", "channels")).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channel_NobodyPaidIn_GivenBackByThePayeeAndNotTakenBackTooEarly()
    {
        var channel = await OpenAsync("0.2");
        (await street.PersonAsync("buyer", "channel", "reclaim", channel)).FailedPlainly(1, "the payee may still close", "ReclaimTooEarly");
        await street.PassAsync(Duration.FromMinutes(1));
        await street.DoneAsync("seller", "channel", "forgo", channel);
        await ReturnedAsync(channel, "closed");
    }

    [Fact]
    public async Task Channel_NobodyClosedInTime_TakenBackByThePayer()
    {
        var channel = await OpenAsync("0.3");
        await street.PassAsync(Duration.FromHours(49));
        (await street.PersonAsync("buyer", "channel", "top-up", channel, "0.1")).FailedPlainly(1, "open another one", "ChannelEnded");
        await street.DoneAsync("buyer", "channel", "reclaim", channel);
        await ReturnedAsync(channel, "reclaimed");
    }

    // All that was locked came back to the payer.
    private async Task ReturnedAsync(string channel, string phase)
    {
        var row = TradeFixture.Row(await street.SeenAsync("buyer", "channels"), channel);
        Assert.Equal((phase, "1000000000000000000"), ((string)row["phase"]!, (string)row["ending"]!["returnedWei"]!));
    }

    private async Task<string> OpenAsync(string price) => (string)(await street.DoneAsync(
        "buyer", "channel", "open", "--payee", street.Street.Seller.Address.ToString(), "--price", price, "--lock", "1"))["channel"]!;

    // Twenty watt-hours at a tenth of a coin.
    private async Task VoucherAsync(string channel)
    {
        using var payer = MarketStreet.Person("buyer");
        var contracts = street.Street.Community.Node.Contracts;
        var voucher = SignedVoucher.Sign(
            new(new(Hash256.Parse(channel)), Coin.Parse("0.002"), Energy.FromMilliwattHours(20_000)),
            new(contracts.ChainId, contracts.Channels!.Value),
            payer);
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(
            new Uri(new(street.Page), $"/api/v1/channels/{channel}/vouchers"),
            new JsonObject { ["totalWei"] = "2000000000000000", ["energyMwh"] = "20000", ["signature"] = voucher.Signature.ToString() });
        answer.EnsureSuccessStatusCode();
    }
}
