using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Journal;

namespace Busbar.Node.Rpc;

/// <summary>An error as it is answered.</summary>
/// <param name="Code">One of <see cref="RpcCodes"/>, or the node's own.</param>
/// <param name="Message">What happened, for a person.</param>
/// <param name="Data">Its name, and of a revert the contract's error with its values.</param>
internal sealed record RpcError(int Code, string Message, JsonObject Data)
{
    public static RpcError Of(string name, int code, string message) => new(code, message, new JsonObject { ["name"] = name });

    /// <summary>The answer to a failure that is expected here; null for a bug.</summary>
    public static RpcError? Of(Exception failure) => failure switch
    {
        RpcRefusedException refused => Of(refused.Name, refused.Code, refused.Message),
        EthereumRpcException { RevertData: { Length: > 0 } revert } => Reverted(revert),
        EthereumRpcException { Code: RpcCodes.Reverted } =>
            Of("Reverted", RpcCodes.Reverted, "execution reverted: the contract gives no reason"),
        EthereumRpcException { Code: { } code, NodeMessage: { } words } => Of("RefusedByLedger", code, words),
        EthereumRpcException or EngineException or ChainException =>
            Of("LedgerUnavailable", RpcCodes.Unavailable, "the ledger does not answer at the moment; nothing was sent, try again"),
        StoreException => Of("NotWritten", RpcCodes.Internal, "the node cannot write to its disk; the transaction was not taken"),
        _ => null,
    };

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("code", Code);
        writer.WriteString("message", Message);
        writer.WritePropertyName("data");
        Data.WriteTo(writer);
        writer.WriteEndObject();
    }

    // Libraries of wallets look for the raw bytes in data.data, and for the word "reverted" beside them.
    private static RpcError Reverted(ReadOnlyMemory<byte> revert)
    {
        var raw = HexText.Encode(revert.Span);
        if (ContractErrors.Decode(revert) is not { } error)
        {
            var unknown = $"execution reverted with an error of no contract of this community: {raw[..Math.Min(raw.Length, 10)]}";
            return new(RpcCodes.Reverted, unknown, new JsonObject { ["name"] = "Reverted", ["message"] = unknown, ["data"] = raw });
        }

        var message = $"execution reverted: {ContractErrors.Explain(error)}";
        var arguments = new JsonObject();
        foreach (var (name, value) in ContractErrors.Arguments(error))
            arguments[name] = value;
        return new(RpcCodes.Reverted, message, new JsonObject
        {
            ["name"] = ContractErrors.NameOf(error),
            ["signature"] = error.ErrorSignature,
            ["arguments"] = arguments,
            ["message"] = message,
            ["data"] = raw,
        });
    }
}
