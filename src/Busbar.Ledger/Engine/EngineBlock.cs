using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;
using NodaTime;

namespace Busbar.Ledger.Engine;

/// <summary>A block as the engine made it.</summary>
internal sealed record EngineBlock(ChainHead Head, IReadOnlyList<Hash256> Transactions, IReadOnlyDictionary<Hash256, TransactionReceipt> Receipts)
{
    /// <summary>Reads a block; the newest when no number is given.</summary>
    public static async Task<EngineBlock> ReadAsync(AnvilNode node, ulong? number, CancellationToken cancellation)
    {
        var tag = number is { } one ? BlockTag.At(one) : BlockTag.Latest;
        var block = await node.Client.GetBlockAsync(tag, cancellationToken: cancellation);
        if (block is not { Number: { } found, Hash: { } hash })
            throw new EngineException(EngineFailure.ReplayDiffers, $"the engine has no block {number}");
        var receipts = block.TransactionHashes.Count == 0 ? [] : await node.Client.GetBlockReceiptsAsync(tag, cancellation) ?? [];
        var head = new ChainHead(found, hash, Instant.FromUnixTimeSeconds((long)block.Timestamp));
        return new(head, block.TransactionHashes, receipts.ToDictionary(r => r.TransactionHash));
    }

    /// <summary>Whether it has the journaled time and, but for refused ones, the journaled transactions in their order.</summary>
    public bool Fits(BlockRecord journaled)
    {
        var included = Transactions.ToHashSet();
        return Head.Number == journaled.Number
            && Head.Time.ToUnixTimeSeconds() == journaled.Time
            && Transactions.SequenceEqual(journaled.Transactions.Where(included.Contains));
    }
}
