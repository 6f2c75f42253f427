using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Node.Rpc;

/// <summary>What gas costs: nothing on the node's own engine, so that nobody needs coin to act.</summary>
internal sealed class RpcFees(RpcLedger ledger)
{
    private const ulong MostBlocks = 1_024;
    private const int MostPercentiles = 100;

    private static readonly JsonElement Nothing = JsonSerializer.SerializeToElement("0x0");

    public Task<JsonElement> PriceAsync(RpcParameters parameters, CancellationToken cancellation)
    {
        parameters.AtMost(0);
        return ledger.AskAsync("eth_gasPrice", cancellation);
    }

    // The engine would advise a tip that it does not ask for, and a wallet without coin could then send nothing.
    public Task<JsonElement> TipAsync(RpcParameters parameters, CancellationToken cancellation)
    {
        parameters.AtMost(0);
        return ledger.IsEngine ? Task.FromResult(Nothing) : ledger.AskAsync("eth_maxPriorityFeePerGas", cancellation);
    }

    public Task<JsonElement> HistoryAsync(RpcParameters parameters, CancellationToken cancellation)
    {
        var given = parameters.AtMost(3)[0];
        var blocks = given.ValueKind == JsonValueKind.Number && given.TryGetUInt64(out var plain) ? plain : parameters.Number(0);
        if (blocks is 0 or > MostBlocks)
            throw RpcRefusedException.Parameter("TooManyBlocks", "a fee history is of 1 to 1024 blocks");
        var newest = ledger.BlockTag(parameters.Block(1));
        return ledger.AskAsync("eth_feeHistory", cancellation, Quantity.Format(blocks), newest, Percentiles(parameters[2]));
    }

    private static JsonArray Percentiles(JsonElement list)
    {
        if (list.ValueKind == JsonValueKind.Undefined)
            return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostPercentiles)
            throw Wrong();
        var percentiles = new JsonArray();
        var last = 0.0;
        foreach (var one in list.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.Number
                || !one.TryGetDouble(out var percentile)
                || !(percentile >= last && percentile <= 100))
                throw Wrong();
            percentiles.Add(last = percentile);
        }

        return percentiles;
    }

    private static RpcRefusedException Wrong() =>
        RpcRefusedException.Parameter("WrongPercentiles", "parameter 3 is a list of at most 100 numbers from 0 to 100, ascending");
}
