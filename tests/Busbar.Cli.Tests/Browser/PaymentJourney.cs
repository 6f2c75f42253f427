using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// A household pays its bill with a wallet of its own, in a real browser against a real node that is no demonstration: the relay of its
/// meter, which had opened, closes.
/// </summary>
public sealed class PaymentJourney : IDisposable
{
    private readonly DarkHouse _house = new();

    public void Dispose() => _house.Dispose();

    [BrowserFact]
    public async Task Household_PaysWithItsWallet_ReceiptAndRelayClosed()
    {
        await using var run = await _house.StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        using var wallet = new TestWallet("Wallet of the household", _house.Household, run.Node.Page);
        await using var visitor = await Visitor.ComeAsync(browser, run.Node.Page, wallet);

        await visitor.SignInAsync(wallet);
        await Expect(visitor.Page.GetByText("no supply")).ToBeVisibleAsync();
        await visitor.OpenAsync("bills");
        await Expect(visitor.Page.GetByText("switched off")).ToBeVisibleAsync();
        await visitor.Button("Pay").ClickAsync();
        await visitor.Button("Continue").ClickAsync();
        await Expect(visitor.Signing).Not.ToContainTextAsync("test wallet");
        var hash = await visitor.SignPaymentAsync();

        Assert.Equal(wallet.Sent, hash, ignoreCase: true);
        Assert.True(run.Fleet.IsSupplied(0));
        Assert.Equal(404, (await visitor.GetAsync("demo/wallets")).Status);
        visitor.AssertContent();
    }
}
