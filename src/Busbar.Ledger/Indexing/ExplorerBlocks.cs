using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Exploring;

namespace Busbar.Ledger.Indexing;

/// <summary>Reads what is in a block besides our contracts' events.</summary>
internal sealed class ExplorerBlocks(EthereumClient client, ContractAddresses contracts)
{
    private readonly HashSet<Address> _ours = [.. contracts.All];

    /// <summary>Whether a contract is one of ours.</summary>
    public bool IsOurs(Address contract) => _ours.Contains(contract);

    /// <summary>A block's receipts in order, or null when the chain does not give them (any more).</summary>
    public async Task<IReadOnlyList<TransactionReceipt>?> ReceiptsAsync(Block block, CancellationToken cancellation)
    {
        if (block.TransactionHashes.Count == 0)
            return [];
        try
        {
            var receipts = await client.GetBlockReceiptsAsync(BlockTag.At(block.Number!.Value), cancellation);
            var whole = receipts is not null
                && receipts.Select(receipt => receipt.TransactionHash).SequenceEqual(block.TransactionHashes)
                && receipts.All(receipt => receipt.BlockHash == block.Hash);
            return whole ? receipts : null;
        }
        catch (EthereumRpcException refused) when (!refused.IsTransient && refused.Code is not null)
        {
            // A node without this method: its blocks are indexed with our events alone.
            return null;
        }
    }

    /// <summary>A block's content from its transactions and their receipts.</summary>
    public async Task<BlockContent> ContentAsync(Block block, IReadOnlyList<TransactionReceipt> receipts, CancellationToken cancellation)
    {
        var transactions = new List<IndexedTransaction>(receipts.Count);
        foreach (var (sent, receipt) in block.Transactions.Zip(receipts))
        {
            var revert = receipt.Succeeded ? null : await RevertDataAsync(sent, receipt, cancellation);
            transactions.Add(Make(sent, receipt, revert));
        }

        var others = receipts.SelectMany(receipt => receipt.Logs).Where(log => !IsOurs(log.Address)).Select(Event);
        return new(transactions, [.. others]);
    }

    /// <summary>A log as the index keeps it.</summary>
    public static IndexedEvent Event(Log log) =>
        new(log.BlockNumber, (int)log.LogIndex, log.TransactionHash, log.Address, log.Topics, log.Data);

    private IndexedTransaction Make(TransactionInfo sent, TransactionReceipt receipt, ReadOnlyMemory<byte>? revert) => new()
    {
        Hash = sent.Hash,
        Place = new(receipt.BlockNumber, (int)receipt.TransactionIndex),
        From = sent.From,
        To = sent.To,
        Value = sent.Value,
        Nonce = sent.Nonce,
        GasUsed = receipt.GasUsed,
        GasLimit = sent.GasLimit,
        Succeeded = receipt.Succeeded,
        Input = sent.Data,
        Created = receipt.Succeeded ? receipt.ContractAddress : null,
        RevertData = revert,
        Touched = Touched(sent, receipt),
    };

    private List<Address> Touched(TransactionInfo sent, TransactionReceipt receipt)
    {
        var touched = new List<Address> { sent.From };
        if (sent.To is { } to)
            touched.Add(to);
        if (receipt is { Succeeded: true, ContractAddress: { } made })
            touched.Add(made);
        foreach (var log in receipt.Logs)
        {
            touched.Add(log.Address);
            if (IsOurs(log.Address))
                touched.AddRange(LedgerDecoder.AddressesIn(log.Topics).Where(address => !address.IsZero));
        }

        return [.. touched.Distinct()];
    }

    // Old states are gone from a chain that forgets them, so the reason is asked for while the block is new. Our engine knows the
    // plain trace only, others are quicker with the tracer of calls, and what does not trace can try the call once more.
    private async Task<ReadOnlyMemory<byte>?> RevertDataAsync(TransactionInfo sent, TransactionReceipt receipt, CancellationToken cancellation) =>
        await TracedAsync(sent.Hash, new JsonObject { ["tracer"] = "callTracer" }, "output", cancellation)
        ?? await TracedAsync(sent.Hash, PlainTrace(), "returnValue", cancellation)
        ?? await TriedAgainAsync(sent, receipt, cancellation);

    private static JsonObject PlainTrace() => new() { ["disableStorage"] = true, ["disableStack"] = true, ["disableMemory"] = true };

    private async Task<ReadOnlyMemory<byte>?> TracedAsync(Hash256 hash, JsonObject options, string member, CancellationToken cancellation)
    {
        try
        {
            var request = JsonRpcRequest.Of("debug_traceTransaction", hash.ToString(), options);
            var trace = await client.Transport.CallAsync(request, cancellation);
            return trace.ValueKind == JsonValueKind.Object && trace.TryGetProperty(member, out var output)
                && HexText.TryDecode(output.GetString(), out var bytes) ? bytes : default(ReadOnlyMemory<byte>?);
        }
        catch (EthereumRpcException refused) when (!refused.IsTransient && refused.Code is not null)
        {
            return null;
        }
    }

    private async Task<ReadOnlyMemory<byte>?> TriedAgainAsync(TransactionInfo sent, TransactionReceipt receipt, CancellationToken cancellation)
    {
        try
        {
            var call = new CallRequest { From = sent.From, To = sent.To, Data = sent.Data, Value = sent.Value, GasLimit = sent.GasLimit };
            await client.CallAsync(call, BlockTag.At(receipt.BlockNumber - 1), cancellation);
            return null;
        }
        catch (EthereumRpcException refused) when (!refused.IsTransient && refused.Code is not null)
        {
            return refused.RevertData;
        }
    }
}
