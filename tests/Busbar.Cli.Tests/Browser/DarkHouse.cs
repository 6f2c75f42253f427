using Busbar.Cli.Commands;
using Busbar.Cli.Running;
using Busbar.Cryptography;
using Busbar.Device.Fleet;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Node.Community;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Cli.Tests.Browser;

/// <summary>A real node that is no demonstration, with one house, billed at a month's end and then without supply.</summary>
internal sealed class DarkHouse : IDisposable
{
    public const string Name = "Mill house";

    // The month ends with the eighth quarter of an hour; the bill is due a quarter later, and without grace.
    private const int Dark = 10;
    private const ulong Seed = 7;

    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-dark-house-").FullName;
    private readonly PrivateKey _meter = PrivateKey.FromSeed("the meter of a household that pays"u8);
    private readonly PrivateKey _household = PrivateKey.FromSeed("a household that pays"u8);

    /// <summary>A copy of the household's key.</summary>
    public PrivateKey Household => PrivateKey.FromBytes(_household.ExportBytes());

    /// <summary>A copy of the node's key, which operates the node and is its treasurer.</summary>
    public static PrivateKey Operator => PrivateKey.FromBytes(NodeKeys.ForDemonstration(Seed).Operator.ExportBytes());

    /// <summary>Starts the node and goes on until the house is dark.</summary>
    public async Task<SteppedRun> StartAsync()
    {
        var run = await SteppedRun.StartAsync(Plan(), NullLoggerFactory.Instance, default);
        for (var boundary = 0; boundary <= Dark; boundary++)
            await run.StepAsync(boundary, default);
        Assert.False(run.Fleet.IsSupplied(0));
        return run;
    }

    public void Dispose()
    {
        _meter.Dispose();
        _household.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private SteppedRunPlan Plan() => new()
    {
        Name = "Lower street",
        DataFolder = _folder,
        Seed = Seed,
        Zone = DateTimeZone.Utc,
        Rules = new(),
        Meters =
        [
            new(
                new MeterDescription(new(_meter.Address), Name, MeterKind.Premises)
                {
                    Participant = _household.Address,
                    Firmware = SteppedRun.Firmware,
                },
                new VirtualMeter(Name, _meter, SteppedRun.Firmware)),
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
