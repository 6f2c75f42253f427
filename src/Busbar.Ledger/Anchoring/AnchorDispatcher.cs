using Busbar.Cryptography;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using NodaTime;

namespace Busbar.Ledger.Anchoring;

/// <summary>
/// Brings closed intervals from the outbox to the ledger: in the order of their keys, many in a transaction, each exactly once.
/// </summary>
public sealed class AnchorDispatcher
{
    /// <summary>Makes a dispatcher; call <see cref="ResumeAsync"/> once before anything else.</summary>
    /// <param name="chain">Where the contracts stand.</param>
    /// <param name="contracts">The contracts.</param>
    /// <param name="outbox">What waits.</param>
    /// <param name="indexer">Indexes the blocks that are made.</param>
    /// <param name="operatorKey">The operator's key; not disposed of.</param>
    /// <param name="time">The clock of <see cref="RunAsync"/>.</param>
    public AnchorDispatcher(
        IChain chain, ContractAddresses contracts, IOutbox outbox, Indexer indexer, PrivateKey operatorKey, TimeProvider time)
    {
        _ = (chain, contracts, outbox, indexer, operatorKey, time);
    }

    /// <summary>Settles what an earlier run sent and did not see through.</summary>
    public Task ResumeAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>
    /// A barrier: all that waits when it is called is in a block, indexed and settled when it returns. On the engine the
    /// block has the given time (one second after the last block when that is later), so the same outbox gives the same hash.
    /// </summary>
    public Task<SettleResult> SettleAsync(Instant blockTime, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Settles whenever something waits, until cancelled: the live mode.</summary>
    public Task RunAsync(CancellationToken cancellation) => throw new NotSupportedException();
}

/// <summary>What one settling did.</summary>
/// <param name="Anchored">Versions now on the ledger.</param>
/// <param name="Failures">Versions that the contract refused, with the reason.</param>
/// <param name="Blocks">Blocks made.</param>
public sealed record SettleResult(int Anchored, IReadOnlyList<AnchorFailure> Failures, int Blocks);

/// <summary>A version that the contract refused for good.</summary>
/// <param name="Key">Which.</param>
/// <param name="Reason">The contract's error with its values.</param>
public sealed record AnchorFailure(OutboxKey Key, string Reason);
