using System.Diagnostics;
using System.Text;
using Busbar.Cryptography;
using Busbar.Device.Fleet;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Mqtt;
using Busbar.Node;
using Busbar.Node.Clock;
using Busbar.Node.Community;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Cli.Running;

/// <summary>A meter that takes part in a run: what the node is told of it, and the key it signs with.</summary>
/// <param name="Description">For the node.</param>
/// <param name="Meter">For the fleet.</param>
internal sealed record RunMeter(MeterDescription Description, VirtualMeter Meter);

/// <summary>What a run needs to begin.</summary>
internal sealed record SteppedRunPlan
{
    public required string Name { get; init; }

    public required string DataFolder { get; init; }

    public required ulong Seed { get; init; }

    public required DateTimeZone Zone { get; init; }

    public required MeteringRules Rules { get; init; }

    /// <summary>In the order of the register source.</summary>
    public required IReadOnlyList<RunMeter> Meters { get; init; }

    public required IRegisterSource Source { get; init; }

    public int HttpPort { get; init; }

    public int MqttPort { get; init; }

    public int SignAhead { get; init; } = 8;

    /// <summary>Told after each boundary whether a meter's relay is closed, by its place; null for nobody.</summary>
    public Action<int, bool>? Supplied { get; init; }

    /// <summary>After how many boundaries what was closed goes to the ledger, together.</summary>
    public int SettleEvery { get; init; } = 1;

    public bool IsDemonstration { get; init; }

    /// <summary>By which households are billed, and how they pay; null for a run without money.</summary>
    public RunMoney? Money { get; init; }

    /// <summary>The registers of a meter now, by its place: meters can deliver then; null where they cannot.</summary>
    public Func<int, Registers>? Registers { get; init; }

    /// <summary>The meter of the store that households trade from; null for a run in which nobody trades. Needs money and registers.</summary>
    public MeterId? Store { get; init; }
}

/// <summary>The money of a run.</summary>
/// <param name="Tariff">By which everybody is billed.</param>
/// <param name="Households">Key and habit of each household, with its meter's place among the meters.</param>
internal sealed record RunMoney(Tariff Tariff, IReadOnlyList<(int Place, PrivateKey Key, PayingHabit Habit)> Households)
{
    /// <summary>The times of the day, of the community's zone, at which people look at their bills.</summary>
    public IReadOnlySet<LocalTime> PayingTimes { get; init; } = new HashSet<LocalTime> { new(12, 0) };

    /// <summary>First values of the ledger's rules, where the tariff needs others than the contracts' own.</summary>
    public IReadOnlyDictionary<string, ulong> FirstRules { get; init; } = new Dictionary<string, ulong>(StringComparer.Ordinal);

    /// <summary>What each household has in its wallet at the beginning.</summary>
    public static Coin Purse { get; } = Coin.FromCoins(1_000);
}

/// <summary>
/// A community on a stepped clock: a real node and a fleet of meters that speak to it over sockets. The clock moves only when
/// everything sent before is applied, so a run gives the same ledger on any machine.
/// </summary>
internal sealed class SteppedRun : IAsyncDisposable
{
    // The chain begins a little before the first reading, so that every meter is registered when the first interval starts.
    private static readonly Duration Head = Duration.FromHours(1);

    private readonly SteppedRunPlan _plan;
    private readonly NodeKeys _keys;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Economy? _economy;
    private readonly MarketPlay? _market;
    private long _sent;

    private SteppedRun(SteppedRunPlan plan, NodeKeys keys, BusbarNode node, MeterFleet fleet, Economy? economy, MarketPlay? market)
    {
        (_economy, _market) = (economy, market);
        _plan = plan;
        _keys = keys;
        Node = node;
        Fleet = fleet;
    }

    public BusbarNode Node { get; }

    public MeterFleet Fleet { get; }

    public MeteringRules Rules => _plan.Rules;

    /// <summary>The firmware that simulated meters say they run.</summary>
    public static Hash256 Firmware { get; } = Keccak256.Hash(Encoding.ASCII.GetBytes("Busbar simulated meter 1"));

