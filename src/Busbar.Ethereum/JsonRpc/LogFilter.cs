using System.Text.Json.Nodes;
using Busbar.Cryptography;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>Which logs to ask for.</summary>
public sealed record LogFilter
{
    /// <summary>The first block, inclusive. Default: the newest.</summary>
    public BlockTag From { get; init; }

    /// <summary>The last block, inclusive. Default: the newest.</summary>
    public BlockTag To { get; init; }

    /// <summary>The one block to look at instead of a span; sure to be that block even while the chain reorganises.</summary>
    public Hash256? BlockHash { get; init; }

    /// <summary>The contracts; none means any.</summary>
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    /// <summary>For each topic in turn what it may be; an empty list means anything.</summary>
    public IReadOnlyList<IReadOnlyList<Hash256>> Topics { get; init; } = [];

    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        if (BlockHash is { } block)
        {
            json["blockHash"] = block.ToString();
        }
        else
        {
            json["fromBlock"] = From.ToString();
            json["toBlock"] = To.ToString();
        }

        if (Addresses.Count > 0)
            json["address"] = new JsonArray([.. Addresses.Select(a => JsonValue.Create(a.ToLowerHex()))]);
        if (Topics.Count > 0)
            json["topics"] = new JsonArray([.. Topics.Select(Alternatives)]);
        return json;
    }

    private static JsonArray? Alternatives(IReadOnlyList<Hash256> topics) =>
        topics.Count == 0 ? null : new JsonArray([.. topics.Select(t => JsonValue.Create(t.ToString()))]);
}
