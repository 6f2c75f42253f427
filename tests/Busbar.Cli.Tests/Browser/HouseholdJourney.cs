using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Mqtt;
using Busbar.Node.Tests.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// A house comes into the community, in a real browser against a real node: the regulator lets it in, its meter speaks, its household sees and
/// verifies that, and the neighbour sees nothing of it.
/// </summary>
public sealed class HouseholdJourney(Village village) : IClassFixture<Village>, IAsyncLifetime
{
    private const string House = "Well house";

    // A reading at each of these, a quarter of an hour apart.
    private const int First = 1;
    private const int Last = 3;

    private readonly TestMeter _meter = new(House);

    public Task InitializeAsync() => Chromium.Location is null ? Task.CompletedTask : village.StartAsync();

    public Task DisposeAsync()
    {
        _meter.Dispose();
        return Task.CompletedTask;
    }

    [BrowserFact]
    public async Task House_AdmittedRegisteredAndMeasured_ItsHouseholdAloneSeesAndVerifiesIt()
    {
        using var operating = village.OfficeWallet("the operator", keys => keys.Operator);
        using var regulating = village.OfficeWallet("the regulator", keys => keys.Regulator);
        using var mine = village.WalletOf("the well's household");
        using var theirs = village.WalletOf("neighbour");
        await PlanAsync(operating);
        await AdmitAndRegisterAsync(regulating, mine.Address);

        await using var neighbour = await village.VisitorAsync(theirs);
        await neighbour.SignInAsync(theirs);
        await using var household = await village.VisitorAsync(mine);
        await household.SignInAsync(mine);
        using var stream = await LiveText.OpenAsync(village.Page, await neighbour.CookieAsync());
        using var own = await LiveText.OpenAsync(village.Page, await household.CookieAsync());
        using var anybody = await LiveText.OpenAsync(village.Page, cookie: null);

        await SeeItLiveAsync(household);
        await VerifyAsync(household);
        await SeeNothingAsync(neighbour);

        // The neighbour's stream told of their own house at the very moment at which the other one's reading came too.
        await stream.HearAsync($"\"lastReading\":\"{Said(Last)}\"");
        await own.HearAsync($"\"lastReading\":\"{Said(Last)}\"");
        await anybody.HearAsync("event: anchor");
        Assert.Contains(village.MillHouse.Id.Key.ToString(), stream.Heard, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("event: houses", anybody.Heard, StringComparison.Ordinal);
        foreach (var secret in new[] { _meter.Id.Key.ToString(), House, village.Community.Keys.PremisesOf(_meter.Id).ToString() })
        {
            Assert.Contains(secret, own.Heard, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret, stream.Heard, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret, anybody.Heard, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static string Said(int boundary) =>
        TestCommunity.At(boundary).ToString("uuuu-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private async Task PlanAsync(TestWallet wallet)
    {
        await using var visitor = await village.VisitorAsync(wallet);
        await visitor.SignInAsync(wallet);
        var written = await visitor.PostAsync(
            "directory", new[] { new { meter = _meter.Id.Key.ToString(), name = House, microgrid = TestCommunity.Grid.Number, district = "Upper", feeder = "2" } });
        Assert.Equal(200, written.Status);
    }

    private async Task AdmitAndRegisterAsync(TestWallet wallet, Address household)
    {
        await using var regulator = await village.VisitorAsync(wallet);
        var page = regulator.Page;
        await regulator.SignInAsync(wallet);

        await regulator.OpenAsync("community/members");
        await regulator.Button("Admit a member").ClickAsync();
        await page.GetByLabel("Address of their account").FillAsync(household.ToString());
        await page.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync("Prosumer");
        await regulator.Button("Show what it does").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("The account takes part from the next block on.");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(household.ToString());
        await regulator.SignAndSendAsync("Admit a member");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Prosumer" })).ToHaveCountAsync(1);
        await AssertDecodedAsync(regulator, wallet.Sent!, "admit", "Members", household.ToString(), "ParticipantAdmitted");

        await regulator.OpenAsync("community/meters");
        var planned = page.GetByRole(AriaRole.Row).Filter(new() { HasText = House });
        await Expect(planned).ToContainTextAsync("planned");
        await regulator.Button($"Register: {House}").ClickAsync();
        await page.GetByLabel("Member", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Value = household.ToString() });
        await page.GetByLabel("Firmware hash").FillAsync(_meter.Description.Firmware.ToString());
        await regulator.Button("Show what it does").ClickAsync();
        // The house belongs to nobody yet: its premises become the member's first.
        await regulator.SignAndSendAsync("Register premises");
        await regulator.SignAndSendAsync("Register meters");
        await Expect(planned).ToContainTextAsync("registered");
        await AssertDecodedAsync(regulator, wallet.Sent!, "register", "Meters", _meter.Id.Key.ToString(), "MeterRegistered");
        regulator.AssertContent();
    }

    private static async Task AssertDecodedAsync(
        Visitor visitor, string transaction, string call, string contract, string argument, string happened)
    {
        await visitor.OpenAsync($"ledger/transaction/{transaction}");
        var page = visitor.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(call);
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(contract);
        await Expect(page.Locator($"main a[href$='{argument}']").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(happened);
    }

    private async Task SeeItLiveAsync(Visitor household)
    {
        var page = household.Page;
        var row = page.GetByRole(AriaRole.List, new() { Name = "Your house" }).GetByRole(AriaRole.Listitem);
        await Expect(row).ToContainTextAsync(House);
        await Expect(row).ToContainTextAsync("never seen");
        await Expect(page.GetByText(village.MillHouse.Name)).ToHaveCountAsync(0);
        await page.EvaluateAsync("() => { globalThis.neverReloaded = true; }");

        var community = village.Community;
        await community.StepAsync(First, village.MillHouse, _meter);
        await community.StepAsync(First + 1, village.MillHouse, _meter);
        var connection = await community.ConnectionOfAsync(_meter);
        await connection.Client.PublishAsync(_meter.Topic("telemetry"), Encoding.UTF8.GetBytes("{\"power\":1234}"), MqttQos.AtLeastOnce);
        var taken = _meter.RegistersAt(First + 1).Import - _meter.RegistersAt(First).Import;
        Assert.Equal(250, taken.MilliwattHours / 1000);
        await Expect(row).ToContainTextAsync("0.25 kWh");
        await Expect(row).ToContainTextAsync("takes 1.23 kW");
        Assert.True(await page.EvaluateAsync<bool>("() => globalThis.neverReloaded === true"));
    }

    private async Task VerifyAsync(Visitor household)
    {
        var community = village.Community;
        await community.StepAsync(Last, village.MillHouse, _meter);
        await community.MoveToAsync(TestCommunity.At(Last) + community.Rules.Waiting);
        var page = household.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = $"Verify a reading of {House}" }).ClickAsync();
        await Expect(page.GetByLabel("Interval")).ToContainTextAsync("00:30");
        var start = TestCommunity.At(Last - 1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        await page.GetByLabel("Interval").SelectOptionAsync(new SelectOptionValue { Value = start });
        await household.Button("Check this reading").ClickAsync();
        await Expect(page.Locator("[data-verdict=pass]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-outcome=fail], [data-outcome=unreached]")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(_meter.Id.ToString());
        household.AssertContent();
    }

    private async Task SeeNothingAsync(Visitor neighbour)
    {
        var page = neighbour.Page;
        // What they hold themselves is there, so the rest is not missing for want of data.
        foreach (var place in new[] { "now", "devices", "history", "community/members" })
        {
            await neighbour.OpenAsync(place);
            await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(place == "community/members" ? "in good standing" : village.MillHouse.Name);
            await Expect(page.GetByRole(AriaRole.Main)).Not.ToContainTextAsync(House);
            Assert.DoesNotContain(_meter.Id.Key.ToString(), await page.ContentAsync(), StringComparison.OrdinalIgnoreCase);
        }

        await neighbour.OpenAsync($"devices/{_meter.Id.Key}");
        await Expect(page.GetByText("There is no such meter among those that you may see.")).ToBeVisibleAsync();
        neighbour.AssertContent();

        var (from, to) = (Said(First - 1), Said(Last + 1));
        var premises = village.Community.Keys.PremisesOf(_meter.Id);
        var start = TestCommunity.At(First).ToUnixTimeSeconds();
        foreach (var (place, status) in new[]
                 {
                     ($"meters/{_meter.Id.Key}/readings", 404),
                     ($"proofs/{_meter.Id.Key}/{start}", 404),
                     ($"history?meter={_meter.Id.Key}&from={from}&to={to}&step=hour", 404),
                     ($"history?premises={premises}&from={from}&to={to}&step=hour", 404),
                     ($"history.csv?meter={_meter.Id.Key}&from={from}&to={to}&step=hour", 404),
                     ("directory", 403),
                 })
        {
            var refused = await neighbour.GetAsync(place);
            Assert.True(refused.Status == status, $"{place}: {refused.Status} {await refused.TextAsync()}");
            var own = await neighbour.GetAsync(place.Replace(_meter.Id.Key.ToString(), village.MillHouse.Id.Key.ToString(), StringComparison.Ordinal)
                .Replace(premises.ToString(), village.Community.Keys.PremisesOf(village.MillHouse.Id).ToString(), StringComparison.Ordinal));
            Assert.Equal(status == 404 ? 200 : status, own.Status);
        }
    }
}
