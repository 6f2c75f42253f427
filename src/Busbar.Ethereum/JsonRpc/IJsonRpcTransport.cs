using System.Text.Json;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>Carries JSON-RPC requests to a node. Thread safe.</summary>
public interface IJsonRpcTransport
{
    /// <summary>Sends one request and returns its result.</summary>
    /// <exception cref="EthereumRpcException">The node refused it, could not be reached or answered nonsense.</exception>
    Task<JsonElement> CallAsync(JsonRpcRequest request, CancellationToken cancellationToken);

    /// <summary>Sends requests together; the answers stand in the order of the requests, refusals among them.</summary>
    /// <exception cref="EthereumRpcException">The node could not be reached, answered nonsense, or refused them as a whole.</exception>
    Task<IReadOnlyList<JsonRpcResponse>> CallAsync(IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellationToken);
}
