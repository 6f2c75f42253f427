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

    private readonly ExplorerBlocks _blocks = new(chain.Client, contracts);
    private readonly SemaphoreSlim _gate = new(1);
    private volatile TaskCompletionSource _changed = NewSignal();

    /// <summary>The block that the index begins with.</summary>
    public ulong FirstBlock => firstBlock;

    /// <summary>Indexes everything up to the chain's head; when it returns, it is durable and subscribers can see it.</summary>
    /// <returns>The indexed head.</returns>
    /// <exception cref="EthereumRpcException">The chain cannot be read; what was indexed stays.</exception>
    public Task<IndexedBlock?> CatchUpAsync(CancellationToken cancellation) => CatchUpAsync([], cancellation);

    /// <summary>
    /// Reads the content of blocks that an older Busbar indexed with their events alone, newest first, as far back as the chain
    /// still has it. Others of this class go on meanwhile.
    /// </summary>
    /// <returns>How many blocks got their content.</returns>
    /// <exception cref="EthereumRpcException">The chain cannot be read; what was filled stays.</exception>
    public async Task<int> FillAsync(CancellationToken cancellation)
    {
        var filled = 0;
        for (ulong? below = null; ;)
        {
            await _gate.WaitAsync(cancellation);
            try
            {
                var changes = new List<StoreChange>();
                var bare = await index.BareBlocksAsync(below, BlocksInACommit, cancellation);
                foreach (var block in bare)
                {
                    if (await ContentAsync(block, cancellation) is { } known)
                        changes.Add(known);
                }

                await CommitAsync(changes, cancellation);
                filled += changes.Count;
                // A chain that has forgotten a block has forgotten those before it.
                if (changes.Count < bare.Count || bare.Count == 0)
                    return filled;
                below = bare[^1].Number;
            }
            finally
            {
                _gate.Release();
            }
        }
    }

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
        var block = await chain.Client.GetBlockAsync(BlockTag.At(number), withTransactions: true, cancellation);
        if (block is not { Number: not null, Hash: { } hash })
            throw new ChainException($"the chain has no block {number} any more", isTransient: true);
        var indexed = new IndexedBlock(
            number, hash, block.ParentHash, Instant.FromUnixTimeSeconds((long)block.Timestamp), block.TransactionHashes.Count, block.GasUsed);
        if (await _blocks.ReceiptsAsync(block, cancellation) is { } receipts)
        {
            var ours = receipts.SelectMany(receipt => receipt.Logs).Where(log => _blocks.IsOurs(log.Address));
            return new(indexed, Events(ours), await _blocks.ContentAsync(block, receipts, cancellation));
        }

        return new(indexed, Events(await chain.Client.GetLogsAsync(new LogFilter { BlockHash = hash, Addresses = contracts.All }, cancellation)));
    }

    private async Task<StoreChange?> ContentAsync(IndexedBlock bare, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(bare.Number, cancellation) is { Content: not null } known && known.Block == bare ? known : null;
        }
        catch (EthereumRpcException refused) when (!refused.IsTransient && refused.Code is not null)
        {
            return null;
        }
    }

    private static List<IndexedEvent> Events(IEnumerable<Log> logs) => [.. logs.OrderBy(log => log.LogIndex).Select(ExplorerBlocks.Event)];

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
