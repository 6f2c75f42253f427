using Busbar.Bench.Running;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using NodaTime;
using Interval = Busbar.Domain.Metering.Interval;

namespace Busbar.Bench.Ledger;

/// <summary>A deployed community on the real engine and the real store, in a folder that goes with it.</summary>
internal sealed class BenchCommunity : IAsyncDisposable
{
    private const ulong ChainId = 20_256;
    private const int Meters = 10;

    private static readonly Instant Genesis = Instant.FromUtc(2026, 1, 1, 0, 0);
    private static readonly PrivateKey Owner = PrivateKey.FromSeed("owner"u8);
    private static readonly PrivateKey Regulator = PrivateKey.FromSeed("regulator"u8);
    private static readonly PrivateKey Operator = PrivateKey.FromSeed("operator"u8);
    private static readonly PrivateKey Transformer = PrivateKey.FromSeed("transformer"u8);
    private static readonly Hash256 Firmware = Keccak256.Hash("firmware"u8);

    private readonly ScratchFolder _folder = new();

    private BenchCommunity()
    {
    }

    public SqliteStore Store { get; private set; } = null!;

    public EngineChain Chain { get; private set; } = null!;

    public ContractAddresses Contracts { get; private set; } = null!;

    public AnchorDispatcher Dispatcher { get; private set; } = null!;

    public static async Task<BenchCommunity> StartAsync()
    {
        var community = new BenchCommunity();
        community.Store = await SqliteStore.OpenAsync(community._folder.Path, TimeProvider.System, null, CancellationToken.None);
        await community.StartChainAsync();
        var plan = new DeploymentPlan
        {
            Deployer = Owner,
            Regulators = [Regulator.Address],
            RegulatorKeys = [Regulator],
            Operator = Operator.Address,
            Time = Genesis + Duration.FromSeconds(1),
        };
        community.Contracts = (await Deployment.DeployAsync(community.Chain, plan, null, CancellationToken.None)).Contracts;
        var inputs = Enumerable.Range(0, Meters)
            .Select(i => Input(PrivateKey.FromSeed([(byte)i]), MeterKind.Premises))
            .Append(Input(Transformer, MeterKind.Transformer));
        var register = new ChainCall(community.Contracts.Meters, Busbar.Ledger.Contracts.Meters.EncodeRegisterMany([.. inputs]));
        await community.Chain.ExecuteAsync(new(Regulator, [register]) { Time = Genesis + Duration.FromMinutes(1) }, CancellationToken.None);
        community.Connect();
        return community;
    }

    /// <summary>Starts the engine on what folder and journal hold.</summary>
    public async Task StartChainAsync()
    {
        var options = new EngineOptions { Folder = Path.Combine(_folder.Path, "engine"), ChainId = ChainId, GenesisTime = Genesis };
        Chain = await EngineChain.StartAsync(options, Store.Journal, TimeProvider.System, CancellationToken.None);
        if (Contracts is not null)
            Connect();
    }

    /// <summary>Interval 1 begins a quarter of an hour after the chain.</summary>
    public ClosedInterval Close(int number)
    {
        var interval = new Interval(Genesis + Duration.FromMinutes(15L * number), IntervalLength.Default);
        var energy = new EnergySum(Energy.FromMilliwattHours(1_000_000), Energy.Zero);
        return new(
            new MicrogridId(1),
            interval,
            1,
            new SumNode(Keccak256.Hash(BitConverter.GetBytes(number)), energy),
            Meters,
            Sign(interval.Start, number - 1),
            Sign(interval.End, number),
            []);
    }

    /// <summary>Puts versions into the outbox as a microgrid does.</summary>
    public async Task QueueAsync(IEnumerable<ClosedInterval> closed)
    {
        var owner = await Store.Journal.TakeOverAsync(JournalName.Microgrid(1), CancellationToken.None);
        await Store.Journal.AppendAsync(
            new(owner, [], [.. closed.Select(one => new StoreChange.IntervalClosed(one))]), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Chain.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    private static Busbar.Ledger.Contracts.Meters.MeterInput Input(PrivateKey key, MeterKind kind) =>
        new(key.Address, (byte)kind, (byte)Commodity.Electricity, 1, default, default, Firmware);

    private void Connect() => Dispatcher = new(
        Chain, Contracts, Store.Outbox, new Indexer(Chain, Store.Events, Contracts, 0), Operator, TimeProvider.System);

    private SignedReading Sign(Instant instant, int number)
    {
        var registers = new Registers(MeterRegister.FromMilliwattHours(1_000_000L * number), MeterRegister.Zero);
        var reading = new Reading(
            new MeterId(Transformer.Address), 1, (ulong)number, instant, registers, Firmware, ReadingFlags.ClockSet);
        return SignedReading.Sign(reading, Contracts.SigningDomain, Transformer);
    }
}
