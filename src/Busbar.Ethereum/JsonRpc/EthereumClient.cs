using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Ethereum.Abi;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>
/// The questions that this system asks of an Ethereum node, typed. Every method throws <see cref="EthereumRpcException"/>
/// where the node refuses, cannot be reached or answers nonsense. Thread safe.
/// </summary>
public sealed class EthereumClient
{
    /// <summary>Asks through the given transport.</summary>
    public EthereumClient(IJsonRpcTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        Transport = transport;
    }

    /// <summary>Carries the requests; for methods that only one kind of node has.</summary>
    public IJsonRpcTransport Transport { get; }

    /// <summary>The chain's number.</summary>
    public async Task<ulong> GetChainIdAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync("eth_chainId", cancellationToken)).UInt64("chain id");

    /// <summary>The newest block's number.</summary>
    public async Task<ulong> GetBlockNumberAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync("eth_blockNumber", cancellationToken)).UInt64("block number");

    /// <summary>A block; null where there is none.</summary>
    public async Task<Block?> GetBlockAsync(BlockTag block, bool withTransactions = false, CancellationToken cancellationToken = default) =>
        OrNull(await AskAsync("eth_getBlockByNumber", cancellationToken, block.ToString(), withTransactions), Block.Read);

    /// <summary>A block; null where there is none.</summary>
    public async Task<Block?> GetBlockAsync(Hash256 hash, bool withTransactions = false, CancellationToken cancellationToken = default) =>
        OrNull(await AskAsync("eth_getBlockByHash", cancellationToken, hash.ToString(), withTransactions), Block.Read);

    /// <summary>The receipts of a block's transactions, in order; null where there is no such block.</summary>
    public async Task<IReadOnlyList<TransactionReceipt>?> GetBlockReceiptsAsync(BlockTag block, CancellationToken cancellationToken = default) =>
        OrNull(await AskAsync("eth_getBlockReceipts", cancellationToken, block.ToString()), r => r.List("receipts", TransactionReceipt.Read));

    /// <summary>A transaction, also one that waits; null where the node knows none.</summary>
    public async Task<TransactionInfo?> GetTransactionAsync(Hash256 hash, CancellationToken cancellationToken = default) =>
        OrNull(await AskAsync("eth_getTransactionByHash", cancellationToken, hash.ToString()), TransactionInfo.Read);

    /// <summary>What became of a transaction; null while it is in no block.</summary>
    public async Task<TransactionReceipt?> GetTransactionReceiptAsync(Hash256 hash, CancellationToken cancellationToken = default) =>
        OrNull(await AskAsync("eth_getTransactionReceipt", cancellationToken, hash.ToString()), TransactionReceipt.Read);

    /// <summary>What became of transactions, in one batch, in the same order; null for each that is in no block.</summary>
    public async Task<IReadOnlyList<TransactionReceipt?>> GetTransactionReceiptsAsync(
        IReadOnlyList<Hash256> hashes, CancellationToken cancellationToken = default)
    {
        var requests = hashes.Select(h => JsonRpcRequest.Of("eth_getTransactionReceipt", h.ToString())).ToList();
        var responses = await Transport.CallAsync(requests, cancellationToken);
        return [.. responses.Select(r => OrNull(r.Result, TransactionReceipt.Read))];
    }

    /// <summary>Sends a signed transaction and returns its hash.</summary>
    public async Task<Hash256> SendRawTransactionAsync(ReadOnlyMemory<byte> raw, CancellationToken cancellationToken = default) =>
        (await AskAsync("eth_sendRawTransaction", cancellationToken, HexText.Encode(raw.Span))).Hash("transaction hash");

    /// <summary>Sends signed transactions in one batch. For each, in order, null, or why the node refused it.</summary>
    public async Task<IReadOnlyList<EthereumRpcException?>> SendRawTransactionsAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> raws, CancellationToken cancellationToken = default)
    {
        var requests = raws.Select(r => JsonRpcRequest.Of("eth_sendRawTransaction", HexText.Encode(r.Span))).ToList();
        var responses = await Transport.CallAsync(requests, cancellationToken);
        return [.. responses.Select(r => r.Error)];
    }

    /// <summary>Tries a call and returns what it returns. Where the contract reverts, the exception carries what it reverted with.</summary>
    public async Task<byte[]> CallAsync(CallRequest call, BlockTag block = default, CancellationToken cancellationToken = default) =>
        (await AskAsync("eth_call", cancellationToken, call.ToJson(), block.ToString())).Bytes("call result");

    /// <summary>Tries a call and reads what it returns; what cannot be read is the node's or the contract's fault, like a refusal.</summary>
    public async Task<T> CallAsync<T>(
        CallRequest call, Func<ReadOnlyMemory<byte>, T> decode, BlockTag block = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decode);
        var result = await CallAsync(call, block, cancellationToken);
        try
        {
            return decode(result);
        }
        catch (AbiException failed)
        {
            var what = result.Length == 0 ? "nothing was returned, so there is no such contract" : "not what the contract's ABI says";
            throw EthereumRpcException.Malformed($"call of {call.To}: {what}", failed);
        }
    }

    /// <summary>Tries calls in one batch and returns what they return, in the same order; the first that reverts stands for all.</summary>
    public async Task<IReadOnlyList<byte[]>> CallManyAsync(
        IReadOnlyList<CallRequest> calls, BlockTag block = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(calls);
        var requests = calls.Select(call => JsonRpcRequest.Of("eth_call", call.ToJson(), block.ToString())).ToList();
        var responses = await Transport.CallAsync(requests, cancellationToken);
        return [.. responses.Select(response => response.Result.Bytes("call result"))];
    }

    /// <summary>The gas that a call would use.</summary>
    public async Task<ulong> EstimateGasAsync(CallRequest call, BlockTag block = default, CancellationToken cancellationToken = default) =>
        (await AskAsync("eth_estimateGas", cancellationToken, call.ToJson(), block.ToString())).UInt64("gas estimate");

    /// <summary>How many transactions an account has sent, which is its next nonce.</summary>
    public async Task<ulong> GetTransactionCountAsync(Address account, BlockTag block = default, CancellationToken cancellationToken = default) =>
        (await AskAsync("eth_getTransactionCount", cancellationToken, account.ToLowerHex(), block.ToString())).UInt64("transaction count");

    /// <summary>An account's wei.</summary>
    public async Task<BigInteger> GetBalanceAsync(Address account, BlockTag block = default, CancellationToken cancellationToken = default) =>
        (await AskAsync("eth_getBalance", cancellationToken, account.ToLowerHex(), block.ToString())).UInt256("balance");

    /// <summary>A contract's code; empty where there is none.</summary>
    public async Task<byte[]> GetCodeAsync(Address account, BlockTag block = default, CancellationToken cancellationToken = default) =>
        (await AskAsync("eth_getCode", cancellationToken, account.ToLowerHex(), block.ToString())).Bytes("code");

    /// <summary>The logs that fit a filter, in the chain's order.</summary>
    public async Task<IReadOnlyList<Log>> GetLogsAsync(LogFilter filter, CancellationToken cancellationToken = default) =>
        (await AskAsync("eth_getLogs", cancellationToken, filter.ToJson())).List("logs", Log.Read);

    /// <summary>A gas price that the node thinks enough, in wei.</summary>
    public async Task<BigInteger> GetGasPriceAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync("eth_gasPrice", cancellationToken)).UInt256("gas price");

    /// <summary>What gas cost lately.</summary>
    /// <param name="blocks">How many blocks, 1 to 1024.</param>
    /// <param name="newest">The last of them.</param>
    /// <param name="rewardPercentiles">Percentiles of the tips to tell, 0 to 100, ascending; null for none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<FeeHistory> GetFeeHistoryAsync(
        int blocks, BlockTag newest = default, IReadOnlyList<double>? rewardPercentiles = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, 1024);
        var percentiles = new JsonArray([.. (rewardPercentiles ?? []).Select(p => JsonValue.Create(p))]);
        return FeeHistory.Read(await AskAsync("eth_feeHistory", cancellationToken, Quantity.Format((ulong)blocks), newest.ToString(), percentiles));
    }

    private Task<JsonElement> AskAsync(string method, CancellationToken cancellationToken, params JsonNode?[] parameters) =>
        Transport.CallAsync(JsonRpcRequest.Of(method, parameters), cancellationToken);

    private static T? OrNull<T>(JsonElement json, Func<JsonElement, T> read)
        where T : class => json.IsNull ? null : read(json);
}
