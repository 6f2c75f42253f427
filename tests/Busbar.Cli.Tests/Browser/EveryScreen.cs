using System.Globalization;
using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Node.Community;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// Every screen of the demonstration as those see it whom it is for: desktop and phone, light and dark. With <c>$BUSBAR_PICTURES</c> a picture
/// of each is left in that folder.
/// </summary>
[Collection(DemoGroup.Name)]
public sealed class EveryScreen(DemoProcess demo) : IAsyncLifetime
{
    // The seed of the demonstration; its keys are known to everybody.
    private const ulong Seed = 7;

    private readonly List<string> _faults = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Chromium.Location is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    [BrowserFact]
    public async Task Screens_EveryOneInEveryForm_NothingSeriousForAxeNoErrorAndNothingOverTheEdge()
    {
        var keys = NodeKeys.ForDemonstration(Seed);
        await LookAsync(keys.Operator, Look.All, OperatorsAsync);
        await LookAsync(keys.Regulator, Look.All, _ => Task.FromResult<IEnumerable<Sight>>(
        [
            new("members-admit", "community/members", "Admit a member"),
            new("meters-register", "community/meters", "Register a meter"),
            new("council-propose", "community/council", "Propose: Grace after the due date"),
            new("money-opening", "money/arrears"),
            new("money-emergency", "money/arrears", "Declare an emergency"),
            new("money-publish", "money/tariffs", "New tariff"),
        ]));
        using var household = PrivateKey.FromSeed(Encoding.UTF8.GetBytes($"household {Seed} House 1"));
        await LookAsync(household, Look.All, _ => Task.FromResult<IEnumerable<Sight>>(
            [
                new("household-bills", "bills"), new("bill", "bills/-/1"), new("bills-pay", "bills", "Pay"),
                new("bills-pay-other", "bills", "Pay for others"),
                new("household-market", "market"), new("household-market-request", "market", "Request"), new("household-trades", "market/trades"),
                new("household-channels", "market/channels"), new("household-channels-open", "market/channels", "Open a channel"),
                new("guests", "guests"), new("guests-invite", "guests", "Invite a guest"),
                new("account", "session"), new("settings", "settings"),
            ]));
        await LookAsync(null, Look.All, _ => Task.FromResult<IEnumerable<Sight>>(
            [new("sign-in", "session"), new("invitation", "session/invitation"), new("not-yours", "guests")]));
        Assert.True(_faults.Count == 0, string.Join(Environment.NewLine, _faults));
        Assert.Superset(_named, _seen);
    }

    [BrowserFact]
    public async Task Screens_InHindiOnAPhone_NothingSeriousForAxeNoErrorAndNothingOverTheEdge()
    {
        await LookAsync(NodeKeys.ForDemonstration(Seed).Operator, [Look.All[^1]], OperatorsAsync, "hi");
        Assert.True(_faults.Count == 0, string.Join(Environment.NewLine, _faults));
    }

    private static async Task<IEnumerable<Sight>> OperatorsAsync(Visitor visitor)
    {
        var meter = (await FirstAsync(visitor, "houses")).GetProperty("meter").GetString()!;
        var anchor = await FirstAsync(visitor, "anchors?limit=200", row => row.GetProperty("status").GetString() == "anchored");
        var instant = anchor.GetProperty("start").GetString()!;
        var start = DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        var block = (await FirstAsync(visitor, "explorer/blocks")).GetProperty("number");
        var transaction = await FirstAsync(visitor, "explorer/transactions");
        return
        [
            new("now", "now"),
            new("history", "history"),
            new("bills", "bills"),
            new("operator-market", "market"),
            new("operator-market-demands", "market/demands"),
            new("operator-market-channels", "market/channels"),
            new("operator-market-prices", "market/prices"),
            new("money-arrears", "money/arrears"),
            new("money-cash", "money/cash"),
            new("money-books", "money/books"),
            new("money-tariffs", "money/tariffs"),
            new("history-day", $"history/{meter}/day"),
            new("ledger", "ledger"),
            new("ledger-blocks", "ledger/blocks"),
            new("ledger-transactions", "ledger/transactions"),
            new("ledger-block", $"ledger/block/{block}"),
            new("ledger-transaction", $"ledger/transaction/{transaction.GetProperty("hash").GetString()}"),
            new("ledger-address", $"ledger/address/{transaction.GetProperty("from").GetString()}"),
            new("ledger-anchor", $"ledger/anchor/1/{Uri.EscapeDataString(instant)}"),
            new("ledger-find", "ledger/find/nothing"),
            new("verify", "verify"),
            new("verify-result", $"verify/{meter}/{start}"),
            new("devices", "devices"),
            new("device", $"devices/{meter}"),
            new("community-council", "community/council"),
            new("community-members", "community/members"),
            new("community-meters", "community/meters"),
            new("community-requests", "community/requests"),
            new("community-quarantine", "community/quarantine"),
            new("community-accounts", "community/accounts"),
            new("load", "load"),
            new("setup-houses", "setup/houses"),
            new("setup-labels", "setup/labels"),
            new("setup-meter", "setup/meter"),
            new("operator-settings", "settings"),
        ];
    }

    private static async Task<JsonElement> FirstAsync(Visitor visitor, string place, Func<JsonElement, bool>? wanted = null)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var answer = (await (await visitor.GetAsync(place)).JsonAsync())!.Value;
            var rows = answer.ValueKind == JsonValueKind.Array ? answer : answer.GetProperty("items");
            if (rows.EnumerateArray().FirstOrDefault(wanted ?? (_ => true)) is { ValueKind: JsonValueKind.Object } found)
                return found;
            await Task.Delay(250, late.Token);
        }
    }

    private async Task LookAsync(
        PrivateKey? key, IReadOnlyList<Look> looks, Func<Visitor, Task<IEnumerable<Sight>>> sights, string language = "en")
    {
        TestWallet[] wallets = key is null ? [] : [new("Wallet", key, demo.Address)];
        await using var visitor = await Visitor.ComeAsync(_browser!, demo.Address, wallets);
        var looker = new Looker(visitor.Page);
        if (wallets is [var wallet])
            await visitor.SignInAsync(wallet);
        else
            await visitor.OpenAsync("now");
        await visitor.Page.EvaluateAsync("language => localStorage.setItem('busbar.language', language)", language);
        await visitor.Page.ReloadAsync();
        foreach (var sight in await sights(visitor))
        {
            _seen.Add(sight.Place.Split('/')[0]);
            await visitor.OpenAsync(sight.Place);
            if (sight.Place.StartsWith("verify/", StringComparison.Ordinal))
                await Expect(visitor.Page.Locator("[data-verdict=pass]")).ToBeVisibleAsync();
            await Expect(visitor.Page.Locator("main [role=status] [aria-hidden=true]")).ToHaveCountAsync(0);
            if (sight.Button is { } button)
                await visitor.Button(button).ClickAsync();
            foreach (var look in looks)
                _faults.AddRange(await looker.FaultsAsync(sight.Name, look, picture: language == "en"));
            if (sight.Button is not null)
                await visitor.Page.Keyboard.PressAsync("Escape");
        }

        foreach (var link in await visitor.Page.Locator("nav a[href^='#/']").AllAsync())
            _named.Add((await link.GetAttributeAsync("href"))!["#/".Length..].Split('/')[0]);
        _faults.AddRange(visitor.Complaints);
        foreach (var own in wallets)
            own.Dispose();
    }

    /// <summary>Something to look at.</summary>
    private sealed record Sight(string Name, string Place, string? Button = null);
}
