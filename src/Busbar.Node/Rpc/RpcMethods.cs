using System.Collections.Frozen;
using System.Globalization;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Node.Rpc;

/// <summary>
/// Everything that can be asked from outside, and nothing else: a method is found by its exact name or not at all. What moves
/// the engine's clock, makes blocks or sets balances has no way in, and the only one that writes is journaled first.
/// </summary>
internal sealed class RpcMethods
{
    private const int Heavy = 5;
    private const int Heaviest = 20;

    private readonly FrozenDictionary<string, RpcMethod> _methods;

    public RpcMethods(RpcLedger ledger, RpcCalls calls, RpcFees fees, RpcLogs logs, RpcTransactions transactions)
    {
        var version = typeof(RpcMethods).Assembly.GetName().Version?.ToString(3);
        var methods = new Dictionary<string, RpcMethod>(StringComparer.Ordinal)
        {
            ["eth_chainId"] = RpcMethod.Fixed(Quantity.Format(ledger.Chain.ChainId)),
            ["net_version"] = RpcMethod.Fixed(ledger.Chain.ChainId.ToString(CultureInfo.InvariantCulture)),
            ["web3_clientVersion"] = RpcMethod.Fixed($"Busbar/{version}"),
            ["eth_accounts"] = RpcMethod.Fixed(Array.Empty<string>()),
            ["eth_syncing"] = RpcMethod.Fixed(false),
            ["eth_blockNumber"] = new(1, (p, stop) => ledger.AskAsync("eth_blockNumber", stop, Nothing(p))),
            ["eth_getBlockByNumber"] = new(2, (p, stop) =>
                ledger.AskAsync("eth_getBlockByNumber", stop, ledger.BlockTag(p.AtMost(2).Block(0)), p.Flag(1))),
            ["eth_getBlockByHash"] = new(2, (p, stop) =>
                ledger.AskAsync("eth_getBlockByHash", stop, p.AtMost(2).Hash(0).ToString(), p.Flag(1))),
            ["eth_getBlockReceipts"] = new(Heavy, (p, stop) =>
                ledger.AskAsync("eth_getBlockReceipts", stop, ledger.BlockTag(p.AtMost(1).Block(0)))),
            ["eth_getTransactionByHash"] = new(1, (p, stop) =>
                ledger.AskAsync("eth_getTransactionByHash", stop, p.AtMost(1).Hash(0).ToString())),
            ["eth_getTransactionReceipt"] = new(1, (p, stop) =>
                ledger.AskAsync("eth_getTransactionReceipt", stop, p.AtMost(1).Hash(0).ToString())),
            ["eth_getBalance"] = new(1, (p, stop) => ledger.AskStateAsync("eth_getBalance", p.AtMost(2), stop)),
            ["eth_getCode"] = new(1, (p, stop) => ledger.AskStateAsync("eth_getCode", p.AtMost(2), stop)),
            ["eth_getTransactionCount"] = new(1, (p, stop) => ledger.AskStateAsync("eth_getTransactionCount", p.AtMost(2), stop)),
            ["eth_getStorageAt"] = new(1, ledger.StorageAsync),
            ["eth_call"] = new(Heavy, calls.CallAsync),
            ["eth_estimateGas"] = new(2 * Heavy, calls.EstimateAsync),
            ["eth_gasPrice"] = new(1, fees.PriceAsync),
            ["eth_maxPriorityFeePerGas"] = new(1, fees.TipAsync),
            ["eth_feeHistory"] = new(2, fees.HistoryAsync),
            ["eth_getLogs"] = new(Heaviest, logs.FindAsync),
            ["eth_sendRawTransaction"] = new(Heaviest, transactions.SendAsync),
        };
        _methods = methods.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The names of all methods.</summary>
    public IEnumerable<string> Names => _methods.Keys;

    /// <summary>A method, or null where none is called exactly so.</summary>
    public RpcMethod? Find(string name) => _methods.GetValueOrDefault(name);

    private static System.Text.Json.Nodes.JsonNode?[] Nothing(RpcParameters parameters)
    {
        parameters.AtMost(0);
        return [];
    }
}
