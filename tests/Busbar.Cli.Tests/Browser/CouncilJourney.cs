using Busbar.Cryptography;
using Busbar.Mqtt;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// A rule is changed, in a real browser against a real node: the owner appoints a second regulator, one proposes, the other votes, and after
/// the delay somebody with an account of the page alone puts it into effect with a key that was made in the browser.
/// </summary>
public sealed class CouncilJourney(Village village) : IClassFixture<Village>, IAsyncLifetime
{
    private const string Rule = "Grace after the due date";
    private const string Password = "a long password for the page";
    private const string Secret = "another secret for the key";

    // The rule's own seven days, and a little: a block may be some seconds ahead of the clock.
    private static readonly Duration Delay = Duration.FromDays(7) + Duration.FromMinutes(1);

    public Task InitializeAsync() => Chromium.Location is null ? Task.CompletedTask : village.StartAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [BrowserFact]
    public async Task Rule_ProposedVotedAndPutIntoEffect_ThePageShowsItChanged()
    {
        using var owning = village.OfficeWallet("the owner", keys => keys.Owner);
        using var operating = village.OfficeWallet("the operator", keys => keys.Operator);
        using var regulating = village.OfficeWallet("the regulator", keys => keys.Regulator);
        using var second = village.WalletOf("a second regulator");
        await AppointAsync(owning, second.Address);

        await ProposeAsync(regulating);
        await using var local = await village.VisitorAsync();
        await MakeAccountAsync(local, await InviteAsync(operating));
        await VoteAsync(second);
        await Expect(Proposal(local)).ToContainTextAsync("passed, in its delay");
        await Expect(local.Button("Put into effect")).ToHaveCountAsync(0);

        await PassAsync(Delay);
        await SignInAgainAsync(local);
        await ExecuteAsync(local);
        await using var anybody = await village.VisitorAsync();
        await anybody.OpenAsync("community/council");
        await Expect(RuleRow(anybody)).ToContainTextAsync("9 days");
        anybody.AssertContent();
    }

