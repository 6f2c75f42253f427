using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Proofs;
using Busbar.Ledger.Trading;
using Busbar.Node.Clock;
using Busbar.Node.Community;
using Busbar.Node.Intake;
using Busbar.Node.Live;
using Busbar.Node.Microgrids;
using Busbar.Store.Journal;
using Busbar.Store.Sqlite;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node;

/// <summary>
/// A running node: store, engine, contracts, actors, sockets and page, started in that order and stopped in the reverse.
/// </summary>
public sealed partial class BusbarNode : IAsyncDisposable
{
    /// <summary>The most characters in the note of a meter's change.</summary>
    public const int LongestNote = MeterChanges.LongestNote;

    private static readonly TimeSpan AnchorEvery = TimeSpan.FromSeconds(2);

    private readonly NodeParts _parts;
    private readonly CancellationTokenSource _stopping;
    private readonly List<Task> _running = [];
    private readonly ILogger<BusbarNode> _log;
    private Task<SettleResult>? _settling;
    private Task _packing = Task.CompletedTask;
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

    /// <summary>All parts.</summary>
    internal NodeParts Parts => _parts;

    /// <summary>The microgrids, the one for unknown meters among them.</summary>
    internal IReadOnlyList<MicrogridActor> Actors => _parts.Actors;

    /// <summary>The sums of the screens over a microgrid, or over all when null.</summary>
    public LiveTotals Totals(MicrogridId? microgrid) => _parts.Board!.Totals(microgrid);

    /// <summary>Why nothing is acknowledged at the moment, such as a full disk; null when all is well.</summary>
    public string? Trouble => _parts.Pump!.Trouble;

    /// <summary>Journals that are damaged where a start does not look, as the newest audit in the background found.</summary>
    public IReadOnlyList<JournalDamage> DamagedJournals => _parts.Audit!.Damaged;

    /// <summary>Checks all journals now instead of in the background.</summary>
    internal Task AuditAsync(CancellationToken cancellation) => _parts.Audit!.AuditAsync(TimeSpan.Zero, cancellation);

    /// <summary>Everything that must agree, as it stands now.</summary>
    public Task<NodeTotals> TotalsAsync(CancellationToken cancellation) => NodeTotals.CollectAsync(_parts, cancellation);

    /// <summary>Faults when the node cannot go on; completes when it has been stopped.</summary>
    public Task Completion => Task.WhenAny([_parts.Pump!.Completion, .. _parts.Actors.Select(actor => actor.Completion), .. _running]).Unwrap();

    /// <summary>Starts a node and waits until its page answers.</summary>
    /// <exception cref="NodeStartException">It cannot start; the message tells what to do.</exception>
    public static async Task<BusbarNode> StartAsync(
        NodeOptions options, NodeKeys keys, ILoggerFactory logs, IProgress<StartStep>? progress, CancellationToken cancellation)
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

    /// <summary>
    /// Records an operator's word that a meter was changed or its registers were reset, in the journal of its microgrid: only then, and
    /// only with a new boot count, may its registers go back, and only once. Returns when it is on disk and in force.
    /// </summary>
    /// <param name="meter">Which meter.</param>
    /// <param name="note">Why, in the operator's words; 1 to <see cref="LongestNote"/> characters.</param>
    /// <param name="cancellation">Gives up waiting; what is on its way to the journal may still be written.</param>
    public Task<MeterChangeOutcome> RecordMeterChangeAsync(MeterId meter, string note, CancellationToken cancellation) =>
        _parts.Changes!.RecordAsync(meter, note, cancellation);

