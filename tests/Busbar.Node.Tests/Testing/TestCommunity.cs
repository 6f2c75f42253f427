using Busbar.Domain.Metering;
using Busbar.Ledger.Proofs;
using Busbar.Ledger.Readings;
using Busbar.Node.Clock;
using Busbar.Node.Community;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Node.Tests.Testing;

/// <summary>A real node on a folder of its own and a clock that the test moves, with meters that the test makes speak.</summary>
public sealed class TestCommunity : IAsyncDisposable
{
    public static readonly MicrogridId Grid = new(1);

    private static readonly Instant Start = Instant.FromUtc(2026, 6, 21, 0, 0);

    private readonly Dictionary<TestMeter, TestConnection> _connections = [];
    private SteppedClock _clock = new(At(0));
    private BusbarNode? _node;

    public TestCommunity(params TestMeter[] meters) => Meters = meters;

    public string Folder { get; } = Directory.CreateTempSubdirectory("busbar-node-").FullName;

    public NodeKeys Keys { get; } = NodeKeys.ForDemonstration(7);

    public IReadOnlyList<TestMeter> Meters { get; }

    public MeteringRules Rules { get; init; } = new();

    /// <summary>Everybody sees what an auditor sees; false for a community whose people sign in.</summary>
    public bool IsOpen { get; init; } = true;

    /// <summary>Where the node's log goes.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The zone of the community's civil time.</summary>
    public DateTimeZone Zone { get; init; } = DateTimeZone.Utc;

    public BusbarNode Node => _node ?? throw new InvalidOperationException("the node is not running");

    /// <summary>What the node's clock shows.</summary>
    public Instant Now => _clock.GetCurrentInstant();

    public SigningDomain Domain => Node.Contracts.SigningDomain;

    public NodeOptions Options => new()
    {
        DataFolder = Folder,
        Community = new()
        {
            Name = "Test village",
            Zone = Zone,
            Rules = Rules,
            Microgrids = [new(Grid, "Test grid", [.. Meters.Select(meter => meter.Description)])],
        },
        Genesis = At(-4),
        SteppedClock = _clock,
        SystemClock = SystemClock.Instance,
        // So that a test need not sign in to look.
        IsDemonstration = IsOpen,
        HttpPort = 0,
        MqttPort = 0,
    };

    /// <summary>The instant of a boundary of quarter hours; boundary 0 is the first reading's.</summary>
    public static Instant At(int boundary) => Start + Duration.FromMinutes(15L * boundary);

    /// <summary>A running community.</summary>
    public static async Task<TestCommunity> StartAsync(params TestMeter[] meters)
    {
        var community = new TestCommunity(meters);
        await community.OpenOrGoAsync(now: 0);
        return community;
    }

    /// <summary>Starts the node with its clock at a boundary; leaves nothing behind when it cannot.</summary>
    public async Task OpenOrGoAsync(int now)
    {
        try
        {
            await OpenAsync(now);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the node with its clock at a boundary.</summary>
    public async Task OpenAsync(int now = 0, Func<NodeOptions, NodeOptions>? change = null)
    {
        _clock = new(At(now));
        try
        {
            _node = await BusbarNode.StartAsync(change?.Invoke(Options) ?? Options, Keys, Logs, progress: null, default);
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    /// <summary>Stops the node as a person would; its folder stays.</summary>
    public async Task CloseAsync()
    {
        foreach (var connection in _connections.Values)
            await connection.DisposeAsync();
        _connections.Clear();
        if (_node is { } node)
            await node.DisposeAsync();
        _node = null;
    }

    /// <summary>A meter's connection, opened when it is first asked for.</summary>
    public async Task<TestConnection> ConnectionOfAsync(TestMeter meter)
    {
        if (!_connections.TryGetValue(meter, out var connection))
            _connections.Add(meter, connection = await TestConnection.OpenAsync(meter, this));
        return connection;
    }

    /// <summary>The clock comes to a boundary, some meters read, and everything due then is on the ledger.</summary>
    public async Task StepAsync(int boundary, params TestMeter[] meters)
    {
        await Node.SettledAsync();
        Node.MoveClock(At(boundary));
        foreach (var meter in meters)
            await (await ConnectionOfAsync(meter)).ReadAsync(boundary);
        await MoveToAsync(At(boundary));
    }

    /// <summary>All meters read at every boundary from one to another.</summary>
    public async Task RunAsync(int first, int last)
    {
        for (var boundary = first; boundary <= last; boundary++)
            await StepAsync(boundary, [.. Meters]);
    }

    /// <summary>Moves the clock and waits until everything due is on the ledger.</summary>
    public async Task MoveToAsync(Instant now)
    {
        await Node.AdvanceAsync(now, settle: true, default);
        await Node.SettledAsync();
    }

    /// <summary>The proof of a meter's energy in the interval that begins at a boundary.</summary>
    public async Task<ProofDocument> ProofAsync(TestMeter meter, int boundary, int? version = null) =>
        await Node.Proofs.ProveAsync(Grid, meter.Id, At(boundary), version, default)
        ?? throw new InvalidOperationException($"no proof of {meter.Name} from {boundary}");

    /// <summary>Holds a proof against the chain alone.</summary>
    public Task<ProofOutcome> VerifyAsync(ProofDocument proof) =>
        ProofVerifier.VerifyAsync(Node.Chain.Client, ProofDeployment.Of(Node.Contracts), proof, default);

    /// <summary>What the meters' own registers say was used between two boundaries.</summary>
    public EnergySum EnergyBetween(int first, int last) => Meters.Where(meter => meter.Kind != MeterKind.Transformer)
        .Select(meter => (From: meter.RegistersAt(first), To: meter.RegistersAt(last)))
        .Aggregate(default(EnergySum), (sum, meter) => sum + new EnergySum(meter.To.Import - meter.From.Import, meter.To.Export - meter.From.Export));

    public Task<IReadOnlyList<StoredRefusal>> QuarantineAsync() => Node.Store.Readings.QuarantineAsync(100, default);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Keys.Dispose();
        foreach (var meter in Meters)
            meter.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
