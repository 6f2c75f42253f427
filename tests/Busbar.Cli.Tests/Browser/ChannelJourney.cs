using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Contracts;
using Busbar.Node.Tests.Market;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// Neighbours who pay as energy flows, in a real browser against a real node and its ledger. What meters would count, and what the payee's
/// node would ask for, is put into the node's answers on the way; every voucher goes to the node and is taken by it.
/// </summary>
public sealed class ChannelJourney : IAsyncLifetime
{
    private const long Block = 10_000;

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
    public async Task Neighbours_OpenPayTopUpAndClose_EachByClicksAlone()
    {
        using var buyers = Wallet("buyer");
        using var sellers = Wallet("seller");
        await using var buyer = await ComeAsync(buyers);
        await OpenByClicksAsync(buyer);
        var opened = await OneAsync(buyer, "channels");
        var channel = opened.GetProperty("items")[0];
        var id = Text(channel, "id");
        Assert.Equal(
            ("2000000000000000000", "100000000000000000", _street.Seller.Address.ToString(), buyers.Sent),
            (Text(channel, "lockedWei"), Text(channel, "priceWei"), Text(channel, "payee"),
                Text(channel.GetProperty("place"), "transaction")));
        Assert.NotEqual(_street.Buyer.Address.ToString(), Text(channel, "signer"), StringComparer.Ordinal);

        // "I am here, begin": a voucher over nothing.
        await buyer.Page.GetByRole(AriaRole.Link, new() { Name = "You pay" }).ClickAsync();
        await Expect(buyer.Page.GetByText("Nobody answers now")).ToBeVisibleAsync();
        await buyer.Page.GetByLabel("At most, in coins").FillAsync("0.0015");
        await buyer.Button("Pay as it flows").ClickAsync();
        await Expect(buyer.Page.GetByText("Paying: each block is answered")).ToBeVisibleAsync();
        Assert.Equal(("0", "10000"), await HeldAsync(buyer, id));

        // Energy flows: the block is answered; the next is above the limit, until that is raised.
        var meters = new Meters();
        await meters.SpeakAsync(buyer.Page);
        meters.Blocks = 1;
        await Expect(buyer.Page.GetByText("up to 0.020 kWh in all")).ToBeVisibleAsync();
        meters.Blocks = 2;
        var limit = "Your limit is reached: the next answer would come to 0.002 coin, you allow 0.0015 coin.";
        await Expect(buyer.Page.GetByText(limit)).ToBeVisibleAsync();
        Assert.Equal(("10000", "20000"), await HeldAsync(buyer, id));
        await buyer.Button("Change the limit").ClickAsync();
        await buyer.Page.GetByLabel("At most, in coins").FillAsync("1");
        await buyer.Button("Change the limit").ClickAsync();
        await Expect(buyer.Page.GetByText("up to 0.030 kWh in all")).ToBeVisibleAsync();
        Assert.Equal(("20000", "30000"), await HeldAsync(buyer, id));

        // A reload goes on where it was; another tab waits for its turn.
        await buyer.Page.ReloadAsync();
        await Expect(buyer.Page.GetByText("Paying: each block is answered")).ToBeVisibleAsync();
        await Expect(buyer.Page.GetByText("up to 1.00 coin")).ToBeVisibleAsync();
        var tab = await buyer.Page.Context.NewPageAsync();
        await tab.GotoAsync($"#/market/channel/{id}");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Pay as it flows" }).ClickAsync();
        await Expect(tab.GetByText("Another tab of this browser pays")).ToBeVisibleAsync();
        await tab.CloseAsync();

        await buyer.Button("Top up").ClickAsync();
        await Form(buyer).GetByLabel("How much more to lock").FillAsync("1");
        await Expect(Form(buyer)).ToContainTextAsync("30.0 kWh in all");
        await Form(buyer).GetByRole(AriaRole.Button, new() { Name = "Lock 1.00 coin" }).ClickAsync();
        await SignAsync(buyer, "Top up a channel");
        await buyer.Button("Put the end off").ClickAsync();
        await Form(buyer).GetByLabel("It ends, in days from now").FillAsync("6");
        await Expect(Form(buyer)).ToContainTextAsync("That is not later than the end that it has.");
        await Form(buyer).GetByLabel("It ends, in days from now").FillAsync("10");
        await Form(buyer).GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await SignAsync(buyer, "Put the end of a channel off");
        channel = await OneAsync(buyer, $"channels/{id}");
        Assert.Equal("3000000000000000000", Text(channel, "lockedWei"));
        Assert.Equal(
            _street.Community.Now + Duration.FromDays(10), NodaTime.Text.InstantPattern.ExtendedIso.Parse(Text(channel, "end")).Value);
        await buyer.Button("Stop paying").ClickAsync();
        await Expect(buyer.Page.GetByText("Nobody answers now")).ToBeVisibleAsync();

        // The seller names the node, and closes in their own time with what it holds for them.
        await using var seller = await ComeAsync(sellers);
        await seller.Button("Let the node close for me").ClickAsync();
        await SignAsync(seller, "Let the node close your channels");
        await Expect(seller.Button("Let the node close for me")).ToHaveCountAsync(0);
        await _street.Community.MoveToAsync(_street.Community.Now + Duration.FromMinutes(1));
        await seller.Page.GetByRole(AriaRole.Link, new() { Name = "Pays you" }).ClickAsync();
        await Expect(seller.Page.GetByText("You get 0.002 coin.")).ToBeVisibleAsync();
        await seller.Button("Close now").ClickAsync();
        await Expect(seller.Signing).ToContainTextAsync("the Channels contract");
        await SignAsync(seller, "Close a channel");
        channel = await OneAsync(seller, $"channels/{id}");
        var ending = channel.GetProperty("ending");
        Assert.Equal(
            ("closed", "2000000000000000", "2998000000000000000", "20000", sellers.Sent),
            (Text(channel, "phase"), Text(ending, "paidWei"), Text(ending, "returnedWei"), Text(ending, "energyMwh"),
                Text(ending.GetProperty("place"), "transaction")));
        await Expect(buyer.Page.GetByText("Came back")).ToBeVisibleAsync();
        buyer.AssertContent();
        seller.AssertContent();
    }

