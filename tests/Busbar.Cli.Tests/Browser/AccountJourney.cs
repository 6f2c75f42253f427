using System.Collections.Concurrent;
using Busbar.Cli.Tests.Running;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>The first operator's way in, in a real browser against a real node: the code, the account, what is theirs, and out again.</summary>
public sealed class AccountJourney : IDisposable
{
    private const float Patience = 60_000;
    private const string Password = "a long password for the page";

    private readonly Workplace _work = new();
    private readonly ConcurrentQueue<string> _errors = [];

    public void Dispose() => _work.Dispose();

    [BrowserFact]
    public async Task FirstOperator_ComesInByTheCode_SeesMetersAndIsForgottenAfterwards()
    {
        _work.Secret("node-password", "a long password for the node");
        _work.Community("0x00000000000000000000000000000000000000aa");
        await using var node = LivingProgram.Start(_work.Folder, "up", "--password-file", "node-password", "--http-port", "0", "--mqtt-port", "0");
        var address = await node.HearAsync("The community's page: (http://.*)$");
        var code = await node.HearAsync("with the code ([A-Za-z0-9-]+)");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var context = await browser.NewContextAsync(new() { BaseURL = address, Locale = "en-GB" });
        context.SetDefaultTimeout(Patience);
        SetDefaultExpectTimeout(Patience);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => _errors.Enqueue(error);

        await page.GotoAsync("#/devices");
        await Expect(page.GetByText("You are not signed in.")).ToBeVisibleAsync();

        await page.GotoAsync("#/session/invitation");
        await page.GetByLabel("Code of the invitation").FillAsync(code);
        await page.GetByLabel("Name of your account").FillAsync("asha");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Password again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the account" }).ClickAsync();
        await Expect(page.GetByText("you are signed in").First).ToBeVisibleAsync();
        await page.GotoAsync("#/session");
        await Expect(page.GetByText("operator", new() { Exact = true })).ToBeVisibleAsync();

        await page.GotoAsync("#/devices");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "School" }).First).ToBeVisibleAsync();

        await page.GotoAsync("#/session");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Expect(page.GetByText("You are signed out.").First).ToBeVisibleAsync();
        await page.GotoAsync("#/devices");
        await Expect(page.GetByText("You are not signed in.")).ToBeVisibleAsync();
        var refused = await page.APIRequest.GetAsync($"{address}api/v1/houses");
        Assert.Equal(401, refused.Status);

        await page.GotoAsync("#/session");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("ASHA");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Now" })).ToBeVisibleAsync();
        await page.GotoAsync("#/session");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true })).ToBeVisibleAsync();
        Assert.Empty(_errors);
        Assert.Equal(0, await node.StopAsync());
        Assert.DoesNotContain(Password, node.Said, StringComparison.Ordinal);
    }
}
