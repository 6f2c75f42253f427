using System.Text.Json;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>The answer to one request of a batch: a result, or the node's refusal.</summary>
public sealed class JsonRpcResponse
{
    private readonly JsonElement _result;

    internal JsonRpcResponse(JsonElement result) => _result = result;

    internal JsonRpcResponse(EthereumRpcException error) => Error = error;

    /// <summary>The refusal; null where there is a result.</summary>
    public EthereumRpcException? Error { get; }

    /// <summary>The result.</summary>
    /// <exception cref="EthereumRpcException">The request was refused.</exception>
    public JsonElement Result => Error is null ? _result : throw Error;
}
