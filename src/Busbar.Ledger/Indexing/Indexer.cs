using System.Runtime.CompilerServices;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Ledger.Indexing;

/// <summary>
/// Keeps the index of blocks and of our contracts' events in step with the chain, and tells its subscribers. One caller of
/// <see cref="CatchUpAsync(CancellationToken)"/> at a time goes on; others wait.
/// </summary>
/// <param name="chain">What is indexed.</param>
/// <param name="index">Where it is kept.</param>
/// <param name="contracts">Whose events are kept.</param>
/// <param name="firstBlock">The block to begin with when the index is empty.</param>
public sealed class Indexer(IChain chain, IEventIndex index, ContractAddresses contracts, ulong firstBlock)
{
    private const int BlocksInACommit = 64;

    private readonly SemaphoreSlim _gate = new(1);
    private volatile TaskCompletionSource _changed = NewSignal();

    /// <summary>The block that the index begins with.</summary>
    public ulong FirstBlock => firstBlock;

    /// <summary>Indexes everything up to the chain's head; when it returns, it is durable and subscribers can see it.</summary>
    /// <returns>The indexed head.</returns>
    /// <exception cref="EthereumRpcException">The chain cannot be read; what was indexed stays.</exception>
    public Task<IndexedBlock?> CatchUpAsync(CancellationToken cancellation) => CatchUpAsync([], cancellation);

    /// <summary>Catches up at each interval of the clock until cancelled: for a chain that makes its blocks by itself.</summary>
    public async Task PollAsync(TimeSpan every, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(every, time);
        do
        {
            try
            {
                await CatchUpAsync(cancellation);
            }
            catch (EthereumRpcException failed) when (failed.IsTransient)
            {
                // Not reached: the next tick tries again.
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>
    /// Everything after a place on the chain, from the index first and then as it comes; slow readers lose nothing, because
    /// they are read to from the index. Ends when cancelled.
    /// </summary>
    public async IAsyncEnumerable<ChainChange> ChangesAsync(EventPlace after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = new ChangeReader(index, after, firstBlock);
        while (true)
        {
            var changed = _changed.Task;
            while (await reader.NextAsync(cancellation) is { } change)
                yield return change;
            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>Catches up, and writes other changes in the same step as the last blocks.</summary>
    internal async Task<IndexedBlock?> CatchUpAsync(IReadOnlyList<StoreChange> also, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var head = await KeptHeadAsync(cancellation);
            if (head is not null)
                await FillBeginningAsync(head, cancellation);
            var target = await chain.HeadAsync(cancellation);
            var changes = new List<StoreChange>();
            for (var number = head is null ? firstBlock : head.Number + 1; number <= target.Number; number++)
            {
                var block = await ReadAsync(number, cancellation);
                if (head is not null && block.Block.Parent != head.Hash)
                    break; // Reorganised this moment: the next call begins by taking blocks back.
                changes.Add(block);
                head = block.Block;
                if (changes.Count == BlocksInACommit)
                {
                    await CommitAsync(changes, cancellation);
                    changes.Clear();
                }
            }

            await CommitAsync([.. changes, .. also], cancellation);
            return head;
        }
        finally
        {
            _gate.Release();
        }
    }

    // An index that an older Busbar made began after the contracts were wired: what it lacks is read when there is such a gap.
    private async Task FillBeginningAsync(IndexedBlock head, CancellationToken cancellation)
    {
        var changes = new List<StoreChange>();
        for (var number = firstBlock; number < head.Number && await index.BlockAsync(number, cancellation) is null; number++)
        {
            var read = await ReadAsync(number, cancellation);
            if (read.Block is { GasUsed: > 0, Transactions: 0 })
            {
                throw new ChainException(
                    $"the chain no longer has what happened in block {number}, which the index lacks", isTransient: false);
            }

            changes.Add(read);
        }

        await CommitAsync(changes, cancellation);
    }

    private async Task CommitAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
    {
        if (changes.Count == 0)
            return;
        await chain.RecordAsync([.. changes], cancellation);
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
    }

    // The highest indexed block that the chain still has; what is above it is taken back.
    private async Task<IndexedBlock?> KeptHeadAsync(CancellationToken cancellation)
    {
        var head = await index.HeadAsync(cancellation);
        var kept = head;
        while (kept is not null && await HashAsync(kept.Number, cancellation) != kept.Hash)
        {
            if (kept.Number <= firstBlock)
                throw new ChainException($"block {kept.Number}, with which the index begins, is not on this chain: it is another chain", isTransient: false);
            kept = await index.BlockAsync(kept.Number - 1, cancellation);
        }

        if (head is not null && kept != head)
            await CommitAsync([new StoreChange.BlocksRemoved(kept!.Number)], cancellation);
        return kept;
    }

    private async Task<Busbar.Cryptography.Hash256?> HashAsync(ulong number, CancellationToken cancellation) =>
        (await chain.Client.GetBlockAsync(BlockTag.At(number), cancellationToken: cancellation))?.Hash;

    private async Task<StoreChange.BlockIndexed> ReadAsync(ulong number, CancellationToken cancellation)
    {
        var block = await chain.Client.GetBlockAsync(BlockTag.At(number), cancellationToken: cancellation);
        if (block is not { Number: not null, Hash: { } hash })
            throw new ChainException($"the chain has no block {number} any more", isTransient: true);
        IReadOnlyList<Log> logs = block.TransactionHashes.Count == 0
            ? []
            : await chain.Client.GetLogsAsync(new LogFilter { BlockHash = hash, Addresses = contracts.All }, cancellation);
        var indexed = new IndexedBlock(
            number, hash, block.ParentHash, Instant.FromUnixTimeSeconds((long)block.Timestamp), block.TransactionHashes.Count, block.GasUsed);
        var events = logs.OrderBy(log => log.LogIndex)
            .Select(log => new IndexedEvent(number, (int)log.LogIndex, log.TransactionHash, log.Address, log.Topics, log.Data));
        return new(indexed, [.. events]);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
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
