using System.Threading.Channels;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Journal;
using Busbar.Node.Intake;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Microgrids;

/// <summary>What an actor is told once and needs always.</summary>
/// <param name="Journal">Where its decisions go.</param>
/// <param name="Domain">Where signatures must hold.</param>
/// <param name="Master">The community's secret.</param>
/// <param name="Clock">The node's clock.</param>
/// <param name="Time">For waiting.</param>
/// <param name="Log">Its log.</param>
internal sealed record ActorSurroundings(
    IJournal Journal, SigningDomain Domain, Hash256 Master, IClock Clock, TimeProvider Time, ILogger<MicrogridActor> Log);

/// <summary>
/// One microgrid: a bounded queue of journal entries read by one loop, which judges them, writes its decisions together with
/// the rows that follow, and then tells the screens and the devices. Nobody else touches its state.
/// </summary>
internal sealed partial class MicrogridActor : IJournalReader, IAsyncDisposable
{
    private const int QueueCapacity = 16;
    private const int MostInBatch = 8_192;
    private const long CheckpointEvery = 200_000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<IReadOnlyList<JournalEntry>> _queue =
        Channel.CreateBounded<IReadOnlyList<JournalEntry>>(new BoundedChannelOptions(QueueCapacity) { SingleReader = true });

    private readonly ActorSurroundings _surroundings;
    private readonly MicrogridState _state;
    private readonly AppliedPosition _applied;
    private readonly ILogger _log;
    private long _checkpoint;
    private Task _running = Task.CompletedTask;

    private MicrogridActor(ActorSurroundings surroundings, JournalOwnership owner, MicrogridState state, long next)
    {
        _surroundings = surroundings;
        _state = state;
        _log = surroundings.Log;
        _checkpoint = next;
        _applied = new(next - 1);
        Owner = owner;
        Counts = new();
    }

    /// <inheritdoc />
    public JournalOwnership Owner { get; }

    /// <summary>Which microgrid.</summary>
    public MicrogridId Microgrid => _state.Metering.Microgrid;

    /// <summary>Counts since the start.</summary>
    public MicrogridCounts Counts { get; }

    /// <summary>How far it has followed the ledger when it was started.</summary>
    public EventPlace LedgerAtStart { get; private set; }

    /// <summary>The registrations it knew when it was started.</summary>
    public IReadOnlyList<MeterRegistration> MetersAtStart { get; private set; } = [];

    /// <summary>The rules it knew when it was started.</summary>
    public MeteringRules RulesAtStart { get; private set; } = new();

    /// <summary>Whether its journal said which rules are in force when it was started.</summary>
    public bool WasConfiguredAtStart { get; private set; }

    /// <summary>Whether readings had been taken when it was started; then the length of intervals stands.</summary>
    public bool HadReadingsAtStart { get; private set; }

    /// <summary>The registrations as of the newest decision.</summary>
    public IReadOnlyList<MeterRegistration> Meters { get; private set; } = [];

    /// <summary>When something must be looked at again; read by the ticker, written by the loop.</summary>
    public TickNeed Need { get; } = new();

    /// <summary>Told of what a batch brought, after it is durable. Set before <see cref="Start"/>.</summary>
    public Action<MicrogridBatch>? Decided { get; set; }

    /// <summary>Faults when the actor may not go on.</summary>
    public Task Completion => _running;

    /// <summary>Takes the journal over and makes the state anew from checkpoint, journal and decisions.</summary>
    public static async Task<MicrogridActor> RecoverAsync(
        MicrogridId microgrid, MeteringRules rules, ActorSurroundings surroundings, CancellationToken cancellation)
    {
        var name = JournalName.Microgrid(microgrid.Number);
        var owner = await surroundings.Journal.TakeOverAsync(name, cancellation);
        var (state, from) = await MicrogridRecovery.LoadAsync(surroundings, name, microgrid, rules, cancellation);
        var actor = new MicrogridActor(surroundings, owner, state, from);
        var left = await MicrogridRecovery.ReplayAsync(surroundings, name, state, from, cancellation);
        if (left.Count > 0)
            await actor.DecideAsync(left, cancellation);
        actor.LedgerAtStart = state.Ledger;
        actor.MetersAtStart = [.. state.Metering.Meters];
        actor.RulesAtStart = state.Metering.Rules;
        actor.WasConfiguredAtStart = state.IsConfigured;
        actor.HadReadingsAtStart = state.Metering.HasReadings;
        actor.Meters = actor.MetersAtStart;
        actor.Need.Update(state.Metering);
        return actor;
    }

