using System.Buffers;
using System.Text.Json;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>JSON-RPC 2.0 messages as bytes. Answers are matched to requests by id, whatever their order.</summary>
internal static class JsonRpcWire
{
    public static ReadOnlyMemory<byte> Write(JsonRpcRequest request, long id)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, request, id);
        return buffer.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Write(JsonRpcRequest[] requests, long firstId)
    {
        var buffer = new ArrayBufferWriter<byte>(256 * requests.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            for (var i = 0; i < requests.Length; i++)
                Write(writer, requests[i], firstId + i);
            writer.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    public static JsonElement Parse(byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            var element = JsonElement.ParseValue(ref reader);
            return reader.Read() ? throw EthereumRpcException.Malformed("more than one JSON value") : element;
        }
        catch (JsonException failed)
        {
            throw EthereumRpcException.Malformed("not JSON", failed);
        }
    }

    public static JsonRpcResponse ReadOne(JsonElement answer, JsonRpcRequest request, long id)
    {
        if (answer.ValueKind != JsonValueKind.Object)
            throw EthereumRpcException.Malformed("not an object");
        // An error before the request could be read has no id.
        if (ReadId(answer) is { } named && named != id)
            throw EthereumRpcException.Malformed($"answers request {named} instead of {id}");
        return ReadResponse(answer, request.Method);
    }

    public static JsonRpcResponse[] ReadBatch(JsonElement answer, JsonRpcRequest[] requests, long firstId)
    {
        // A batch refused as a whole is answered with one error.
        if (answer.ValueKind == JsonValueKind.Object)
            _ = ReadResponse(answer, "batch").Result;
        if (answer.ValueKind != JsonValueKind.Array)
            throw EthereumRpcException.Malformed("not an array");
        var responses = new JsonRpcResponse?[requests.Length];
        foreach (var one in answer.EnumerateArray())
        {
            var index = one.ValueKind == JsonValueKind.Object ? ReadId(one) - firstId : null;
            if (index is null || index < 0 || index >= requests.Length)
                throw EthereumRpcException.Malformed("answers a request that was not in the batch");
            if (responses[index.Value] is not null)
                throw EthereumRpcException.Malformed($"answers request {index + firstId} twice");
            responses[index.Value] = ReadResponse(one, requests[index.Value].Method);
        }

        var missing = Array.IndexOf(responses, null);
        return missing < 0 ? [.. responses.Select(r => r!)] : throw EthereumRpcException.Malformed($"no answer to request {missing + firstId}");
    }

    private static void Write(Utf8JsonWriter writer, JsonRpcRequest request, long id)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WriteNumber("id", id);
        writer.WriteString("method", request.Method);
        writer.WritePropertyName("params");
        request.Parameters.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static long? ReadId(JsonElement answer) =>
        answer.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var value) ? value : null;

    private static JsonRpcResponse ReadResponse(JsonElement answer, string method)
    {
        if (answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            var code = error.TryGetProperty("code", out var number) && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt32(out var known) ? known : 0;
            var message = error.TryGetProperty("message", out var text) && text.ValueKind == JsonValueKind.String
                ? text.GetString()! : "no message";
            var data = error.TryGetProperty("data", out var found) ? found : (JsonElement?)null;
            return new JsonRpcResponse(new EthereumRpcException(method, code, message, data));
        }

        return answer.TryGetProperty("result", out var result)
            ? new JsonRpcResponse(result)
            : throw EthereumRpcException.Malformed("neither result nor error");
    }
}