    private static ILocator RuleRow(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = Rule });

    private static ILocator Proposal(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Article).Filter(new() { HasText = Rule });

    private async Task PassAsync(Duration duration)
    {
        await village.Community.Node.SettledAsync();
        village.Community.Node.MoveClock(village.Community.Now + duration);
        // Pages learn the time with the next figures.
        var connection = await village.Community.ConnectionOfAsync(village.MillHouse);
        await connection.Client.PublishAsync(village.MillHouse.Topic("telemetry"), "{\"power\":100}"u8.ToArray(), MqttQos.AtLeastOnce);
    }

    private async Task AppointAsync(TestWallet wallet, Address regulator)
    {
        await using var owner = await village.VisitorAsync(wallet);
        await owner.SignInAsync(wallet);
        await owner.OpenAsync("community/council");
        await owner.Button("Add a regulator").ClickAsync();
        await owner.Page.GetByLabel("Address of the new regulator").FillAsync(regulator.ToString());
        await owner.Button("Show what it does").ClickAsync();
        await owner.SignAndSendAsync("Add a regulator");
        await PassAsync(Delay);
        await owner.Page.ReloadAsync();
        await Expect(owner.Page.GetByText("due now")).ToBeVisibleAsync();
        await owner.Button("Put into effect").ClickAsync();
        await owner.SignAndSendAsync("Put a change into effect");
        await Expect(owner.Page.GetByText("due now")).ToHaveCountAsync(0);
        owner.AssertContent();
    }

    private async Task ProposeAsync(TestWallet wallet)
    {
        await using var regulator = await village.VisitorAsync(wallet);
        await regulator.SignInAsync(wallet);
        await regulator.OpenAsync("community/council");
        await Expect(RuleRow(regulator)).Not.ToContainTextAsync("9 days");
        await regulator.Button($"Propose: {Rule}").ClickAsync();
        await regulator.Page.GetByLabel("New value, days").FillAsync("9");
        await regulator.Button("Show what it does").ClickAsync();
        await regulator.SignAndSendAsync("Propose a rule");
        await Expect(Proposal(regulator)).ToContainTextAsync("1 of 2 votes needed");
        await Expect(Proposal(regulator)).ToContainTextAsync("You voted for it.");
        regulator.AssertContent();
    }

    private async Task<string> InviteAsync(TestWallet wallet)
    {
        await using var visitor = await village.VisitorAsync(wallet);
        await visitor.SignInAsync(wallet);
        var made = await visitor.PostAsync("invitations", new { kind = "household", name = "Hill house" });
        Assert.Equal(200, made.Status);
        return (await made.JsonAsync())!.Value.GetProperty("code").GetString()!;
    }

    private static async Task MakeAccountAsync(Visitor visitor, string code)
    {
        var sent = new List<string>();
        visitor.Page.Request += (_, request) => sent.Add($"{request.Url} {request.PostData}");
        var page = visitor.Page;
        await visitor.OpenAsync($"session/invitation/{code}");
        await page.GetByLabel("Name of your account").FillAsync("ravi");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Password again").FillAsync(Password);
        await visitor.Button("Make or restore a key").ClickAsync();
        await visitor.Button("Make a new key").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var words = (await dialog.GetByRole(AriaRole.Listitem).AllInnerTextsAsync()).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[^1]).ToArray();
        Assert.Equal(12, words.Length);
        await visitor.Button("I have written them down").ClickAsync();
        for (var place = 1; place <= words.Length; place++)
        {
            var field = dialog.GetByLabel($"Word {place}", new() { Exact = true });
            if (await field.CountAsync() > 0)
                await field.FillAsync(words[place - 1]);
        }

        await visitor.Button("Continue").ClickAsync();
        await page.GetByLabel("Secret of the key").FillAsync(Secret);
        await page.GetByLabel("Secret again").FillAsync(Secret);
        await visitor.Button("Lock the key").ClickAsync();
        await Expect(page.GetByText("Your key is ready")).ToBeVisibleAsync();
        await visitor.Button("Make the account").ClickAsync();
        await Expect(page.GetByText("you are signed in").First).ToBeVisibleAsync();
        Assert.Contains(sent, request => request.Contains("ciphertext", StringComparison.Ordinal));
        Assert.DoesNotContain(sent, request => request.Contains(Secret, StringComparison.Ordinal) || request.Contains(string.Join(' ', words.Take(3)), StringComparison.Ordinal));
        await visitor.OpenAsync("community/council");
    }

    private async Task VoteAsync(TestWallet wallet)
    {
        await using var regulator = await village.VisitorAsync(wallet);
        await regulator.SignInAsync(wallet);
        await regulator.OpenAsync("community/council");
        await Proposal(regulator).GetByRole(AriaRole.Button, new() { Name = "Vote for it" }).ClickAsync();
        await regulator.SignAndSendAsync("Vote");
        await Expect(Proposal(regulator)).ToContainTextAsync("2 of 2 votes needed");
        regulator.AssertContent();
    }

    private static async Task SignInAgainAsync(Visitor visitor)
    {
        await visitor.OpenAsync("session");
        await visitor.Button("Sign out").ClickAsync();
        await Expect(visitor.Page.GetByText("You are signed out.").First).ToBeVisibleAsync();
        Assert.False(await visitor.IsSignedInAsync());
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("ravi");
        await visitor.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await visitor.Button("Sign in").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Now", Exact = true })).ToBeVisibleAsync();
    }

    private static async Task ExecuteAsync(Visitor local)
    {
        await local.OpenAsync("community/council");
        await Expect(Proposal(local)).ToContainTextAsync("can take effect now");
        await Proposal(local).GetByRole(AriaRole.Button, new() { Name = "Put into effect" }).ClickAsync();
        await local.Page.GetByLabel("Secret of your key").FillAsync(Password);
        await local.Button("Sign and send").ClickAsync();
        await Expect(local.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not the secret of your key. Nothing was signed.");
        await local.Page.GetByLabel("Secret of your key").FillAsync(Secret);
        await local.SignAndSendAsync("Put a proposal into effect");
        await Expect(RuleRow(local)).ToContainTextAsync("9 days");
        await Expect(Proposal(local)).ToHaveCountAsync(0);
        local.AssertContent();
    }
}