    public static async Task<SteppedRun> StartAsync(SteppedRunPlan plan, ILoggerFactory logs, CancellationToken cancellation)
    {
        var genesis = plan.Source.InstantOf(0) - Head;
        var keys = NodeKeys.ForDemonstration(plan.Seed);
        var options = new NodeOptions
        {
            DataFolder = plan.DataFolder,
            Community = new()
            {
                Name = plan.Name,
                Zone = plan.Zone,
                Rules = plan.Rules,
                Microgrids = [new(new(1), plan.Name, [.. plan.Meters.Select(meter => meter.Description)])],
            },
            Genesis = genesis,
            SteppedClock = new SteppedClock(genesis),
            SystemClock = Commands.UpCommand.Clock,
            HttpPort = plan.HttpPort,
            MqttPort = plan.MqttPort,
            WebRoot = Product.WebRoot,
            IsDemonstration = plan.IsDemonstration,
            Allotted = plan.Money is { } money ? Allot(money, keys) : null,
            FirstRules = plan.Money?.FirstRules ?? new Dictionary<string, ulong>(StringComparer.Ordinal),
            TestWallets = plan.Money is { } purses && plan.IsDemonstration
                ? [.. purses.Households.Select(household => new TestWallet(plan.Meters[household.Place].Description.Name, household.Key))]
                : [],
        };
        var node = await BusbarNode.StartAsync(options, keys, logs, new Telling<StartStep>(step => Terminal.Say(step.What)), cancellation);
        try
        {
            var fleetOptions = new MeterFleetOptions
            {
                Domain = node.Contracts.SigningDomain,
                // What a relay does changes what the next readings say.
                SignAhead = plan.Money is null ? plan.SignAhead : 0,
                Community = plan.Money is null ? null : keys.Operator.Address,
                Registers = plan.Registers,
                Connection = meter => new MqttClientOptions
                {
                    Port = node.MqttPort,
                    ClientId = meter.Name,
                    UserName = meter.Id.ToString(),
                    Password = Encoding.ASCII.GetBytes(node.Tokens.For(meter.Id)),
                    AnswerTimeout = TimeSpan.FromMinutes(1),
                },
            };
            var fleet = await MeterFleet.ConnectAsync(
                [.. plan.Meters.Select(meter => meter.Meter)], plan.Source, fleetOptions, TimeProvider.System, cancellation);
            var economy = plan.Money is null ? null : Begin(plan, plan.Money, keys, node);
            if (economy is not null)
                await economy.BeginAsync(cancellation);
            var market = plan is { Store: { } store, Money: { } traders }
                ? new MarketPlay(node, keys.Regulator, plan.Zone, store, Households(plan, traders, keys))
                : null;
            if (market is not null)
                await market.BeginAsync(cancellation);
            return new(plan, keys, node, fleet, economy, market);
        }
        catch
        {
            await node.DisposeAsync();
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Sends all readings of a boundary and moves the clock to it.</summary>
    public async Task StepAsync(int boundary, CancellationToken cancellation)
    {
        Node.MoveClock(_plan.Source.InstantOf(boundary));
        _sent += await Fleet.PublishAsync(boundary, cancellation);
        await Node.AdvanceAsync(_plan.Source.InstantOf(boundary), boundary % _plan.SettleEvery == 0, cancellation);
        if (_economy is null)
            return;
        var now = _plan.Source.InstantOf(boundary);
        await Fleet.MoveToAsync(now, cancellation);
        var acted = await _economy.ActAsync(now, Fleet.IsSupplied, cancellation);
        await FollowMarketAsync(cancellation);
        if (_market is not null)
            acted |= await _market.ActAsync(now, cancellation);

        if (acted)
            await Node.FollowedAsync(cancellation);
        TellSupplied();
    }

    /// <summary>Moves the clock between two boundaries: relays follow, and what was sent to the ledger meanwhile comes to it.</summary>
    public async Task MoveAsync(Instant now, CancellationToken cancellation)
    {
        await Node.AdvanceAsync(now, settle: true, cancellation);
        await Fleet.MoveToAsync(now, cancellation);
        await FollowMarketAsync(cancellation);
        TellSupplied();
    }

    /// <summary>The households that owe and leave it to a visitor to pay.</summary>
    public Task<IReadOnlyList<Debtor>> DebtorsAsync(CancellationToken cancellation) =>
        _economy?.DebtorsAsync(cancellation) ?? Task.FromResult<IReadOnlyList<Debtor>>([]);

    /// <summary>Lets every waiting time pass, so that all is closed, corrected and on the ledger, and sums up.</summary>
    public async Task<RunSummary> FinishAsync(int lastBoundary, ulong? seed, EnergySum meters, CancellationToken cancellation)
    {
        var end = _plan.Source.InstantOf(lastBoundary);
        await Node.AdvanceAsync(end + _plan.Rules.Waiting, settle: true, cancellation);
        await Node.AdvanceAsync(end + _plan.Rules.Waiting + _plan.Rules.CorrectionDelay, settle: true, cancellation);
        await Node.SettledAsync();
        await FollowMarketAsync(cancellation);
        return new()
        {
            Seed = seed,
            Days = (end - _plan.Source.InstantOf(0)).TotalDays,
            Sent = _sent,
            Node = await Node.TotalsAsync(cancellation),
            Meters = meters,
            Books = _economy is null ? null : await Node.BooksAsync(cancellation),
            Trips = _economy?.Trips ?? 0,
            Returns = _economy?.Returns ?? 0,
            Market = _market is null ? null : await Node.MarketTotalsAsync(cancellation),
            Seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds,
        };
    }

    // When meters and clock stand still, so that the same seed gives the same ledger.
    private async Task FollowMarketAsync(CancellationToken cancellation)
    {
        if (_market is null)
            return;
        await Node.SettledAsync();
        await Node.FollowedAsync(cancellation);
    }

    private void TellSupplied()
    {
        for (var meter = 0; meter < _plan.Meters.Count; meter++)
            _plan.Supplied?.Invoke(meter, Fleet.IsSupplied(meter));
    }

    private static Dictionary<Address, Coin> Allot(RunMoney money, NodeKeys keys)
    {
        var allotted = new Dictionary<Address, Coin> { [keys.Operator.Address] = NodeOptions.TreasuryStock };
        foreach (var (_, key, _) in money.Households)
            allotted[key.Address] = RunMoney.Purse;
        return allotted;
    }

    private static Economy Begin(SteppedRunPlan plan, RunMoney money, NodeKeys keys, BusbarNode node) =>
        new(node, keys.Regulator, money, plan.Zone, Households(plan, money, keys));

    private static IReadOnlyList<Household> Households(SteppedRunPlan plan, RunMoney money, NodeKeys keys) =>
    [
        .. money.Households.Select(household => new Household(
            plan.Meters[household.Place].Description.Name,
            household.Place,
            household.Key,
            keys.PremisesOf(plan.Meters[household.Place].Description.Meter),
            household.Habit)),
    ];

    public async ValueTask DisposeAsync()
    {
        _market?.Dispose();
        _economy?.Dispose();
        await Fleet.DisposeAsync();
        await Node.DisposeAsync();
        _keys.Dispose();
    }
}
