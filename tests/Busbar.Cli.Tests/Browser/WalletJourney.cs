using System.Globalization;
using System.Numerics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>Ways in with a wallet, and the ways in which a wallet does not let one in, in a real browser against a real node.</summary>
public sealed class WalletJourney(Village village) : IClassFixture<Village>, IAsyncLifetime
{
    private const string SaidNo = "You said no in your wallet. Nothing was signed and nothing was sent.";

    public Task InitializeAsync() => Chromium.Location is null ? Task.CompletedTask : village.StartAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [BrowserFact]
    public async Task Connect_WalletOnTheChain_SignedInAsItsAccountAndOutAgain()
    {
        using var wallet = village.WalletOf("neighbour");
        await using var visitor = await village.VisitorAsync(wallet);

        await visitor.SignInAsync(wallet);
        await Expect(visitor.Page.GetByRole(AriaRole.List, new() { Name = "Your house" }).GetByText("Mill house")).ToBeVisibleAsync();

        await visitor.OpenAsync("session");
        await Expect(visitor.Page.GetByText("by wallet")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("household", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = wallet.Address.ToString() })).ToBeVisibleAsync();
        var text = Assert.Single(wallet.Texts);
        Assert.StartsWith($"{village.Page.Authority} wants you to sign in with your Ethereum account:\n{wallet.Address}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("wallet_switchEthereumChain", wallet.Asked, StringComparer.Ordinal);

        await visitor.Button("Sign out").ClickAsync();
        await Expect(visitor.Page.GetByText("You are signed out.").First).ToBeVisibleAsync();
        await visitor.OpenAsync("now");
        await Expect(visitor.Page.GetByText("Mill house")).ToHaveCountAsync(0);
        visitor.AssertContent();
    }

    [BrowserFact]
    public async Task Connect_PersonSaysNo_SaidAndNobodySignedInUntilTheySayYes()
    {
        using var wallet = village.WalletOf("somebody who hesitates");
        await using var visitor = await village.VisitorAsync(wallet);
        await visitor.OpenAsync("session");
        foreach (var step in new[] { "eth_requestAccounts", "personal_sign" })
        {
            wallet.Refused.Add(step);
            await visitor.Button(wallet.Name).ClickAsync();
            await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(SaidNo);
            await Expect(visitor.Button(wallet.Name)).ToBeEnabledAsync();
            Assert.Equal(step, wallet.Asked.Last());
            Assert.False(await visitor.IsSignedInAsync());
            wallet.Refused.Clear();
        }

        await visitor.SignInAsync(wallet);
        Assert.True(await visitor.IsSignedInAsync());
        visitor.AssertContent();
    }

    [BrowserFact]
    public async Task Connect_ChainThatTheWalletDoesNotKnow_AddedWithThisNodesAddressAndSwitchedTo()
    {
        using var wallet = new TestWallet("Wallet of a stranger", Village.Person("stranger"));
        await using var visitor = await village.VisitorAsync(wallet);
        await visitor.OpenAsync("session");

        wallet.Refused.Add("wallet_addEthereumChain");
        await visitor.Button(wallet.Name).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(SaidNo);
        Assert.False(await visitor.IsSignedInAsync());
        Assert.Empty(wallet.Texts);

        wallet.Refused.Clear();
        wallet.Asked.Clear();
        await visitor.SignInAsync(wallet);
        Assert.Equal(
            [
                "eth_requestAccounts", "eth_chainId", "wallet_switchEthereumChain", "wallet_addEthereumChain", "eth_chainId",
                "wallet_switchEthereumChain", "eth_chainId", "personal_sign",
            ],
            wallet.Asked, StringComparer.Ordinal);
        var community = BigInteger.Parse("35303", CultureInfo.InvariantCulture);
        Assert.Equal(new Uri(village.Page, "rpc").ToString(), wallet.Chains[community]);
        visitor.AssertContent();
    }

    [BrowserFact]
    public async Task Connect_TwoWallets_EachOfferedAndTheChosenOneSigns()
    {
        using var first = village.WalletOf("neighbour");
        using var second = village.WalletOf("somebody with two wallets");
        await using var visitor = await village.VisitorAsync(first, second);
        await visitor.OpenAsync("session");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Wallet of" })).ToHaveTextAsync([first.Name, second.Name]);

        await visitor.SignInAsync(second);
        await visitor.OpenAsync("session");
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = second.Address.ToString() })).ToBeVisibleAsync();
        Assert.Empty(first.Asked);
        visitor.AssertContent();
    }

    [BrowserFact]
    public async Task Connect_WalletThatComesLate_OfferedWhenItAnnouncesItself()
    {
        using var wallet = new TestWallet("Wallet of a sleeper", Village.Person("sleeper"), village.Page) { IsLate = true };
        await using var visitor = await village.VisitorAsync(wallet);
        await visitor.OpenAsync("session");
        await Expect(visitor.Page.GetByText("No wallet announced itself in this browser.")).ToBeVisibleAsync();

        await visitor.UnlockAsync(wallet);
        await visitor.Button(wallet.Name).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Now", Exact = true })).ToBeVisibleAsync();
        Assert.True(await visitor.IsSignedInAsync());
        visitor.AssertContent();
    }
}
