using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// A visitor of the demonstration: a house is dark, its bill is paid with its test wallet, and it comes back on. By clicks alone, from the
/// first page on.
/// </summary>
[Collection(DemoGroup.Name)]
public sealed class TestWalletJourney(DemoProcess demo) : IAsyncLifetime
{
    private const string House = "House 7";

    // Everything that a page can leave on a device.
    private const string Kept = """
        async () => {
          const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) kept.push(request.url, await (await cache.match(request)).text());
          }
          return kept.join('\n');
        }
        """;

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
    public async Task Visitor_PaysForTheDarkHouseWithItsTestWallet_ReceiptAndBackOn()
    {
        await using var visitor = await Visitor.ComeAsync(_browser!, demo.Address);
        var page = visitor.Page;
        var wallets = (await (await visitor.GetAsync("demo/wallets")).JsonAsync())!.Value;
        var keys = wallets.EnumerateArray().Select(wallet => wallet.GetProperty("key").GetString()!).ToArray();
        Assert.Equal(10, keys.Length);
        await visitor.OpenAsync("now");
        var row = page.GetByRole(AriaRole.List, new() { Name = "Houses" }).GetByRole(AriaRole.Listitem).Filter(new() { HasText = House });
        await Expect(row.GetByText("no supply")).ToBeVisibleAsync();
        await Expect(page.GetByText($"{House} has not paid its bill")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "To the bill" }).ClickAsync();
        await Expect(page.GetByText("switched off")).ToBeVisibleAsync();
        await visitor.Button("Pay").ClickAsync();
        await visitor.Button($"Test wallet of {House}").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = $"Your account: {House} test" })).ToBeVisibleAsync();
        await visitor.Button("Pay").ClickAsync();
        await visitor.Button("Continue").ClickAsync();
        await Expect(visitor.Signing).ToContainTextAsync($"{House} test wallet");
        await visitor.SignPaymentAsync();

        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Now" }).ClickAsync();
        await Expect(row).ToBeVisibleAsync();
        await Expect(row.GetByText("no supply")).ToHaveCountAsync(0);
        await Expect(page.GetByText($"{House} has not paid its bill")).ToHaveCountAsync(0);
        var told = $"{House} has not paid its bill: its supply ends at 11:00, in 12 seconds";
        if (demo.Said.Count > 0)
            Assert.Contains(demo.Said, line => line.StartsWith(told, StringComparison.Ordinal));
        var kept = await page.EvaluateAsync<string>(Kept);
        Assert.All(keys, key => Assert.DoesNotContain(key[2..], kept, StringComparison.OrdinalIgnoreCase));
        visitor.AssertContent();
    }
}