    [BrowserFact]
    public async Task Channels_ForgoneOrLeftAlone_GiveEverythingBack()
    {
        using var buyers = Wallet("buyer");
        using var sellers = Wallet("seller");
        await using var buyer = await ComeAsync(buyers);
        await using var seller = await ComeAsync(sellers);
        var forgone = await OpenAsync(buyer, 1);
        var left = await OpenAsync(buyer, 2);
        await _street.Community.MoveToAsync(_street.Community.Now + Duration.FromMinutes(1));
        await seller.OpenAsync($"market/channel/{forgone}");
        await Expect(seller.Page.GetByText("Nothing has been promised to you yet")).ToBeVisibleAsync();
        await Expect(seller.Button("Close now")).ToBeDisabledAsync();
        await seller.Button("Give it all back").ClickAsync();
        await SignAsync(seller, "Give it all back");
        var ending = (await OneAsync(seller, $"channels/{forgone}")).GetProperty("ending");
        Assert.Equal("1000000000000000000", Text(ending, "returnedWei"));

        await buyer.OpenAsync($"market/channel/{left}");
        await _street.Community.MoveToAsync(_street.Community.Now + Duration.FromDays(1));
        await Expect(buyer.Page.GetByText("If your neighbour does not close it")).ToBeVisibleAsync();
        await _street.Community.MoveToAsync(_street.Community.Now + Duration.FromDays(1));
        await buyer.Button("Take back").ClickAsync();
        await SignAsync(buyer, "Take a channel back");
        Assert.Equal("reclaimed", Text(await OneAsync(buyer, $"channels/{left}"), "phase"));
        buyer.AssertContent();
        seller.AssertContent();
    }

