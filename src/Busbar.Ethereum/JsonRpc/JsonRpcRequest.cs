using System.Text.Json.Nodes;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>A method of a node and its parameters.</summary>
/// <param name="Method">The method, such as <c>eth_chainId</c>.</param>
/// <param name="Parameters">The parameters in order; quantities as <see cref="Quantity"/> writes them.</param>
public sealed record JsonRpcRequest(string Method, JsonArray Parameters)
{
    /// <summary>A method with the given parameters.</summary>
    public static JsonRpcRequest Of(string method, params ReadOnlySpan<JsonNode?> parameters) => new(method, new JsonArray(parameters));
}
