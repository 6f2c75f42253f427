using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>Somebody at the community's page, with a browser profile and perhaps wallets of their own.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>Far longer than anything here takes: a test that waits so long has failed.</summary>
    public const float Patience = 60_000;

    private readonly IBrowserContext _context;

    private Visitor(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>The cookie of their session, as a header has it.</summary>
    public async Task<string> CookieAsync() =>
        string.Join("; ", (await _context.CookiesAsync()).Select(cookie => $"{cookie.Name}={cookie.Value}"));

    /// <summary>What the browser complained about; a breach of the content security policy is such a message too.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public static async Task<Visitor> ComeAsync(IBrowser browser, Uri address, params TestWallet[] wallets)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            Locale = "en-GB",
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        SetDefaultExpectTimeout(Patience);
        if (wallets.Length > 0)
        {
            await context.ExposeFunctionAsync<string, string, string, Task<string>>("askKeeper", (wallet, method, parameters) =>
                wallets.Single(one => string.Equals(one.Id, wallet, StringComparison.Ordinal)).AnswerAsync(method, parameters));
            foreach (var wallet in wallets)
                await context.AddInitScriptAsync(wallet.Script);
        }

        var visitor = new Visitor(context, await context.NewPageAsync());
        visitor.Page.Console += (_, message) =>
        {
            if (string.Equals(message.Type, "error", StringComparison.Ordinal))
                visitor.Complaints.Enqueue($"{message.Text} ({message.Location}, on {visitor.Page.Url})");
        };
        visitor.Page.PageError += (_, error) => visitor.Complaints.Enqueue(error);
        return visitor;
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Opens a place and waits for its heading.</summary>
    public async Task OpenAsync(string place)
    {
        await Page.GotoAsync($"#/{place}");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }

    /// <summary>Asks the API with their session.</summary>
    public Task<IAPIResponse> GetAsync(string place) => Page.APIRequest.GetAsync($"api/v1/{place}");

    /// <summary>Sends something to the API with their session, as the page does.</summary>
    public async Task<IAPIResponse> PostAsync(string place, object body)
    {
        var csrf = (await (await GetAsync("session")).JsonAsync())!.Value.GetProperty("csrf").GetString()!;
        return await Page.APIRequest.PostAsync(
            $"api/v1/{place}", new() { DataObject = body, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["X-Busbar-Csrf"] = csrf } });
    }

    /// <summary>Whether the node has a session for them.</summary>
    public async Task<bool> IsSignedInAsync() =>
        (await (await GetAsync("session")).JsonAsync())!.Value.GetProperty("signedIn").GetBoolean();

    /// <summary>A late wallet announces itself.</summary>
    public Task UnlockAsync(TestWallet wallet) => Page.EvaluateAsync("id => dispatchEvent(new Event(`unlock:${id}`))", wallet.Id);

    /// <summary>Signs in by the page with a wallet, and comes to Now.</summary>
    public async Task SignInAsync(TestWallet wallet)
    {
        await OpenAsync("session");
        await Button(wallet.Name).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Now", Exact = true })).ToBeVisibleAsync();
    }

    /// <summary>Signs and sends what the page shows under a title, and waits until it is in a block.</summary>
    public async Task SignAndSendAsync(string title)
    {
        var dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = title, Exact = true });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Sign and send" }).ClickAsync();
        await Expect(Page.GetByText($"{title}. Done: it is in block").Last).ToBeVisibleAsync();
        await Expect(dialog).ToHaveCountAsync(0);
    }

    /// <summary>The window in which something is signed, whatever else is open behind it.</summary>
    public ILocator Signing => Page.GetByRole(AriaRole.Dialog).Filter(new() { HasText = "Signed by" });

    /// <summary>
    /// Signs and sends a payment of all that is owed, which the page shows, and waits until the house is supplied again. Its receipt names
    /// a transaction that was carried out, and that transaction's block.
    /// </summary>
    /// <returns>The hash of the transaction.</returns>
    public async Task<string> SignPaymentAsync()
    {
        await Signing.GetByRole(AriaRole.Button, new() { Name = "Sign and send" }).ClickAsync();
        var receipt = Page.GetByRole(AriaRole.Region, new() { Name = "Receipt: Pay for electricity" });
        await Expect(receipt.GetByText("supplied", new() { Exact = true })).ToBeVisibleAsync();
        var account = Page.GetByRole(AriaRole.Region, new() { Name = "Account", Exact = true });
        await Expect(account.GetByText("supplied", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(account.GetByText("Nothing is owed.")).ToBeVisibleAsync();
        var hash = (await receipt.Locator("a[href*='0x']").GetAttributeAsync("href"))!.Split('/')[^1];
        var transaction = (await (await GetAsync($"explorer/transactions/{hash}")).JsonAsync())!.Value;
        var block = transaction.GetProperty("block").ToString();
        await Expect(receipt.GetByRole(AriaRole.Link, new() { Name = block, Exact = true })).ToBeVisibleAsync();
        Assert.Equal(("pay", true), (transaction.GetProperty("function").GetString(), transaction.GetProperty("succeeded").GetBoolean()));
        return hash;
    }

    /// <summary>Nothing went wrong in the browser.</summary>
    public void AssertContent() => Assert.True(Complaints.IsEmpty, string.Join(Environment.NewLine, Complaints));

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
