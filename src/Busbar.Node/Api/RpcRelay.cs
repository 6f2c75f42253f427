using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Ethereum.JsonRpc;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Api;

/// <summary>
/// The chain as JSON-RPC, for reading: a fixed list of methods and nothing else, so that a page can check a proof against the
/// chain itself.
/// </summary>
internal static class RpcRelay
{
    private const int MostBytes = 32 * 1024;

    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "eth_chainId", "net_version", "eth_blockNumber", "eth_call", "eth_getBlockByNumber", "eth_getBlockByHash", "eth_getCode",
        "eth_getTransactionByHash", "eth_getTransactionReceipt", "eth_getTransactionCount", "eth_getBalance", "eth_getStorageAt",
    };

    public static async Task<IResult> RelayAsync(NodeParts parts, HttpContext context, CancellationToken cancellation)
    {
        var body = new byte[MostBytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
        if (length > MostBytes)
            return Problems.Problem(StatusCodes.Status413PayloadTooLarge, "Oversized", $"a request has at most {MostBytes} bytes");
        try
        {
            using var request = JsonDocument.Parse(body.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = 16 });
            return await AnswerAsync(parts, request.RootElement, cancellation);
        }
        catch (JsonException)
        {
            return Error(null, -32700, "not JSON");
        }
    }

    private static async Task<IResult> AnswerAsync(NodeParts parts, JsonElement request, CancellationToken cancellation)
    {
        if (request.ValueKind != JsonValueKind.Object || !request.TryGetProperty("method", out var name) || name.ValueKind != JsonValueKind.String)
            return Error(null, -32600, "one request object with a method is taken; batches are not");
        JsonElement? id = request.TryGetProperty("id", out var given) ? given.Clone() : null;
        var method = name.GetString()!;
        if (!Allowed.Contains(method))
            return Error(id, -32601, "this method is not offered here");
        var parameters = request.TryGetProperty("params", out var list) && list.ValueKind == JsonValueKind.Array ? JsonArray.Create(list)! : [];
        try
        {
            var result = await parts.Chain!.Client.Transport.CallAsync(new JsonRpcRequest(method, parameters), cancellation);
            return Results.Json(new { jsonrpc = "2.0", id, result });
        }
        catch (EthereumRpcException exception)
        {
            return Error(id, exception.Code ?? -32603, exception.Message);
        }
    }

    private static IResult Error(JsonElement? id, int code, string message) =>
        Results.Json(new { jsonrpc = "2.0", id, error = new { code, message } });
}
