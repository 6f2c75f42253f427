using System.Text.Json;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Node.Rpc;

/// <summary>A block that a question names.</summary>
/// <param name="Tag">A tag, or null for a number.</param>
/// <param name="Number">The number where there is no tag.</param>
internal readonly record struct RpcBlock(string? Tag, ulong Number)
{
    public static RpcBlock Latest { get; } = new("latest", 0);

    public bool IsPending => Tag is "pending";

    public static RpcBlock Read(JsonElement value, string what)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
            return Latest;
        if (value.ValueKind == JsonValueKind.Object)
            throw RpcRefusedException.Parameter("WrongBlock", $"{what} names a block by tag or number; objects are not taken");
        var text = RpcValue.Text(value, what);
        return text switch
        {
            "latest" or "pending" or "safe" or "finalized" or "earliest" => new(text, 0),
            _ when Quantity.TryParse(text, out ulong number) => new(null, number),
            _ => throw RpcRefusedException.Parameter(
                "WrongBlock", $"{what} is no block: latest, safe, finalized, pending, earliest, or a number such as 0x1f"),
        };
    }

    /// <summary>The form for the wire.</summary>
    public override string ToString() => Tag ?? Quantity.Format(Number);
}
