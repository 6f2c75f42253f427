using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Ledger.Anchoring;

/// <summary>
/// Brings closed intervals from the outbox to the ledger: in the order of their keys, many in a transaction, each exactly once.
/// </summary>
/// <remarks>
/// Versions are tried before they are sent. What the contract would refuse because of something that may pass (the operator
/// is not appointed, the interval is not over, an earlier one is missing) stays in the outbox and is told as
/// <see cref="SettleResult.Blocked"/>; what it would refuse for good is sent by itself, so that its failure is on the ledger.
/// </remarks>
/// <param name="chain">Where the contracts stand.</param>
/// <param name="contracts">The contracts.</param>
/// <param name="outbox">What waits.</param>
/// <param name="indexer">Indexes the blocks that are made.</param>
/// <param name="operatorKey">The operator's key; not disposed of.</param>
/// <param name="time">The clock of <see cref="RunAsync"/>.</param>
public sealed class AnchorDispatcher(
    IChain chain, ContractAddresses contracts, IOutbox outbox, Indexer indexer, PrivateKey operatorKey, TimeProvider time)
{
    private const int MostRead = 4_096;
    private const ulong GasForTransaction = 60_000;
    private const ulong GasForVersion = 160_000;

    // Below a block's gas; what is above waits for the next block.
    private const ulong MostGas = 90_000_000;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly AnchorEncoder _encoder = new(contracts);
    private volatile IReadOnlyList<AnchorFailure> _blocked = [];

    /// <summary>What could not pass at the newest settling, and why; it waits on.</summary>
    public IReadOnlyList<AnchorFailure> Blocked => _blocked;

    /// <summary>Settles what an earlier run sent and did not see through. Call it once before anything else.</summary>
    public async Task ResumeAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            foreach (var sent in await outbox.UnsettledAsync(cancellation))
            {
                var outcome = await chain.FollowAsync(sent.Hash, cancellation);
                var failure = outcome.Succeeded ? null : outcome.Refusal ?? "the contract refused it";
                await indexer.CatchUpAsync([new StoreChange.OutboxSettled(sent.Hash, outcome.Receipt?.BlockNumber, failure)], cancellation);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// A barrier: all that waits when it is called, and is not blocked, is in a block, indexed and settled when it returns. On
    /// the engine the block has the given time (one second after the last block when that is later; more blocks follow a
    /// second apart when one does not hold all), so the same outbox gives the same hash.
    /// </summary>
    public async Task<SettleResult> SettleAsync(Instant blockTime, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var settling = new Settling();
            while (await RoundAsync(settling, blockTime + Duration.FromSeconds(settling.Blocks), cancellation))
            {
                // One round is one block.
            }

            _blocked = settling.Blocked;
            return new(settling.Anchored, settling.Failures, settling.Blocked, settling.Blocks);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Settles whenever something waits, looking at each interval of the clock, until cancelled: the live mode.</summary>
    /// <param name="every">How often it looks.</param>
    /// <param name="told">Told of each settling that did or could not do something; null for nobody.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(TimeSpan every, IProgress<SettleResult>? told, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(every, time);
        var resume = false;
        do
        {
            if (!resume && (await outbox.WaitingAsync(1, cancellation)).Count == 0)
                continue;
            try
            {
                if (resume)
                    await ResumeAsync(cancellation);
                resume = false;
                var result = await SettleAsync(Instant.FromDateTimeOffset(time.GetUtcNow()), cancellation);
                told?.Report(result);
            }
            catch (ChainException failed) when (failed.IsTransient)
            {
                // The chain is out of reach: what was sent is settled first when it is back.
                resume = true;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async Task<bool> RoundAsync(Settling settling, Instant blockTime, CancellationToken cancellation)
    {
        var waiting = await outbox.WaitingAsync(MostRead + settling.Passed.Count, cancellation);
        var planned = AnchorRound.Plan(waiting.Where(closed => !settling.Passed.Contains(closed.Microgrid)));
        if (planned.Count == 0)
            return false;
        await _encoder.LearnAsync(chain.Client, planned.SelectMany(versions => versions).Select(closed => closed.Microgrid), cancellation);
        var transactions = new List<AnchorTransaction>();
        foreach (var versions in planned)
            transactions.AddRange(await TryAsync(versions, settling, blockTime, cancellation));
        if (transactions.Count > 0)
            await SendAsync(WithinABlock(transactions), settling, blockTime, cancellation);
        return true;
    }

    private List<AnchorTransaction> WithinABlock(List<AnchorTransaction> transactions)
    {
        var gas = 0UL;
        var fitting = transactions.TakeWhile(transaction => (gas += transaction.Call.GasLimit!.Value) <= MostGas).ToList();
        _encoder.Forget(transactions.Skip(fitting.Count).SelectMany(transaction => transaction.Keys).Select(key => key.Microgrid));
        return fitting;
    }

    // All together when they pass; else each microgrid by itself, as far as it passes.
    private async Task<IEnumerable<AnchorTransaction>> TryAsync(
        IReadOnlyList<ClosedInterval> versions, Settling settling, Instant blockTime, CancellationToken cancellation)
    {
        var whole = Encode(versions);
        if ((await PreviewAsync(whole, blockTime, cancellation)).Succeeds)
            return [whole];
        var parts = new List<AnchorTransaction>();
        foreach (var microgrid in versions.GroupBy(closed => closed.Microgrid))
            await TryOneAsync([.. microgrid], parts, settling, blockTime, cancellation);
        return parts;
    }

    private async Task TryOneAsync(
        ClosedInterval[] versions, List<AnchorTransaction> parts, Settling settling, Instant blockTime, CancellationToken cancellation)
    {
        // How many pass: between known good and known bad.
        var (good, bad) = (0, versions.Length + 1);
        AnchorTransaction? passing = null;
        CallPreview? refusal = null;
        while (bad - good > 1)
        {
            var middle = (good + bad) / 2;
            var candidate = await EncodeAnewAsync(versions[..middle], cancellation);
            var preview = await PreviewAsync(candidate, blockTime, cancellation);
            if (preview.Succeeds)
                (good, passing) = (middle, candidate);
            else
                (bad, refusal) = (middle, preview);
        }

        _encoder.Forget([versions[0].Microgrid]);
        if (passing is not null)
            parts.Add(passing);
        if (refusal is null || good == versions.Length)
            return;
        var failure = new AnchorFailure(versions[good].Key, ContractErrors.Describe(refusal));
        if (MayPass(refusal) || good > 0)
        {
            // Behind versions that pass it is looked at again in the next round, when it is the first.
            if (good == 0)
                settling.Block(failure);
            return;
        }

        parts.Add((await EncodeAnewAsync(versions[..1], cancellation)) with { Failure = failure });
        settling.Passed.Add(versions[0].Microgrid);
    }

    private async Task<AnchorTransaction> EncodeAnewAsync(ClosedInterval[] versions, CancellationToken cancellation)
    {
        _encoder.Forget([versions[0].Microgrid]);
        await _encoder.LearnAsync(chain.Client, [versions[0].Microgrid], cancellation);
        return Encode(versions);
    }

    private AnchorTransaction Encode(IReadOnlyList<ClosedInterval> versions)
    {
        var gas = GasForTransaction + (GasForVersion * (ulong)versions.Count);
        return new([.. versions.Select(closed => closed.Key)], new ChainCall(contracts.Anchors, _encoder.Encode(versions), gas), null);
    }

    private Task<CallPreview> PreviewAsync(AnchorTransaction transaction, Instant blockTime, CancellationToken cancellation) =>
        chain.PreviewAsync(operatorKey.Address, transaction.Call, blockTime, cancellation);

    private static bool MayPass(CallPreview refusal) =>
        refusal.RevertData is not { } data
        || ContractErrors.Decode(data) is not { } error
        || error is Anchors.Errors.NotOperator or Anchors.Errors.IntervalNotOver or Anchors.Errors.IntervalNotNext;

    private async Task SendAsync(
        IReadOnlyList<AnchorTransaction> transactions, Settling settling, Instant blockTime, CancellationToken cancellation)
    {
        var order = new ChainOrder(operatorKey, [.. transactions.Select(t => t.Call)])
        {
            Time = blockTime,
            Changes = hashes => [.. hashes.Select((hash, i) => new StoreChange.OutboxSent(transactions[i].Keys, hash))],
        };
        var outcomes = await chain.ExecuteAsync(order, cancellation);
        settling.Blocks++;
        var settled = new List<StoreChange>();
        foreach (var (transaction, outcome) in transactions.Zip(outcomes))
        {
            var reason = outcome.Succeeded ? null : await ReasonAsync(transaction, outcome, blockTime, cancellation);
            settled.Add(new StoreChange.OutboxSettled(outcome.Hash, outcome.Receipt?.BlockNumber, reason));
            settling.Settle(transaction.Keys, reason);
            if (reason is not null)
                _encoder.Forget(transaction.Keys.Select(key => key.Microgrid));
        }

        // The transactions are final: what is written of them is not for a cancellation to stop.
        await indexer.CatchUpAsync(settled, CancellationToken.None);
    }

    private async Task<string> ReasonAsync(
        AnchorTransaction transaction, TransactionOutcome outcome, Instant blockTime, CancellationToken cancellation)
    {
        if (outcome.Refusal is { } refusal)
            return refusal;
        if (transaction.Failure is { } expected)
            return expected.Reason;
        var again = await PreviewAsync(transaction, blockTime, cancellation);
        return again.Succeeds ? "the contract refused it, and would not now" : ContractErrors.Describe(again);
    }

    private sealed record AnchorTransaction(IReadOnlyList<OutboxKey> Keys, ChainCall Call, AnchorFailure? Failure);

    private sealed class Settling
    {
        public int Anchored { get; private set; }

        public int Blocks { get; set; }

        public List<AnchorFailure> Failures { get; } = [];

        public List<AnchorFailure> Blocked { get; } = [];

        /// <summary>Microgrids whose next version does not pass: left alone until the next settling.</summary>
        public HashSet<MicrogridId> Passed { get; } = [];

        public void Block(AnchorFailure failure)
        {
            Blocked.Add(failure);
            Passed.Add(failure.Key.Microgrid);
        }

        public void Settle(IReadOnlyList<OutboxKey> keys, string? reason)
        {
            if (reason is null)
                Anchored += keys.Count;
            else
                Failures.AddRange(keys.Select(key => new AnchorFailure(key, reason)));
        }
    }
}

/// <summary>What one settling did.</summary>
/// <param name="Anchored">Versions now on the ledger.</param>
/// <param name="Failures">Versions that the contract refused for good, with the reason; they left the outbox.</param>
/// <param name="Blocked">The first version of each microgrid that cannot pass at present; it and those behind it wait on.</param>
/// <param name="Blocks">Blocks made.</param>
public sealed record SettleResult(
    int Anchored, IReadOnlyList<AnchorFailure> Failures, IReadOnlyList<AnchorFailure> Blocked, int Blocks);

/// <summary>A version that the contract refuses.</summary>
/// <param name="Key">Which.</param>
/// <param name="Reason">The contract's error with its values.</param>
public sealed record AnchorFailure(OutboxKey Key, string Reason);
