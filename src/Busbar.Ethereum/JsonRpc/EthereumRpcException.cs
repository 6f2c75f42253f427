using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>An Ethereum node refused a request, could not be reached, or answered nonsense. The one failure of this edge.</summary>
public sealed class EthereumRpcException : Exception
{
    // EIP-1474 and the usual providers: resource unavailable, limit exceeded, too many requests.
    private static readonly int[] TransientCodes = [-32002, -32005, 429];

    internal EthereumRpcException(string message, bool isTransient, Exception? innerException = null)
        : base(message, innerException) => IsTransient = isTransient;

    internal EthereumRpcException(string method, int code, string message, JsonElement? errorData)
        : base($"{method}: {message} ({code})")
    {
        Code = code;
        NodeMessage = message;
        ErrorData = errorData;
        IsTransient = TransientCodes.Contains(code);
        RevertData = FindRevertData(errorData);
    }

    /// <summary>The JSON-RPC error code; null where no such answer came.</summary>
    public int? Code { get; }

    /// <summary>The node's own words; null where no such answer came.</summary>
    public string? NodeMessage { get; }

    /// <summary>What the node sent along.</summary>
    public JsonElement? ErrorData { get; }

    /// <summary>What the contract reverted with, selector first; null where the error carries no such bytes.</summary>
    public ReadOnlyMemory<byte>? RevertData { get; }

    /// <summary>Whether the same request may pass later: no connection, no answer in time, a server's fault, a limit reached.</summary>
    public bool IsTransient { get; }

    internal static EthereumRpcException Malformed(string what, Exception? innerException = null) =>
        new($"the node's answer is malformed: {what}", isTransient: false, innerException);

    // Most nodes put the hex there as it is, some wrap it in an object, some put words before it.
    private static ReadOnlyMemory<byte>? FindRevertData(JsonElement? errorData)
    {
        if (errorData is not { } found)
            return null;
        if (found.ValueKind == JsonValueKind.Object && found.TryGetProperty("data", out var inner))
            found = inner;
        if (found.ValueKind != JsonValueKind.String)
            return null;
        var text = found.GetString().AsSpan();
        var start = text.LastIndexOf(' ') + 1;
        return HexText.TryDecode(text[start..], out var bytes) ? bytes : null;
    }
}
