using System.Globalization;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Proofs;
using NodaTime;
using Interval = Busbar.Domain.Metering.Interval;

namespace Busbar.Ledger.Tests.Doubles;

/// <summary>A deployed community with registered meters on a real engine, and intervals to anchor.</summary>
internal sealed class TestCommunity : IAsyncDisposable
{
    public static readonly MicrogridId Microgrid = new(1);

    private static readonly Hash256 Firmware = Keccak256.Hash([1, 2, 3]);
    private static readonly Hash256 Master = Keccak256.Hash([9]);

    private readonly Dictionary<(int Number, int Version), (ClosedInterval Closed, MerkleSumTree Tree, List<Leaf> Leaves, List<SignedReading> Readings)> _made = [];

    private TestCommunity(TestEngine engine, EngineChain chain, DeploymentFile deployment, IReadOnlyList<PrivateKey> meters)
    {
        (Engine, Chain, Deployment, Meters) = (engine, chain, deployment, meters);
        Connect(chain);
    }

    public static PrivateKey Operator { get; } = TestEngine.NewKey("operator");

    public static PrivateKey Transformer { get; } = TestEngine.NewKey("transformer");

    public static IReadOnlyList<PrivateKey> Regulators { get; } = [.. Enumerable.Range(0, 3).Select(i => TestEngine.NewKey($"regulator {i}"))];

    public TestEngine Engine { get; }

    public EngineChain Chain { get; private set; }

    public DeploymentFile Deployment { get; }

    public ContractAddresses Contracts => Deployment.Contracts;

    public IReadOnlyList<PrivateKey> Meters { get; }

    public Indexer Indexer { get; private set; } = null!;

    public AnchorDispatcher Dispatcher { get; private set; } = null!;

    public static DeploymentPlan Plan => new()
    {
        Deployer = TestEngine.NewKey("owner"),
        Regulators = [.. Regulators.Select(key => key.Address)],
        RegulatorKeys = [.. Regulators.Take(2)],
        Operator = Operator.Address,
        Time = TestEngine.Genesis + Duration.FromSeconds(1),
    };

    public static async Task<TestCommunity> StartAsync(
        int meters = 5, DeploymentPlan? plan = null, Func<EngineOptions, EngineOptions>? change = null)
    {
        var engine = new TestEngine();
        var chain = await engine.StartAsync(change);
        var deployment = await Busbar.Ledger.Deploying.Deployment.DeployAsync(chain, plan ?? Plan, null, CancellationToken.None);
        var keys = Enumerable.Range(0, meters).Select(i => TestEngine.NewKey(string.Create(CultureInfo.InvariantCulture, $"meter {i}"))).ToList();
        var inputs = keys.Select(key => Input(key, MeterKind.Premises)).Append(Input(Transformer, MeterKind.Transformer)).ToList();
        var register = new ChainCall(deployment.Contracts.Meters, Busbar.Ledger.Contracts.Meters.EncodeRegisterMany(inputs));
        var order = new ChainOrder(Regulators[0], [register]) { Time = TestEngine.Genesis + Duration.FromMinutes(1) };
        Assert.True((await chain.ExecuteAsync(order, CancellationToken.None))[0].Succeeded);
        return new(engine, chain, deployment, keys);
    }

    /// <summary>The engine's process and everything in memory are lost; folder and store stay.</summary>
    public async Task RestartAsync()
    {
        System.Diagnostics.Process.GetProcessById(Chain.ProcessId!.Value).Kill();
        await Chain.KillAsync();
        Chain = await Engine.StartAsync();
        Connect(Chain);
        await Dispatcher.ResumeAsync(CancellationToken.None);
    }

    /// <summary>Interval 1 begins 15 minutes after the chain; each meter takes 1 Wh more than its place in each interval.</summary>
    public static Interval Interval(int number) => new(TestEngine.At(number), IntervalLength.Default);

    public ClosedInterval Close(int number, int version = 1, Func<ClosedInterval, ClosedInterval>? change = null)
    {
        var interval = Interval(number);
        var readings = Meters.Select((key, i) => Sign(key, interval.End, number, Total(i, number), Total(i, number) / 2)).ToList();
        var leaves = readings.Select((signed, i) => MakeLeaf(signed, interval, version, 1_000 + i)).ToList();
        var tree = MerkleSumTree.Build(leaves);
        var closed = new ClosedInterval(
            Microgrid,
            interval,
            version,
            tree.Root,
            leaves.Count,
            Sign(Transformer, interval.Start, number - 1, TransformerTotal(number - 1), 0),
            Sign(Transformer, interval.End, number, TransformerTotal(number), 0),
            []);
        closed = change?.Invoke(closed) ?? closed;
        _made[(number, version)] = (closed, tree, leaves, readings);
        Engine.Store.Close(closed);
        return closed;
    }

    public ProofDocument Prove(int number, int meter, int version = 1)
    {
        var (closed, tree, leaves, readings) = _made[(number, version)];
        return ProofDocument.Create(Contracts, closed, leaves[meter], readings[meter], tree.Prove(meter));
    }

    public Task<SettleResult> SettleAsync(int number) => Dispatcher.SettleAsync(Interval(number).End, CancellationToken.None);

    public Task<LedgerView> ViewAsync() => LedgerView.LoadAsync(Engine.Store, Contracts, 0, CancellationToken.None);

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private static Meters.MeterInput Input(PrivateKey key, MeterKind kind) =>
        new(key.Address, (byte)kind, (byte)Commodity.Electricity, Microgrid.Number, default, default, Firmware);

    private void Connect(EngineChain chain)
    {
        Indexer = new Indexer(chain, Engine.Store, Contracts, 0);
        Dispatcher = new AnchorDispatcher(chain, Contracts, Engine.Store, Indexer, Operator, TimeProvider.System);
    }

    private static long Total(int meter, int number) => (1_000L + meter) * number;

    // What the meters take, less half of it that they give; the two never meet in one house, which the contract does not ask.
    private long TransformerTotal(int number) =>
        Enumerable.Range(0, Meters.Count).Sum(i => Total(i, number) - ((1_000L + i) / 2 * number));

    private SignedReading Sign(PrivateKey key, Instant instant, int sequence, long import, long export)
    {
        var registers = new Registers(MeterRegister.FromMilliwattHours(import), MeterRegister.FromMilliwattHours(export));
        var reading = new Reading(new MeterId(key.Address), 1, (ulong)sequence, instant, registers, Firmware, ReadingFlags.ClockSet);
        return SignedReading.Sign(reading, Contracts.SigningDomain, key);
    }

    private Leaf MakeLeaf(SignedReading signed, Interval interval, int version, long taken) => new(
        signed.Reading.Meter,
        signed.Reading.Registers,
        new EnergySum(Energy.FromMilliwattHours(taken), Energy.FromMilliwattHours(taken / 2)),
        (LeafFlags)signed.Reading.Flags,
        signed.Reading.Digest(Contracts.SigningDomain),
        MeterSecret.Derive(Master, signed.Reading.Meter).Salt(interval, version));
}
