using System.Text.Json;

namespace Busbar.Node.Rpc;

/// <summary>One request of the JSON-RPC 2.0 kind.</summary>
/// <param name="Method">Its method, as it was spelled.</param>
/// <param name="Parameters">Its parameters.</param>
internal readonly record struct RpcRequest(string Method, RpcParameters Parameters)
{
    private const int LongestId = 100;

    /// <summary>The id to answer with; null where there is none that can be repeated.</summary>
    public static JsonElement? IdOf(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object || !request.TryGetProperty("id", out var id))
            return null;
        var fits = id.ValueKind is JsonValueKind.String or JsonValueKind.Number && id.GetRawText().Length <= LongestId;
        return fits && (id.ValueKind == JsonValueKind.Number || TextOf(id) is not null) ? id : null;
    }

    /// <exception cref="RpcRefusedException">It is no such request; the name tells why.</exception>
    public static RpcRequest Read(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
            throw RpcRefusedException.Request("NotARequest", "a request is an object with jsonrpc, id, method and params");
        if (!request.TryGetProperty("jsonrpc", out var version) || version.ValueKind != JsonValueKind.String || TextOf(version) is not "2.0")
            throw RpcRefusedException.Request("WrongVersion", "jsonrpc is \"2.0\"");
        if (!request.TryGetProperty("id", out var id))
            throw RpcRefusedException.Request("NoId", "every request here has an id: what nobody waits for is not done");
        if (id.ValueKind != JsonValueKind.Null && IdOf(request) is null)
            throw RpcRefusedException.Request("WrongId", $"an id is a number, a text of at most {LongestId - 2} bytes, or null");
        if (!request.TryGetProperty("method", out var method) || method.ValueKind != JsonValueKind.String || TextOf(method) is not { } name)
            throw RpcRefusedException.Request("NoMethod", "method is the text of a method's name");
        return new(name, new(request.TryGetProperty("params", out var parameters) ? parameters : default));
    }

    // Half of a surrogate pair is valid JSON and no text.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
