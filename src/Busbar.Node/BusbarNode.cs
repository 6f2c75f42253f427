using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Node.Clock;
using Busbar.Node.Community;
using Busbar.Node.Intake;
using Busbar.Node.Microgrids;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node;

/// <summary>
/// A running node: store, engine, contracts, actors, sockets and page, started in that order and stopped in the reverse.
/// </summary>
public sealed partial class BusbarNode : IAsyncDisposable
{
    private static readonly TimeSpan AnchorEvery = TimeSpan.FromSeconds(2);

    private readonly NodeParts _parts;
    private readonly CancellationTokenSource _stopping;
    private readonly List<Task> _running = [];
    private readonly ILogger<BusbarNode> _log;
    private Task<SettleResult>? _settling;
    private bool _unsettled;

    private BusbarNode(NodeParts parts, CancellationTokenSource stopping, ILogger<BusbarNode> log)
    {
        _parts = parts;
        _stopping = stopping;
        _log = log;
    }

    /// <summary>Where the page and the API are.</summary>
    public Uri Page => _parts.Server!.Page;

    /// <summary>The port of MQTT.</summary>
    public int MqttPort => _parts.Server!.MqttPort;

    /// <summary>Where the contracts stand.</summary>
    public ContractAddresses Contracts => _parts.Deployment!.Contracts;

    /// <summary>The chain, for reading.</summary>
    public IChain Chain => _parts.Chain!;

    /// <summary>The tokens that devices connect with.</summary>
    public DeviceTokens Tokens => _parts.Tokens!;

    /// <summary>What the store holds.</summary>
    public SqliteStore Store => _parts.Store!;

    /// <summary>The proofs of readings.</summary>
    public ProofMaker Proofs => _parts.Proofs!;

    /// <summary>The microgrids, the one for unknown meters among them.</summary>
    internal IReadOnlyList<MicrogridActor> Actors => _parts.Actors;

    /// <summary>Everything that must agree, as it stands now.</summary>
    public Task<NodeTotals> TotalsAsync(CancellationToken cancellation) => NodeTotals.CollectAsync(_parts, cancellation);

    /// <summary>Faults when the node cannot go on; completes when it has been stopped.</summary>
    public Task Completion => Task.WhenAny([_parts.Pump!.Completion, .. _parts.Actors.Select(actor => actor.Completion), .. _running]).Unwrap();

    /// <summary>Starts a node and waits until its page answers.</summary>
    /// <exception cref="NodeStartException">It cannot start; the message tells what to do.</exception>
    public static async Task<BusbarNode> StartAsync(
        NodeOptions options, NodeKeys keys, ILoggerFactory logs, IProgress<string>? progress, CancellationToken cancellation)
    {
        var parts = new NodeParts();
        var stopping = new CancellationTokenSource();
        try
        {
            await NodeStart.OpenAsync(parts, options, keys, logs, progress, stopping, cancellation);
            var node = new BusbarNode(parts, stopping, logs.CreateLogger<BusbarNode>());
            node.Run(options);
            return node;
        }
        catch
        {
            await stopping.CancelAsync();
            await parts.DisposeAsync();
            stopping.Dispose();
            throw;
        }
    }

    /// <summary>Moves a stepped clock and nothing else: what comes in now comes at that time.</summary>
    public void MoveClock(Instant now) =>
        (_parts.Clock as SteppedClock ?? throw new InvalidOperationException("the node's clock goes by itself")).MoveTo(now);

    /// <summary>
    /// Moves a stepped clock and lets it tick: everything that came before is applied, due intervals are closed, and what they anchor is on its
    /// way to the ledger in a block of that time. Readings may be sent while the ledger works; the next step waits for it.
    /// </summary>
    /// <param name="now">The new time.</param>
    /// <param name="settle">False to let closed intervals wait for a later step: many in one transaction cost less.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task AdvanceAsync(Instant now, bool settle, CancellationToken cancellation)
    {
        await SettledAsync();
        MoveClock(now);
        var before = _parts.Actors.Sum(actor => actor.Counts.Closed + actor.Counts.Corrected);
        await _parts.Ticker!.TickAllAsync(now, cancellation);
        _parts.TellTime();
        _unsettled |= _parts.Actors.Sum(actor => actor.Counts.Closed + actor.Counts.Corrected) > before;
        if (!settle || !_unsettled)
            return;
        _unsettled = false;
        _settling = Task.Run(() => _parts.Dispatcher!.SettleAsync(now, _stopping.Token), CancellationToken.None);
    }

    /// <summary>Waits until everything that was closed is on the ledger.</summary>
    /// <exception cref="LedgerRefusedException">The contract refused a version.</exception>
    public async Task SettledAsync()
    {
        if (_settling is not { } settling)
            return;
        _settling = null;
        var result = await settling;
        if (result.Failures.Count > 0)
            throw new LedgerRefusedException(result.Failures);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_settling is { } settling)
            await ((Task)settling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _parts.CloseDoorsAsync();
        await _stopping.CancelAsync();
        foreach (var task in _running)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _parts.DisposeAsync();
        _stopping.Dispose();
    }

    private void Run(NodeOptions options)
    {
        _running.Add(Watch("feed", _parts.Feed!.RunAsync(_parts.Indexer!, _stopping.Token)));
        if (options.SteppedClock is not null)
            return;
        _running.Add(Watch("ticker", _parts.Ticker!.RunAsync(_stopping.Token)));
        _running.Add(Watch("anchors", _parts.Dispatcher!.RunAsync(AnchorEvery, new Settlings(this), _stopping.Token)));
        _running.Add(Watch("time", _parts.TellTimeAsync(_stopping.Token)));
    }

    private async Task Watch(string what, Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            LogPartStopped(what);
        }
        catch (Exception exception)
        {
            LogPartFailed(exception, what);
            throw;
        }
    }

    // What is blocked stays blocked at each look; it is told when it changes.
    private sealed class Settlings(BusbarNode node) : IProgress<SettleResult>
    {
        private AnchorFailure[] _told = [];

        public void Report(SettleResult value)
        {
            foreach (var failure in value.Failures)
                node.LogAnchorRefused(failure.Key.Microgrid, failure.Key.Interval, failure.Key.Version, failure.Reason);
            foreach (var blocked in value.Blocked.Except(_told))
                node.LogAnchorWaits(blocked.Key.Microgrid, blocked.Key.Interval, blocked.Key.Version, blocked.Reason);
            _told = [.. value.Blocked];
        }
    }

    [LoggerMessage(1303, LogLevel.Error, "The ledger refused microgrid {Microgrid}, interval {Interval}, version {Version}: {Reason}")]
    private partial void LogAnchorRefused(MicrogridId microgrid, Domain.Metering.Interval interval, int version, string reason);

    [LoggerMessage(1304, LogLevel.Warning, "The ledger does not take microgrid {Microgrid}, interval {Interval}, version {Version} yet: {Reason}")]
    private partial void LogAnchorWaits(MicrogridId microgrid, Domain.Metering.Interval interval, int version, string reason);

    [LoggerMessage(1301, LogLevel.Critical, "The node's {Part} cannot go on")]
    private partial void LogPartFailed(Exception exception, string part);

    [LoggerMessage(1302, LogLevel.Debug, "The node's {Part} has stopped")]
    private partial void LogPartStopped(string part);
}
