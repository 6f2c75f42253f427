using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Node.Rpc;

/// <summary>A call to try, checked and written anew: what is not known here does not reach the engine.</summary>
internal static class RpcCallForm
{
    /// <summary>The most gas that a tried call may use; asking for more gets this much, as on other nodes.</summary>
    public const ulong MostGas = 30_000_000;

    // What wallets send along that changes nothing where gas costs nothing, or is the node's to find out.
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "nonce", "chainId", "type", "accessList",
    };

    public static JsonObject Read(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object)
            throw RpcRefusedException.Parameter("NoCall", "parameter 1 is an object with from, to, data, value and gas");
        var form = new JsonObject { ["gas"] = Quantity.Format(MostGas) };
        foreach (var member in call.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            switch (member.Name)
            {
                case "from" or "to":
                    form[member.Name] = RpcValue.Address(member.Value, member.Name).ToLowerHex();
                    break;
                case "gas":
                    form["gas"] = Quantity.Format(Math.Min(MostGas, RpcValue.Number(member.Value, member.Name)));
                    break;
                case "value":
                    form["value"] = Quantity.Format(RpcValue.Amount(member.Value, member.Name));
                    break;
                case "data" or "input":
                    SetData(form, HexText.Encode(RpcValue.Bytes(member.Value, member.Name)));
                    break;
                case var other when !Ignored.Contains(other):
                    throw RpcRefusedException.Parameter(
                        "UnknownMember", "a call has from, to, data, value and gas; another member was given");
            }
        }

        return form;
    }

    // "input" is the newer word for "data"; some senders give both.
    private static void SetData(JsonObject form, string data)
    {
        if (form.TryGetPropertyValue("data", out var given) && given!.GetValue<string>() != data)
            throw RpcRefusedException.Parameter("DataTwice", "data and input differ; give one of them");
        form["data"] = data;
    }
}
