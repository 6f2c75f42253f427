using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>A visitor's way through the first page, in a real browser against the real demonstration.</summary>
[Collection(DemoGroup.Name)]
public sealed class FirstPageJourney(DemoProcess demo) : IAsyncLifetime
{
    private const float Patience = 60_000;

    private readonly ConcurrentQueue<string> _complaints = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IPage? _opened;

    private IPage Page => _opened ?? throw new InvalidOperationException("the browser is not open");

    public async Task InitializeAsync()
    {
        if (Chromium.Location is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = demo.Address.ToString(),
            Locale = "en-GB",
            ViewportSize = new() { Width = 390, Height = 844 },
        });
        context.SetDefaultTimeout(Patience);
        SetDefaultExpectTimeout(Patience);
        _opened = await context.NewPageAsync();
        // A breach of the content security policy is such a message too.
        _opened.Console += (_, message) =>
        {
            if (string.Equals(message.Type, "error", StringComparison.Ordinal))
                _complaints.Enqueue(message.Text);
        };
        _opened.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    [BrowserFact]
    public async Task Now_DemoRuns_TenHousesLiveWithChangingFigures()
    {
        await Page.GotoAsync("#/now");
        await Expect(Page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        var houses = Page.GetByRole(AriaRole.List, new() { Name = "Houses" }).First.GetByRole(AriaRole.Listitem);
        await Expect(houses.Nth(9)).ToBeVisibleAsync();

        var total = Page.Locator("dl .figure .number").First;
        await Expect(total).ToBeVisibleAsync();
        var before = await total.InnerTextAsync();
        await Expect(total).Not.ToHaveTextAsync(before);
        Assert.Empty(_complaints);
    }

    [BrowserFact]
    public async Task Ledger_DemoRuns_NewAnchorsWaitUntilAskedFor()
    {
        await OpenScreenAsync("Ledger");
        var anchors = Page.GetByRole(AriaRole.Region, new() { Name = "Anchored intervals" });
        var first = anchors.GetByRole(AriaRole.Listitem).First;
        await Expect(first).ToContainTextAsync("kWh");
        var heading = await first.GetByRole(AriaRole.Heading).InnerTextAsync();

        var fresh = anchors.GetByRole(AriaRole.Status).GetByRole(AriaRole.Button);
        await Expect(fresh).ToBeVisibleAsync();
        await Expect(first.GetByRole(AriaRole.Heading)).ToHaveTextAsync(heading);
        await fresh.ClickAsync();
        await Expect(first.GetByRole(AriaRole.Heading)).Not.ToHaveTextAsync(heading);
        await Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Blocks" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Region, new() { Name = "Blocks" })).ToContainTextAsync("gas");
        Assert.Empty(_complaints);
    }

    [BrowserFact]
    public async Task Verify_ReadingOfTheLedger_EveryStepPasses()
    {
        await VerifyNewestAsync();
        await Expect(Page.Locator("[data-verdict=pass]")).ToBeVisibleAsync();
        await Expect(Page.GetByText("This reading is on the ledger, exactly as shown.")).ToBeVisibleAsync();
        await Expect(Page.Locator("[data-step]")).ToHaveCountAsync(12);
        await Expect(Page.Locator("[data-outcome=fail], [data-outcome=unreached]")).ToHaveCountAsync(0);
        await Expect(Page.Locator("[data-step=contractSays][data-outcome=pass]")).ToBeVisibleAsync();
        Assert.Empty(_complaints);
    }

    [BrowserFact]
    public async Task Verify_TamperedDocument_FailingStepIsNamed()
    {
        await VerifyNewestAsync();
        var saved = await Page.RunAndWaitForDownloadAsync(() =>
            Page.GetByRole(AriaRole.Link, new() { Name = "Save the proof document" }).ClickAsync());
        var document = JsonNode.Parse(await File.ReadAllTextAsync(await saved.PathAsync()))!;
        await OpenDocumentAsync(document);
        await Expect(Page.Locator("[data-verdict=pass]")).ToBeVisibleAsync();

        document["leaf"]!["intervalImport"] = "123456789";
        await OpenDocumentAsync(document);
        await Expect(Page.Locator("[data-verdict=fail]")).ToBeVisibleAsync();
        await Expect(Page.GetByText("First failing step: The reading is in the tree.")).ToBeVisibleAsync();
        await Expect(Page.Locator("[data-step=signature][data-outcome=pass]")).ToBeVisibleAsync();
        foreach (var step in new[] { "path", "sums", "contractSays" })
            await Expect(Page.Locator($"[data-step={step}][data-outcome=fail]")).ToBeVisibleAsync();
        Assert.Empty(_complaints);
    }

    private async Task OpenScreenAsync(string name)
    {
        await Page.GotoAsync("#/now");
        // A phone's bar has room for four places; the others are behind the last one.
        var bar = Page.GetByRole(AriaRole.Navigation);
        var (more, link) = (bar.GetByRole(AriaRole.Button, new() { Name = "More" }), bar.GetByRole(AriaRole.Link, new() { Name = name }));
        await Expect(more).ToBeVisibleAsync();
        if (!await link.IsVisibleAsync())
        {
            await more.ClickAsync();
            link = Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Link, new() { Name = name });
        }

        await link.ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = name })).ToBeVisibleAsync();
    }

    /// <summary>From the newest anchored interval of the Ledger, by its link, with the first house of the list.</summary>
    private async Task VerifyNewestAsync()
    {
        await OpenScreenAsync("Ledger");
        await Page.GetByRole(AriaRole.Region, new() { Name = "Anchored intervals" })
            .GetByRole(AriaRole.Link, new() { Name = "Verify a reading of" }).First.ClickAsync();
        await Page.GetByLabel("House").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await Page.GetByRole(AriaRole.Button, new() { Name = "Check this reading" }).ClickAsync();
        await Expect(Page.Locator("[data-verdict=pass], [data-verdict=fail], [data-verdict=undecided]")).ToBeVisibleAsync();
    }

    private Task OpenDocumentAsync(JsonNode document) => Page.GetByLabel("Open a proof document").SetInputFilesAsync(new FilePayload
    {
        Name = "proof.json",
        MimeType = "application/json",
        Buffer = Encoding.UTF8.GetBytes(document.ToJsonString()),
    });
}
