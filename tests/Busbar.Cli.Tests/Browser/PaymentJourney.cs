using Busbar.Cli.Commands;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Device.Fleet;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Node.Community;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using NodaTime;
using static Microsoft.Playwright.Assertions;

namespace Busbar.Cli.Tests.Browser;

/// <summary>
/// A household pays its bill with a wallet of its own, in a real browser against a real node that is no demonstration: the relay of its
/// meter, which had opened, closes.
/// </summary>
public sealed class PaymentJourney : IDisposable
{
    private const string House = "Mill house";

    // The month ends with the eighth quarter of an hour; the bill is due a quarter later, and without grace.
    private const int Dark = 10;

    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-payment-").FullName;
    private readonly PrivateKey _meter = PrivateKey.FromSeed("the meter of a household that pays"u8);
    private readonly PrivateKey _household = PrivateKey.FromSeed("a household that pays"u8);

    public void Dispose()
    {
        _meter.Dispose();
        _household.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [BrowserFact]
    public async Task Household_PaysWithItsWallet_ReceiptAndRelayClosed()
    {
        await using var run = await SteppedRun.StartAsync(Plan(), NullLoggerFactory.Instance, default);
        for (var boundary = 0; boundary <= Dark; boundary++)
            await run.StepAsync(boundary, default);
        Assert.False(run.Fleet.IsSupplied(0));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        // Disposes of its key, which is another copy.
        using var wallet = new TestWallet("Wallet of the household", PrivateKey.FromBytes(_household.ExportBytes()), run.Node.Page);
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

    private SteppedRunPlan Plan() => new()
    {
        Name = "Lower street",
        DataFolder = _folder,
        Seed = 7,
        Zone = DateTimeZone.Utc,
        Rules = new(),
        Meters =
        [
            new(
                new MeterDescription(new(_meter.Address), House, MeterKind.Premises)
                {
                    Participant = _household.Address,
                    Firmware = SteppedRun.Firmware,
                },
                new VirtualMeter(House, _meter, SteppedRun.Firmware)),
        ],
        Source = new LastEvening(),
        Money = new(
            DemoTariff.LoadForWatching() with { Zone = DateTimeZone.Utc, Due = Duration.FromMinutes(15), Grace = Duration.Zero },
            [(0, _household, PayingHabit.ByVisitor)])
        {
            FirstRules = DemoTariff.RulesForWatching,
        },
    };

    /// <summary>The last two hours of June and the first of July, in which the house takes 100 watt-hours in each quarter.</summary>
    private sealed class LastEvening : IRegisterSource
    {
        public int Boundaries => Dark + 1;

        public Instant InstantOf(int boundary) => Instant.FromUtc(2026, 6, 30, 22, 0) + Duration.FromMinutes(15L * boundary);

        public bool TryRead(int boundary, int meter, out Registers registers)
        {
            registers = new(MeterRegister.FromMilliwattHours(100_000L * boundary), MeterRegister.FromMilliwattHours(0));
            return true;
        }
    }
}