    /// <summary>A one-time code that makes the first operator's account, good for a day; null when there is an operator.</summary>
    public Task<string?> SetUpCodeAsync(CancellationToken cancellation) => _parts.Access!.SetUpCodeAsync(cancellation);

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
        if (_parts.Packer!.IsDayOver())
            _packing = Task.Run(() => _parts.Packer.PackAsync(_stopping.Token), CancellationToken.None);
        var before = _parts.Actors.Sum(actor => actor.Counts.Closed + actor.Counts.Corrected);
        await _parts.Ticker!.TickAllAsync(now, cancellation);
        await _parts.Supply!.ReviewAsync(cancellation);
        _parts.TellTime();
        _unsettled |= _parts.Actors.Sum(actor => actor.Counts.Closed + actor.Counts.Corrected) > before;
        if (!settle || !_unsettled)
            return;
        _unsettled = false;
        _settling = Task.Run(() => SettleAsync(now), CancellationToken.None);
    }

    /// <summary>Waits until everything that was closed is on the ledger, and days that are over are packed.</summary>
    /// <exception cref="LedgerRefusedException">The contract refused a version.</exception>
    public async Task SettledAsync()
    {
        await _packing;
        if (_settling is not { } settling)
            return;
        _settling = null;
        var result = await settling;
        _parts.Refusals!.Report(result);
        if (result.Failures.Count > 0)
            throw new LedgerRefusedException(result.Failures);
    }

    // What is anchored may be billed: in the same step, so that the same run gives the same ledger.
    private async Task<SettleResult> SettleAsync(Instant now)
    {
        var result = await _parts.Dispatcher!.SettleAsync(now, _stopping.Token);
        await _parts.Billing!.SettleAsync(now, _stopping.Token);
        if (_parts.Deposits is { } deposits)
            await deposits.SettleAsync(now, _stopping.Token);
        return result;
    }

    /// <summary>
    /// Waits until everything that is in a block has reached the meters: the lists have it, permits that follow from it are told, and the
    /// relays of the meters that are online are as their permits say. For stepped runs, after something was sent to the ledger.
    /// </summary>
    public async Task FollowedAsync(CancellationToken cancellation)
    {
        await _parts.Indexer!.CatchUpAsync(cancellation);
        await _parts.Feed!.AppliedAsync(cancellation);
        await _parts.Supply!.ReviewAsync(cancellation);
        while (_parts.Supply.IsWaiting(_parts.Clock!.GetCurrentInstant()))
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
        if (_parts.Trading is { } trading)
            await trading.FollowedAsync(_parts.Presence!.IsOnline, cancellation);
        if (_parts.Channels is { } channels)
            await channels.LookAsync(cancellation);
    }

    /// <summary>The operator's books as the ledger stands; null in a community without money on its ledger.</summary>
    /// <exception cref="ChainException">The ledger did not stand still for as long as that takes.</exception>
    public async Task<Busbar.Ledger.Bills.Books?> BooksAsync(CancellationToken cancellation) =>
        _parts.Books is { } desk ? await desk.DrawUpAsync(cancellation) : null;

    /// <summary>Adverts, demands, deliveries and stores, as the ledger has them.</summary>
    public MarketView Market => _parts.Ledger!.Market;

    /// <summary>What trade came to, held against the vault, the stores and the meters; null in a community without a market.</summary>
    /// <exception cref="ChainException">The ledger is out of reach.</exception>
    public async Task<MarketTotals?> MarketTotalsAsync(CancellationToken cancellation)
    {
        await _parts.Feed!.AppliedAsync(cancellation);
        var now = _parts.Clock!.GetCurrentInstant();
        return await MarketAudit.AuditAsync(
            _parts.Ledger!,
            Contracts,
            Chain.Client,
            async (meter, stopping) =>
                await Store.Readings.SeriesAsync(meter, now - Duration.FromDays(1), now + Duration.Epsilon, stopping) is [.., var last] ? last.Registers : null,
            cancellation);
    }

    /// <summary>The proof of a meter's reading at the end of the newest anchored interval; null when there is none.</summary>
    public async Task<ProofDocument?> NewestProofAsync(MicrogridId microgrid, MeterId meter, CancellationToken cancellation) =>
        _parts.Ledger!.Anchors(microgrid, before: null, limit: 1) is [var newest]
            ? await Proofs.ProveAsync(microgrid, meter, newest.Start, newest.Version, cancellation)
            : null;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_settling is { } settling)
            await ((Task)settling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _parts.CloseDoorsAsync();
        await _stopping.CancelAsync();
        await _packing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var task in _running)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _parts.DisposeAsync();
        _stopping.Dispose();
    }

    private void Run(NodeOptions options)
    {
        _running.Add(Watch("feed", _parts.Feed!.RunAsync(_parts.Indexer!, _stopping.Token)));
        _running.Add(Watch("live", _parts.Live!.RunAsync(_stopping.Token)));
        _running.Add(Watch("wallet blocks", _parts.WalletBlocks!.RunAsync(_stopping.Token)));
        _running.Add(Watch("audit", _parts.Audit!.RunAsync(_stopping.Token)));
        _running.Add(Watch("supply", _parts.Supply!.RunAsync(isPeriodic: options.SteppedClock is null, _stopping.Token)));
        if (_parts.Books is { } books)
            _running.Add(Watch("books", books.RunAsync(_stopping.Token)));
        if (options.SteppedClock is not null)
            return;
        _running.Add(Watch("marks", _parts.Marks!.RunAsync(_stopping.Token)));
        _running.Add(Watch("notifications", _parts.Notifications!.RunAsync(_stopping.Token)));
        _running.Add(Watch("watch", _parts.Watch!.RunAsync(_parts.Indexer!, _stopping.Token)));
        _running.Add(Watch("supply watch", _parts.SupplyWatch!.RunAsync(_stopping.Token)));
        _running.Add(Watch("explorer", FillExplorerAsync()));
        if (_parts.Channels is { } channels)
            _running.Add(Watch("channels", channels.RunAsync(TimeProvider.System, _stopping.Token)));
        if (_parts.Trading is { } trading)
            _running.Add(Watch("deliveries", trading.RunAsync(TimeProvider.System, _stopping.Token)));
        if (_parts.Deposits is { } deposits)
            _running.Add(Watch("deposits", deposits.RunAsync(_parts.Clock!, TimeProvider.System, _stopping.Token)));
        _running.Add(Watch("ticker", _parts.Ticker!.RunAsync(_stopping.Token)));
        _running.Add(Watch("anchors", _parts.Dispatcher!.RunAsync(AnchorEvery, _parts.Refusals, _stopping.Token)));
        _running.Add(Watch("billing", _parts.Billing!.RunAsync(_parts.Clock!, TimeProvider.System, _stopping.Token)));
        _running.Add(Watch("packing", _parts.Packer!.RunAsync(_stopping.Token)));
        _running.Add(Watch("time", _parts.TellTimeAsync(_stopping.Token)));
    }

    // What an older Busbar indexed gets its transactions; then there is nothing left to do but to stay.
    private async Task FillExplorerAsync()
    {
        await _parts.Indexer!.FillAsync(_stopping.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stopping.Token);
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

    [LoggerMessage(1301, LogLevel.Critical, "The node's {Part} cannot go on")]
    private partial void LogPartFailed(Exception exception, string part);

    [LoggerMessage(1302, LogLevel.Debug, "The node's {Part} has stopped")]
    private partial void LogPartStopped(string part);
}
