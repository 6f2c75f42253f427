using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Contracts;
using Busbar.Node.Tests.Market;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// Neighbours trade with wallets of their own, in a real browser against a real node: what goes well, and each thing that goes wrong where a
/// person can cause it.
/// </summary>
public sealed class MarketJourney : IAsyncLifetime
{
    private static readonly UInt128 Price = 100_000_000_000_000_000;

    private MarketStreet _street = null!;
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        if (Chromium.Location is null)
            return;
        _street = await MarketStreet.StartAsync(Path.Combine(Village.SourceTree(), "web", "dist"));
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async Task DisposeAsync()
    {
        if (_street is null)
            return;
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _street.DisposeAsync();
    }

    [BrowserFact]
    public async Task Neighbours_AdvertiseBuyAskAndOffer_EachByClicksAlone()
    {
        using var sellers = Wallet("seller");
        using var buyers = Wallet("buyer");
        await using var seller = await ComeAsync(sellers);
        await using var buyer = await ComeAsync(buyers);

        // The seller sees what each hour would bring before signing.
        await seller.Button("Sell").ClickAsync();
        var form = Form(seller);
        await Expect(form.GetByText("You have 0.0873 kWh free there.")).ToBeVisibleAsync();
        await form.GetByLabel("How much").FillAsync("0.01");
        await form.GetByLabel("First price").FillAsync("0.1");
        await Expect(form.GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        await Expect(form.GetByRole(AriaRole.Row).Last).ToContainTextAsync("0.0012");
        await form.GetByRole(AriaRole.Button, new() { Name = "Advertise" }).ClickAsync();
        await SignAsync(seller, "Sell energy");

        // The buyer takes a part of it, and sees the tax before.
        var row = buyer.Page.GetByRole(AriaRole.Article).First;
        await Expect(row).ToContainTextAsync("0.010 kWh");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        form = Form(buyer);
        await form.GetByLabel("How much").FillAsync("0.004");
        await Expect(form).ToContainTextAsync("2 % on 0.004 kWh");
        await Expect(form).ToContainTextAsync("0.000408");
        await form.GetByRole(AriaRole.Button, new() { Name = "Buy for" }).ClickAsync();
        await Expect(buyer.Signing).ToContainTextAsync("You pay at most");
        await SignAsync(buyer, "Buy energy");
        var delivery = await NewestAsync(buyer, "market/deliveries?whose=own");
        Assert.Equal(("4000", buyers.Sent), (Text(delivery, "energyMwh"), Text(delivery.GetProperty("place"), "transaction")));
        var done = buyer.Page.GetByRole(AriaRole.Region, new() { Name = "Done: Buy energy" });
        Assert.EndsWith(buyers.Sent!, await done.Locator("a[href*='0x']").GetAttributeAsync("href"), StringComparison.OrdinalIgnoreCase);
        await buyer.Page.GetByRole(AriaRole.Link, new() { Name = "See how it is delivered" }).ClickAsync();
        await Expect(buyer.Page.GetByRole(AriaRole.Article).First).ToContainTextAsync("You buy 0.004 kWh");

        // The buyer asks for more; the seller offers out of the store; the buyer accepts.
        await buyer.Button("Request").ClickAsync();
        form = Form(buyer);
        await form.GetByLabel("How much").FillAsync("0.02");
        await form.GetByLabel("Price").FillAsync("0.2");
        await form.GetByLabel("The first who offers has it").UncheckAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Ask, and lock" }).ClickAsync();
        await SignAsync(buyer, "Ask for energy");
        await seller.OpenAsync("market/demands");
        await seller.Page.GetByRole(AriaRole.Article).First.GetByRole(AriaRole.Button).ClickAsync();
        form = Form(seller);
        await Expect(form).ToContainTextAsync("0.004 coin");
        await form.GetByRole(AriaRole.Button, new() { Name = "Offer", Exact = true }).ClickAsync();
        await SignAsync(seller, "Offer to sell");
        var demand = await NewestAsync(buyer, "market/demands?whose=own");
        await buyer.OpenAsync($"market/demand/{Text(demand, "id")}");
        await buyer.Page.GetByRole(AriaRole.Button, new() { Name = "Accept the offer of" }).ClickAsync();
        await Expect(Form(buyer)).ToContainTextAsync("Free again for you");
        await Form(buyer).GetByRole(AriaRole.Button, new() { Name = "Accept", Exact = true }).ClickAsync();
        await SignAsync(buyer, "Accept an offer");
        await Expect(buyer.Page.GetByText("What came of it")).ToBeVisibleAsync();

        // The seller draws some, and takes the rest of the advert off.
        await seller.OpenAsync("market");
        await seller.Button("Draw").ClickAsync();
        await Form(seller).GetByLabel("How much").FillAsync("0.005");
        await Form(seller).GetByRole(AriaRole.Button, new() { Name = "Draw", Exact = true }).ClickAsync();
        await SignAsync(seller, "Draw your own energy");
        await seller.Button("Take off").ClickAsync();
        await SignAsync(seller, "Take an advert off");
        Assert.Equal("closed", Text(await OneAsync(seller, $"market/adverts/{Text(delivery, "origin")}"), "state"));
        seller.AssertContent();
        buyer.AssertContent();
    }

    [BrowserFact]
    public async Task Buyer_WhoWantsWhatCannotBe_ToldAndNothingBought()
    {
        using var wallet = Wallet("buyer");
        await using var buyer = await ComeAsync(wallet);
        await AdvertiseAsync(4_000);
        await buyer.Page.GetByRole(AriaRole.Article).First.GetByRole(AriaRole.Button).ClickAsync();
        var form = Form(buyer);
        foreach (var (amount, told) in new[]
                 {
                     ("0", "At least 0.001 kWh"), ("0.000999", "At least 0.001 kWh"), ("0.004001", "There is not so much left."),
                     ("0,004", "such as 0.5"), ("much", "such as 0.5"),
                 })
        {
            await form.GetByLabel("How much").FillAsync(amount);
            await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync(told);
            await Expect(form.GetByRole(AriaRole.Button, new() { Name = "Buy" })).ToBeDisabledAsync();
        }

        Assert.DoesNotContain("eth_sendTransaction", wallet.Asked, StringComparer.Ordinal);
        buyer.AssertContent();
    }

    [BrowserFact]
    public async Task Buyer_ShortByOneWei_ToldBeforeAndAbleAfterPuttingItIn()
    {
        using var wallet = Wallet("poor");
        await using var poor = await ComeAsync(wallet);
        // 0.0004 for the seller, 2 % of tax.
        var total = Coin.Parse("0.000408");
        await AdvertiseAsync(4_000);
        await _street.DepositAsync(_street.Poor, total - Coin.FromWei(Int128.One));
        await poor.Page.GetByRole(AriaRole.Article).First.GetByRole(AriaRole.Button).ClickAsync();
        var form = Form(poor);
        await Expect(form).ToContainTextAsync("Your free balance is too small for this.");
        await Expect(form.GetByRole(AriaRole.Button, new() { Name = "Buy for" })).ToBeDisabledAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Put coins in" }).ClickAsync();
        await Form(poor).GetByLabel("Amount").FillAsync("0.000000000000000001");
        await Form(poor).GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await SignAsync(poor, "Put money into your balance", "Put coins in");
        await poor.Page.GetByRole(AriaRole.Article).First.GetByRole(AriaRole.Button).ClickAsync();
        await Form(poor).GetByRole(AriaRole.Button, new() { Name = "Buy for" }).ClickAsync();
        await SignAsync(poor, "Buy energy");
        Assert.Equal("4000", Text(await NewestAsync(poor, "market/deliveries?whose=own"), "energyMwh"));
    }

    [BrowserFact]
    public async Task Buyer_WhomThePriceOutran_NothingBoughtAndTheNewOneShown()
    {
        using var wallet = Wallet("buyer");
        await using var buyer = await ComeAsync(wallet);
        await AdvertiseAsync(4_000);
        await OpenSigningAsync(buyer);
        await _street.Community.MoveToAsync(_street.Community.Now + Duration.FromMinutes(61));
        await RefusedAsync(buyer, "The price has risen since you looked.", "Nothing was sent.");
        await Expect(Form(buyer)).ToContainTextAsync("0.000449");
        Assert.DoesNotContain("eth_sendTransaction", wallet.Asked, StringComparer.Ordinal);
    }

    [BrowserFact]
    public async Task Buyer_WhoseAdvertExpired_NothingBought()
    {
        using var wallet = Wallet("buyer");
        await using var buyer = await ComeAsync(wallet);
        await AdvertiseAsync(4_000);
        await OpenSigningAsync(buyer);
        await _street.Community.MoveToAsync(_street.Community.Now + Duration.FromHours(3) + Duration.FromMinutes(1));
        await RefusedAsync(buyer, "The time of this advert is over.", "Nothing was sent.");
        await Expect(Form(buyer)).ToContainTextAsync("The time of this advert is over.");
        Assert.DoesNotContain("eth_sendTransaction", wallet.Asked, StringComparer.Ordinal);
    }

    [BrowserFact]
    public async Task Buyer_WhomAnotherOvertakesInTheLastMoment_ToldWhatHappenedInTheBlock()
    {
        var form = Array.Empty<Hash256>();
        // It passed the trial, and the other's purchase comes before it all the same.
        using var wallet = new TestWallet("Wallet of the buyer", MarketStreet.Person("buyer"), _street.Community.Node.Page)
        {
            BeforeSending = () => _street.BoardAsync(_street.Poor, Board.EncodeBuy(form, 4_000, UInt128.MaxValue)),
        };
        await using var buyer = await ComeAsync(wallet);
        await _street.DepositAsync(_street.Poor, Coin.FromCoins(1));
        await AdvertiseAsync(4_000);
        form = [.. (await NewestAsync(buyer, "market/adverts?order=newest")).GetProperty("words").EnumerateArray().Select(word => Hash256.Parse(word.GetString()!))];
        await OpenSigningAsync(buyer);
        await RefusedAsync(buyer, "Somebody was faster: this advert is sold", null);
        Assert.Equal(_street.Poor.Address.ToString(), Text(await NewestAsync(buyer, "market/deliveries"), "buyer"));
    }

    [BrowserFact]
    public async Task Screens_WithABusyBoard_NothingSeriousForAxeAndNothingOverTheEdge()
    {
        using var wallet = Wallet("buyer");
        foreach (var (energy, price) in new[] { (3_000UL, Price * 2), (12_000UL, Price * 12 / 10), (1_500UL, Price * 15 / 10) })
            await AdvertiseAsync(energy, price);
        await _street.Community.MoveToAsync(_street.Community.Now + Duration.FromMinutes(75));
        foreach (var (energy, price) in new[] { (8_000UL, Price), (2_500UL, Price * 11 / 10) })
            await AdvertiseAsync(energy, price);
        var end = (ulong)(_street.Community.Now + Duration.FromHours(5)).ToUnixTimeSeconds();
        await _street.DemandsAsync(_street.Buyer, Demands.EncodeDemand(1, 5_000, Price, end, false));
        await _street.DepositAsync(_street.Poor, Coin.FromCoins(1));
        await _street.DemandsAsync(_street.Poor, Demands.EncodeDemand(1, 9_000, Price * 13 / 10, end, true));
        await using var buyer = await ComeAsync(wallet);
        var board = (await OneAsync(buyer, "market/adverts?order=newest&limit=200")).GetProperty("items").EnumerateArray().ToList();
        foreach (var (advert, part) in new[] { (board[0], 1_000UL), (board[1], 2_000UL), (board[2], 1_500UL) })
            await _street.BoardAsync(_street.Buyer, Board.EncodeBuy(WordsOf(advert), part, UInt128.MaxValue));
        var demand = (await OneAsync(buyer, "market/demands?whose=own")).GetProperty("items")[0];
        await _street.DemandsAsync(_street.Seller, Demands.EncodeOfferToSell(WordsOf(demand), direct: false));
        var delivery = await NewestAsync(buyer, "market/deliveries?whose=own");
        await LiveAsync(buyer, delivery);

        var looker = new Looker(buyer.Page);
        var faults = new List<string>();
        foreach (var (name, place, button) in new (string, string, string?)[]
                 {
                     ("market", "market", null),
                     ("market-buy", "market", "Buy"),
                     ("market-request", "market", "Request"),
                     ("market-demands", "market/demands", null),
                     ("market-demand", $"market/demand/{Text(demand, "id")}", null),
                     ("market-trades", "market/trades", null),
                     ("market-delivery", $"market/delivery/{Text(delivery, "id")}", null),
                     ("market-advert", $"market/advert/{Text(board[0], "id")}", null),
                     ("market-prices", "market/prices", null),
                 })
        {
            await buyer.OpenAsync(place);
            await Expect(buyer.Page.Locator("main [role=status] [aria-hidden=true]")).ToHaveCountAsync(0);
            if (button == "Buy")
                await buyer.Page.GetByRole(AriaRole.Article).First.GetByRole(AriaRole.Button).ClickAsync();
            else if (button is not null)
                await buyer.Button(button).ClickAsync();
            if (button == "Buy")
                await Expect(Form(buyer).GetByRole(AriaRole.Button, new() { Name = "Buy for" })).ToBeEnabledAsync();
            foreach (var look in Look.All.Append(new("phone-narrow", 360, 740, ColorScheme.Light)))
                faults.AddRange(await looker.FaultsAsync(name, look, picture: look.Width != 360));
            if (button is not null)
                await buyer.Page.Keyboard.PressAsync("Escape");
        }

        using var sellers = Wallet("seller");
        await using var seller = await ComeAsync(sellers);
        looker = new(seller.Page);
        await seller.Button("Sell").ClickAsync();
        await Form(seller).GetByLabel("How much").FillAsync("0.01");
        await Form(seller).GetByLabel("First price").FillAsync("0.1");
        await Expect(Form(seller).GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        foreach (var look in Look.All)
            faults.AddRange(await looker.FaultsAsync("market-sell", look, picture: true));
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        buyer.AssertContent();
    }

    // What only a node with devices has to tell: both meters in the middle of it.
    private static async Task LiveAsync(Visitor visitor, JsonElement delivery)
    {
        await visitor.Page.RouteAsync("**/api/v1/market/deliveries*", AnswerAsync);
        await visitor.Page.RouteAsync("**/api/v1/market/deliveries/0x*", AnswerAsync);

        async Task AnswerAsync(IRoute route)
        {
            var headers = route.Request.Headers.Where(one => one.Key != "if-none-match");
            var answer = await route.FetchAsync(new() { Headers = headers });
            var live = $$"""
                "live":{"source":{"meter":"{{Text(delivery, "source")}}","stage":"running","opened":"{{Text(delivery, "opened")}}","seconds":224,"energyMwh":"640","reason":null,"trouble":null},"sink":{"meter":"{{Text(delivery, "sink")}}","stage":"running","opened":"{{Text(delivery, "opened")}}","seconds":223,"energyMwh":"622","reason":null,"trouble":null},"trouble":null}
                """;
            await route.FulfillAsync(new() { Response = answer, Body = (await answer.TextAsync()).Replace("\"live\":null", live, StringComparison.Ordinal) });
        }
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static List<Hash256> WordsOf(JsonElement row) => [.. row.GetProperty("words").EnumerateArray().Select(word => Hash256.Parse(word.GetString()!))];

    private static async Task<JsonElement> OneAsync(Visitor visitor, string place) => (await (await visitor.GetAsync(place)).JsonAsync())!.Value;

    private static async Task<JsonElement> NewestAsync(Visitor visitor, string place) => (await OneAsync(visitor, place)).GetProperty("items")[0];

    private static ILocator Form(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Dialog).Filter(new() { HasNotText = "Signed by" });

    private static async Task OpenSigningAsync(Visitor buyer)
    {
        await buyer.Page.GetByRole(AriaRole.Article).First.GetByRole(AriaRole.Button).ClickAsync();
        await Form(buyer).GetByRole(AriaRole.Button, new() { Name = "Buy for" }).ClickAsync();
        await Expect(buyer.Signing).ToBeVisibleAsync();
    }

    private static async Task RefusedAsync(Visitor buyer, string why, string? what)
    {
        await buyer.Signing.GetByRole(AriaRole.Button, new() { Name = "Sign and send" }).ClickAsync();
        await Expect(buyer.Signing.GetByRole(AriaRole.Alert)).ToContainTextAsync(why);
        if (what is not null)
            await Expect(buyer.Signing.GetByRole(AriaRole.Alert)).ToContainTextAsync(what);
        await buyer.Signing.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
    }

    private static async Task SignAsync(Visitor visitor, string title, string? done = null)
    {
        await visitor.SignAndSendAsync(title);
        await Expect(visitor.Page.GetByRole(AriaRole.Region, new() { Name = $"Done: {done ?? title}" })).ToBeVisibleAsync();
    }

    private TestWallet Wallet(string name) => new($"Wallet of the {name}", MarketStreet.Person(name), _street.Community.Node.Page);

    private async Task<Visitor> ComeAsync(TestWallet wallet)
    {
        var visitor = await Visitor.ComeAsync(_browser, _street.Community.Node.Page, wallet);
        await visitor.SignInAsync(wallet);
        await visitor.OpenAsync("market");
        return visitor;
    }

    private Task<Hash256> AdvertiseAsync(ulong energy) => AdvertiseAsync(energy, Price);

    private Task<Hash256> AdvertiseAsync(ulong energy, UInt128 price) => _street.BoardAsync(_street.Seller, Board.EncodeAdvertise(1, energy, price));
}
