using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Busbar.Cli.Tests.Running;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// From an empty node to its first reading on the ledger, by the wizard alone: community, account with a key of the browser's own,
/// the node's appointment, a house, its label and token, a meter's real program, and its registration.
/// </summary>
public sealed class SetUpJourney : IDisposable
{
    private const float Patience = 60_000;
    private const string Password = "a long password for the page";
    private const string Secret = "a secret of the key";

    private static readonly TimeSpan Asked = TimeSpan.FromMinutes(10);

    private readonly Workplace _work = new();
    private readonly ConcurrentQueue<string> _errors = [];

    public void Dispose() => _work.Dispose();

    [BrowserFact]
    public async Task EmptyNode_Wizard_FirstReadingOnTheLedgerWithinTenMinutes()
    {
        _work.Secret("node-password", "a long password for the node");
        _work.Secret("meter-password", "a long password for the meter");
        var shown = await BusbarProgram.RunAsync(_work.Folder, "device", "--show-address", "--data", "meter", "--password-file", "meter-password");
        var meter = shown.Succeeded().Output.Trim();
        await using var node = LivingProgram.Start(_work.Folder, "up", "--password-file", "node-password", "--http-port", "0", "--mqtt-port", "0");
        var wizard = await node.HearAsync("Set one up at (http://.*)$");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var context = await browser.NewContextAsync(new() { Locale = "en-GB", TimezoneId = "Asia/Kolkata" });
        context.SetDefaultTimeout(Patience);
        SetDefaultExpectTimeout(Patience);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => _errors.Enqueue(error);
        var watch = Stopwatch.StartNew();

        await page.GotoAsync(wizard);
        await DescribeAsync(page);
        await MakeAccountAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the community" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Houses and their meters" })).ToBeVisibleAsync();
        var root = wizard.Split('#')[0];
        Assert.Equal(root, await node.HearAsync("The community's page: (http://.*)$"));

        await SignAsync(page, "Appoint this node as operator");
        await Expect(page.GetByText("The node waits for its appointment")).Not.ToBeVisibleAsync();
        await AddHouseAsync(page, meter);
        _work.Secret("meter-token", await TokenAsync(page, root));
        await using var device = LivingProgram.Start(
            _work.Folder, "device", "--simulated", "--data", "meter", "--password-file", "meter-password", "--token-file", "meter-token",
            "--node", root, "--mqtt-port", await node.HearAsync(@"by MQTT to port (\d+)"));
        await Expect(Step(page, "done", "Connected")).ToBeVisibleAsync();
        // Its first reading is refused, for nobody has registered it; what it runs is known from then on.
        await device.HearAsync("UnknownMeter");

        await page.GetByRole(AriaRole.Link, new() { Name = "Register it on the ledger" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Register: House 1" }).ClickAsync();
        await Expect(page.GetByLabel("Firmware hash")).ToHaveValueAsync(new Regex("^0x[0-9a-f]{64}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await SignAsync(page, "Show what it does");
        await page.GotoAsync($"{root}#/setup/meter/{meter}");
        await Expect(Step(page, "done", "Registered on the ledger")).ToBeVisibleAsync();
        await Expect(page.GetByText("its first reading has been taken")).ToBeVisibleAsync(new() { Timeout = 3 * Patience });
        await Expect(Step(page, "done", "First interval on the ledger")).ToBeVisibleAsync(new() { Timeout = 4 * Patience });

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Asked);
        Assert.Empty(_errors);
        Assert.Equal(0, await node.StopAsync());
        Assert.DoesNotContain(Password, node.Said, StringComparison.Ordinal);
        Assert.Contains("regulators:", await File.ReadAllTextAsync(Path.Combine(_work["busbar-data"], "community.yaml")), StringComparison.Ordinal);
    }

    private static async Task DescribeAsync(IPage page)
    {
        await page.GetByLabel("Name of the community").FillAsync("Hill village");
        await Expect(page.GetByLabel("Time zone")).ToHaveValueAsync("Asia/Kolkata");
        await page.GetByLabel("Length of an interval").SelectOptionAsync("1");
        await page.GetByLabel("Name of microgrid 1").FillAsync("Upper street");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
    }

    private static async Task MakeAccountAsync(IPage page)
    {
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("asha");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("The password again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a new key" }).ClickAsync();
        var words = (await page.Locator("dialog li").AllInnerTextsAsync()).Select(text => text.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)[^1]).ToArray();
        Assert.Equal(12, words.Length);
        await page.GetByRole(AriaRole.Button, new() { Name = "I have written them down" }).ClickAsync();
        foreach (var label in await page.Locator("dialog label").AllInnerTextsAsync())
        {
            var place = int.Parse(label.Split(' ')[1], CultureInfo.InvariantCulture);
            await page.GetByLabel($"Word {place}", new() { Exact = true }).FillAsync(words[place - 1]);
        }

        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByLabel("Secret of the key").FillAsync(Secret);
        await page.GetByLabel("Secret again").FillAsync(Secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "Lock the key" }).ClickAsync();
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
    }

    private static async Task AddHouseAsync(IPage page, string meter)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "One by one" }).ClickAsync();
        await page.GetByLabel("Name of the house").FillAsync("House 1");
        await page.GetByLabel("Address of the meter").FillAsync(meter);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add this house" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "To the labels" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the labels" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "Code of House 1" })).ToBeVisibleAsync();
    }

    private static async Task<string> TokenAsync(IPage page, string root)
    {
        await page.GotoAsync($"{root}#/setup/meter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the token" }).ClickAsync();
        return await page.Locator("dt:has-text('Password') + dd .mono").InnerTextAsync();
    }

    private static async Task SignAsync(IPage page, string ask)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = ask }).ClickAsync();
        await page.GetByLabel("Secret of your key").FillAsync(Secret);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign and send" }).ClickAsync();
        await Expect(page.GetByText("Done: it is in block")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).Last.ClickAsync();
    }

    private static ILocator Step(IPage page, string state, string what) =>
        page.Locator("li").Filter(new() { HasText = what }).Filter(new() { HasText = state });
}
