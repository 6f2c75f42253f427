using System.Text.Json;
using System.Text.Json.Nodes;

namespace Busbar.Node.Rpc;

/// <summary>Calls that are tried and not sent. State and blocks cannot be overridden: what is answered is what stands.</summary>
internal sealed class RpcCalls(RpcLedger ledger)
{
    public async Task<JsonElement> CallAsync(RpcParameters parameters, CancellationToken cancellation)
    {
        var call = Read(parameters);
        var block = await ledger.StateTagAsync(parameters.Block(1), cancellation);
        return await AskAsync("eth_call", call, block, cancellation);
    }

    public async Task<JsonElement> EstimateAsync(RpcParameters parameters, CancellationToken cancellation)
    {
        var call = Read(parameters);
        var block = await ledger.StateTagAsync(parameters.Block(1), cancellation);
        return await AskAsync("eth_estimateGas", call, block, cancellation);
    }

    private static JsonObject Read(RpcParameters parameters)
    {
        for (var place = 2; place < parameters.Count; place++)
        {
            var isNothing = parameters[place] is { ValueKind: JsonValueKind.Undefined }
                || (parameters[place].ValueKind == JsonValueKind.Object && parameters[place].GetPropertyCount() == 0);
            if (!isNothing)
            {
                throw RpcRefusedException.Parameter(
                    "OverridesNotTaken", "a call is tried on the ledger as it stands; state and blocks cannot be overridden");
            }
        }

        return RpcCallForm.Read(parameters[0]);
    }

    private async Task<JsonElement> AskAsync(string method, JsonObject call, string block, CancellationToken cancellation)
    {
        if (!ledger.IsEngine)
            return await ledger.AskAsync(method, cancellation, call, block);
        var time = await ledger.NextBlockTimeAsync(cancellation);
        return await ledger.AskAsync(method, cancellation, call, block, new JsonObject(), new JsonObject { ["time"] = time });
    }
}
