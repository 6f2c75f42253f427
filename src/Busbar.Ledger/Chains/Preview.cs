using System.Numerics;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using NodaTime;

namespace Busbar.Ledger.Chains;

internal static class Preview
{
    /// <summary>Tries a call on the newest state, at a block time where the node can be told one.</summary>
    public static async Task<CallPreview> AskAsync(
        EthereumClient client, Address from, ChainCall call, Instant? time, CancellationToken cancellation)
    {
        var request = new JsonObject { ["from"] = from.ToLowerHex(), ["data"] = HexText.Encode(call.Data.Span) };
        if (call.To is { } to)
            request["to"] = to.ToLowerHex();
        if (call.GasLimit is { } gas)
            request["gas"] = Quantity.Format(gas);
        if (call.Value != default)
            request["value"] = Quantity.Format((BigInteger)call.Value.Wei);
        var rpc = time is { } at
            ? JsonRpcRequest.Of("eth_call", request, "latest", new JsonObject(), new JsonObject { ["time"] = Quantity.Format((ulong)at.ToUnixTimeSeconds()) })
            : JsonRpcRequest.Of("eth_call", request, "latest");
        try
        {
            await client.Transport.CallAsync(rpc, cancellation);
            return new(true, null, null);
        }
        catch (EthereumRpcException refused) when (refused.Code is not null && !refused.IsTransient)
        {
            return new(false, refused.RevertData, refused.NodeMessage);
        }
    }
}
