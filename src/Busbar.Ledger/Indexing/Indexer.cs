using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;

namespace Busbar.Ledger.Indexing;

/// <summary>
/// Keeps the index of blocks and of our contracts' events in step with the chain, and tells its subscribers. One caller of
/// <see cref="CatchUpAsync"/> at a time goes on; others wait.
/// </summary>
public sealed class Indexer
{
    /// <summary>Makes an indexer.</summary>
    /// <param name="chain">What is indexed.</param>
    /// <param name="index">Where it is kept.</param>
    /// <param name="contracts">Whose events are kept.</param>
    /// <param name="firstBlock">The block to begin with when the index is empty.</param>
    public Indexer(IChain chain, IEventIndex index, ContractAddresses contracts, ulong firstBlock) =>
        _ = (chain, index, contracts, firstBlock);

    /// <summary>Indexes everything up to the chain's head; when it returns, it is durable and subscribers can see it.</summary>
    /// <returns>The indexed head.</returns>
    public Task<IndexedBlock?> CatchUpAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Catches up at each interval of the clock until cancelled: for a chain that makes its blocks by itself.</summary>
    public Task PollAsync(TimeSpan every, TimeProvider time, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>
    /// Everything after a place on the chain, from the index first and then as it comes; slow readers lose nothing, because
    /// they are read to from the index. Ends when cancelled.
    /// </summary>
    public IAsyncEnumerable<ChainChange> ChangesAsync(EventPlace after, CancellationToken cancellation) =>
        throw new NotSupportedException();
}

/// <summary>A change of the index. A closed set.</summary>
public abstract record ChainChange
{
    private ChainChange()
    {
    }

    /// <summary>A block was added.</summary>
    /// <param name="Block">The block.</param>
    /// <param name="Events">Its events in order.</param>
    public sealed record BlockAdded(IndexedBlock Block, IReadOnlyList<IndexedEvent> Events) : ChainChange;

    /// <summary>The chain took back all blocks above this number.</summary>
    /// <param name="KeptNumber">The highest block that stands.</param>
    public sealed record BlocksTakenBack(ulong KeptNumber) : ChainChange;
}