    [BrowserFact]
    public async Task Payer_WhoWantsWhatCannotBe_ToldAndNothingOpened()
    {
        using var wallet = Wallet("buyer");
        await using var buyer = await ComeAsync(wallet);
        await buyer.Button("Open a channel").ClickAsync();
        var form = Form(buyer);
        var go = form.Locator("button[type=submit]");
        await go.ClickAsync();
        await Expect(form.GetByRole(AriaRole.Alert)).ToHaveCountAsync(3);
        await FillAsync(form, _street.Seller.Address.ToString(), "0.1", "1", "7");
        await Expect(form.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Expect(form).ToContainTextAsync("one block: 0.010 kWh, 0.001 coin");
        foreach (var (field, wrong, told, right) in new[]
                 {
                     ("To whom", "0x12", "40", _street.Seller.Address.ToString()),
                     ("To whom", _street.Buyer.Address.ToString(), "That is you.", _street.Seller.Address.ToString()),
                     ("Price", "0", "More than nothing.", "0.1"),
                     ("Price", "1000000", "above the greatest price", "0.1"),
                     ("Price", "cheap", "such as 0.1", "0.1"),
                     ("To lock", "0", "More than nothing.", "1"),
                     ("To lock", "10.000000000000000001", "0.000000000000000001 coin short", "1"),
                     ("It ends", "0", "in the future", "7"),
                     ("It ends", "-2", "in the future", "7"),
                     ("It ends", "366.1", "At most 366 days", "7"),
                 })
        {
            await form.GetByLabel(field).FillAsync(wrong);
            await go.ClickAsync();
            await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync(told);
            await Expect(buyer.Signing).ToHaveCountAsync(0);
            await form.GetByLabel(field).FillAsync(right);
            await Expect(form.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        }

        // What only the ledger knows: this neighbour has no right to sell.
        await form.GetByLabel("To whom").FillAsync(_street.Poor.Address.ToString());
        await Expect(form).ToContainTextAsync("Only producers and prosumers sell here");
        await Expect(go).ToBeDisabledAsync();
        Assert.DoesNotContain("eth_sendTransaction", wallet.Asked, StringComparer.Ordinal);
        buyer.AssertContent();
    }

    [BrowserFact]
    public async Task Payer_WhoseVoucherTheNodeRefuses_ToldWhyInWords()
    {
        using var wallet = Wallet("buyer");
        await using var buyer = await ComeAsync(wallet);
        await OpenByClicksAsync(buyer);
        await buyer.Page.GetByRole(AriaRole.Link, new() { Name = "You pay" }).ClickAsync();
        var code = "";
        await buyer.Page.RouteAsync("**/api/v1/channels/*/vouchers", route => route.FulfillAsync(new()
        {
            Status = 409,
            ContentType = "application/problem+json",
            Body = JsonSerializer.Serialize(new { code, title = "Conflict", status = 409, detail = "as it is tried" }),
        }));
        foreach (var (refusal, told) in new[]
                 {
                     ("VoucherLower", "a higher promise than this browser remembers"),
                     ("VoucherAboveLocked", "More was promised than is locked"),
                     ("VoucherTooLittle", "below the price"), ("ChannelUnknown", "does not know this channel as open"),
                     ("WrongSignature", "Paying has stopped"), ("ChannelTooLate", "takes no closing of this channel any more"),
                 })
        {
            code = refusal;
            await buyer.Button("Pay as it flows").ClickAsync();
            await Expect(buyer.Page.GetByText(told)).ToBeVisibleAsync();
            await buyer.Button("Stop paying").ClickAsync();
        }
    }

    [BrowserFact]
    public async Task Screens_OfChannels_NothingSeriousForAxeAndNothingOverTheEdge()
    {
        using var wallet = Wallet("buyer");
        await using var buyer = await ComeAsync(wallet);
        await OpenAsync(buyer, 1);
        await _street.Community.MoveToAsync(_street.Community.Now + Duration.FromMinutes(1));
        await OpenByClicksAsync(buyer);
        var done = buyer.Page.GetByRole(AriaRole.Region, new() { Name = "Done: Open a channel" });
        await done.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        var id = Text((await OneAsync(buyer, "channels")).GetProperty("items")[0], "id");
        var meters = new Meters { Blocks = 1, Beyond = 6_400 };
        await meters.SpeakAsync(buyer.Page);
        await buyer.OpenAsync($"market/channel/{id}");
        await buyer.Button("Pay as it flows").ClickAsync();
        await Expect(buyer.Page.GetByText("up to 0.020 kWh in all")).ToBeVisibleAsync();
        var looker = new Looker(buyer.Page);
        var faults = new List<string>();
        foreach (var (name, place, button) in new[]
                 {
                     ("channels", "market/channels", null),
                     ("channel", $"market/channel/{id}", null),
                     ("channel-top-up", $"market/channel/{id}", "Top up"),
                     ("channels-open", "market/channels", "Open a channel"),
                 })
        {
            await buyer.OpenAsync(place);
            await Expect(buyer.Page.Locator("main [role=status] [aria-hidden=true]")).ToHaveCountAsync(0);
            if (button is not null)
                await buyer.Button(button).ClickAsync();
            if (name == "channels-open")
                await FillAsync(Form(buyer), _street.Seller.Address.ToString(), "0.1", "1", "7");
            foreach (var look in Look.All.Append(new("phone-narrow", 360, 740, ColorScheme.Light)))
                faults.AddRange(await looker.FaultsAsync(name, look, picture: look.Width != 360));
            if (button is not null)
                await buyer.Page.Keyboard.PressAsync("Escape");
        }

        using var sellers = Wallet("seller");
        await using var seller = await ComeAsync(sellers);
        await Expect(seller.Button("Let the node close for me")).ToBeVisibleAsync();
        looker = new(seller.Page);
        foreach (var look in Look.All)
            faults.AddRange(await looker.FaultsAsync("channels-payee", look, picture: true));
        await using var looking = await Visitor.ComeAsync(_browser, _street.Community.Node.Page);
        await looking.OpenAsync("market/channels");
        await Expect(looking.Page.GetByText("Sign in to see your channels")).ToBeVisibleAsync();
        looker = new(looking.Page);
        foreach (var look in Look.All)
            faults.AddRange(await looker.FaultsAsync("channels-signed-out", look, picture: true));
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        buyer.AssertContent();
        looking.AssertContent();
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static async Task<JsonElement> OneAsync(Visitor visitor, string place) =>
        (await (await visitor.GetAsync(place)).JsonAsync())!.Value;

    /// <summary>The energy of the highest voucher that the node itself holds, and how far energy may flow.</summary>
    private static async Task<(string Energy, string MayFlow)> HeldAsync(Visitor visitor, string id)
    {
        var channel = await OneAsync(visitor, $"channels/{id}");
        return (Text(channel, "voucherMwh"), Text(channel, "mayFlowMwh"));
    }

    private static ILocator Form(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Dialog).Filter(new() { HasNotText = "Signed by" });

    private static async Task FillAsync(ILocator form, string payee, string price, string amount, string days)
    {
        foreach (var (field, value) in new[] { ("To whom", payee), ("Price", price), ("To lock", amount), ("It ends", days) })
            await form.GetByLabel(field).FillAsync(value);
    }

    private static async Task SignAsync(Visitor visitor, string title)
    {
        await visitor.SignAndSendAsync(title);
        await Expect(visitor.Page.GetByRole(AriaRole.Region, new() { Name = $"Done: {title}" })).ToBeVisibleAsync();
    }

    // Two coins at 0.1 a kWh: 20 kWh.
    private async Task OpenByClicksAsync(Visitor buyer)
    {
        await buyer.Button("Open a channel").ClickAsync();
        await FillAsync(Form(buyer), _street.Seller.Address.ToString(), "0.1", "2", "7");
        await Expect(Form(buyer)).ToContainTextAsync("20.0 kWh");
        await Form(buyer).GetByRole(AriaRole.Button, new() { Name = "Lock 2.00 coin" }).ClickAsync();
        await SignAsync(buyer, "Open a channel");
    }

    // By a call of the contract; so many coins, for a day.
    private async Task<string> OpenAsync(Visitor buyer, uint coins)
    {
        var end = (ulong)(_street.Community.Now + Duration.FromDays(1)).ToUnixTimeSeconds();
        var (price, amount) = (100_000_000_000_000_000UL + coins, (UInt128)Coin.FromCoins(coins).Wei);
        await _street.ChannelsAsync(
            _street.Buyer, Channels.EncodeOpen(_street.Seller.Address, _street.Buyer.Address, price, end, amount));
        return Text((await OneAsync(buyer, "channels")).GetProperty("items")[0], "id");
    }

    private TestWallet Wallet(string name) => new($"Wallet of the {name}", MarketStreet.Person(name), _street.Community.Node.Page);

    private async Task<Visitor> ComeAsync(TestWallet wallet)
    {
        var visitor = await Visitor.ComeAsync(_browser, _street.Community.Node.Page, wallet);
        await visitor.SignInAsync(wallet);
        await visitor.OpenAsync("market/channels");
        return visitor;
    }

    /// <summary>The two meters of a channel, and the payee's node that asks for what they count.</summary>
    private sealed class Meters
    {
        private long _blocks;

        /// <summary>Whole blocks that have arrived, for which the payee asks.</summary>
        public long Blocks
        {
            get => Interlocked.Read(ref _blocks);
            set => Interlocked.Exchange(ref _blocks, value);
        }

        /// <summary>What has arrived beyond them, mWh.</summary>
        public long Beyond { get; init; }

        public async Task SpeakAsync(IPage page)
        {
            await page.RouteAsync(
                "**/api/v1/channels/*/vouchers", route => SayAsync(route, said => said["askedMwh"] = Milliwatthours(Blocks * Block)));
            await page.RouteAsync("**/api/v1/channels/0x*", route => SayAsync(route, said => said["flow"] = new JsonObject
            {
                ["phase"] = "flowing",
                ["arrivedMwh"] = Milliwatthours((Blocks * Block) + Beyond),
                ["trouble"] = null,
            }));
        }

        private static string Milliwatthours(long energy) => energy.ToString(CultureInfo.InvariantCulture);

        private static async Task SayAsync(IRoute route, Action<JsonNode> say)
        {
            var headers = route.Request.Headers.Where(one => one.Key != "if-none-match");
            var answer = await route.FetchAsync(new() { Headers = headers });
            var said = JsonNode.Parse(await answer.TextAsync())!;
            say(said);
            await route.FulfillAsync(new() { Response = answer, Body = said.ToJsonString() });
        }
    }
}
