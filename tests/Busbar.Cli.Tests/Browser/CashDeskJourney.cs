using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>A household without a wallet brings cash: the operator books it on the page, the bill is paid, and the house comes back on.</summary>
public sealed class CashDeskJourney : IDisposable
{
    private readonly DarkHouse _house = new();

    public void Dispose() => _house.Dispose();

    [BrowserFact]
    public async Task Operator_BooksCash_TheBillIsPaidAndTheRelayClosed()
    {
        await using var run = await _house.StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        using var wallet = new TestWallet("Wallet of the operator", DarkHouse.Operator, run.Node.Page);
        await using var visitor = await Visitor.ComeAsync(browser, run.Node.Page, wallet);
        var page = visitor.Page;

        await visitor.SignInAsync(wallet);
        await visitor.OpenAsync("money/arrears");
        await Expect(page.GetByText("1 household owes in all")).ToBeVisibleAsync();
        await visitor.OpenAsync("money/cash");
        await visitor.Button("Book money").ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByRole(AriaRole.Button, new() { Name = "Book", Exact = true }).ClickAsync();
        await Expect(form.GetByText("Choose whose money it is.")).ToBeVisibleAsync();
        await form.GetByLabel("House", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = DarkHouse.Name });
        await form.GetByLabel("Amount").FillAsync("2");
        await form.GetByLabel("Number of the receipt").FillAsync("R-001");
        await form.GetByRole(AriaRole.Button, new() { Name = "Book", Exact = true }).ClickAsync();

        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "R-001" });
        await Expect(row.GetByText("booked", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText("Book, coin and vault agree.")).ToBeVisibleAsync();
        await run.Node.FollowedAsync(default);
        Assert.True(run.Fleet.IsSupplied(0));
        visitor.AssertContent();

        // The same receipt again is refused, and says why; of which the browser complains.
        await visitor.Button("Book money").ClickAsync();
        await form.GetByLabel("House", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = DarkHouse.Name });
        await form.GetByLabel("Amount").FillAsync("2");
        await form.GetByLabel("Number of the receipt").FillAsync("r-001");
        await form.GetByRole(AriaRole.Button, new() { Name = "Book", Exact = true }).ClickAsync();
        await Expect(form.GetByText("is in the book already")).ToBeVisibleAsync();
    }
}