    /// <summary>What it knows, to be read while nothing is on its way to it: until the doors open.</summary>
    public MicrogridMetering AtRest => _state.Metering;

    /// <summary>Begins to take entries.</summary>
    public void Start(CancellationToken stopping) => _running = Task.Run(() => RunAsync(stopping), CancellationToken.None);

    /// <inheritdoc />
    public ValueTask TakeAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) =>
        _queue.Writer.WriteAsync(entries, cancellation);

    /// <summary>Completes when all records up to a position are decided and the decision is on disk.</summary>
    public Task WhenAppliedAsync(long position, CancellationToken cancellation) => _applied.WhenAsync(position, cancellation);

    /// <summary>Lets the loop finish what is queued and keeps a checkpoint.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _applied.Stop();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var batch = new List<JournalEntry>();
            while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
            {
                batch.Clear();
                while (batch.Count < MostInBatch && _queue.Reader.TryRead(out var entries))
                    batch.AddRange(entries);
                await DecideAsync(batch, stopping);
                if (_applied.Position - _checkpoint >= CheckpointEvery)
                    await SaveCheckpointAsync();
            }

            await SaveCheckpointAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogStopped(Microgrid.Number);
        }
        catch (Exception exception)
        {
            LogFailed(exception, Microgrid.Number);
            _applied.Stop();
            throw;
        }
    }

    private async Task DecideAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        var batch = new MicrogridBatch(_state, _surroundings.Domain);
        batch.Judge(entries);
        var through = entries[^1].Position;
        var decision = batch.Decision(through);
        if (!decision.IsEmpty || batch.Changes.Count > 0)
            await AppendAsync(new(Owner, [decision.Write(_surroundings.Clock.GetCurrentInstant())], batch.Changes), cancellation);
        Counts.Add(batch);
        Need.Update(_state.Metering);
        if (batch.LedgerChanged)
            Meters = [.. _state.Metering.Meters];
        Decided?.Invoke(batch);
        _applied.MoveTo(through);
    }

    // The state has moved on, so the decision must reach the disk before anything else does: try until it can.
    private async Task AppendAsync(JournalCommit commit, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await _surroundings.Journal.AppendAsync(commit, cancellation);
                return;
            }
            catch (StoreException exception) when (exception is not JournalFencedException)
            {
                LogWaiting(Microgrid.Number, exception.Message);
                await Task.Delay(RetryAfter, _surroundings.Time, cancellation);
            }
        }
    }

    private async Task SaveCheckpointAsync()
    {
        try
        {
            await _surroundings.Journal.SaveCheckpointAsync(Owner, _applied.Position + 1, _state.ToCheckpoint(), CancellationToken.None);
            _checkpoint = _applied.Position;
        }
        catch (StoreException exception)
        {
            // Only a shortcut for the next start is lost; the journal has everything.
            LogNoCheckpoint(Microgrid.Number, exception.Message);
        }
    }

    [LoggerMessage(1101, LogLevel.Error, "Microgrid {Microgrid} waits to write its decisions: {Trouble}")]
    private partial void LogWaiting(uint microgrid, string trouble);

    [LoggerMessage(1102, LogLevel.Critical, "Microgrid {Microgrid} cannot go on")]
    private partial void LogFailed(Exception exception, uint microgrid);

    [LoggerMessage(1103, LogLevel.Warning, "Microgrid {Microgrid} kept no checkpoint: {Trouble}")]
    private partial void LogNoCheckpoint(uint microgrid, string trouble);

    [LoggerMessage(1104, LogLevel.Debug, "Microgrid {Microgrid} has stopped")]
    private partial void LogStopped(uint microgrid);
}
