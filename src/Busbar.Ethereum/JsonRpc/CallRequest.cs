using System.Numerics;
using System.Text.Json.Nodes;
using Busbar.Cryptography;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>A call to try without sending it.</summary>
public sealed record CallRequest
{
    /// <summary>Who calls; null for nobody in particular.</summary>
    public Address? From { get; init; }

    /// <summary>The contract; null to try a deployment.</summary>
    public Address? To { get; init; }

    /// <summary>Call data, or deploying code.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What is sent along, in wei.</summary>
    public BigInteger Value { get; init; }

    /// <summary>The most gas it may use; null for the node's own limit.</summary>
    public ulong? GasLimit { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["data"] = HexText.Encode(Data.Span) };
        if (From is { } from)
            json["from"] = from.ToLowerHex();
        if (To is { } to)
            json["to"] = to.ToLowerHex();
        if (!Value.IsZero)
            json["value"] = Quantity.Format(Value);
        if (GasLimit is { } gas)
            json["gas"] = Quantity.Format(gas);
        return json;
    }
}
