using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Node.Rpc;

/// <summary>Which events are asked for.</summary>
/// <param name="From">The first block; null where a hash is given.</param>
/// <param name="To">The last block; null where a hash is given.</param>
/// <param name="Block">The one block by its hash.</param>
/// <param name="Addresses">Of which contracts; none for all.</param>
/// <param name="Topics">By place, what the topic may be; none for anything.</param>
internal sealed record RpcLogFilter(
    RpcBlock? From, RpcBlock? To, Hash256? Block, IReadOnlyList<Address> Addresses, IReadOnlyList<IReadOnlyList<Hash256>> Topics)
{
    private const int MostAddresses = 20;
    private const int MostTopics = 4;
    private const int MostAlternatives = 20;

    public static RpcLogFilter Read(JsonElement filter)
    {
        if (filter.ValueKind != JsonValueKind.Object)
            throw RpcRefusedException.Parameter("NoFilter", "parameter 1 is an object with fromBlock, toBlock, address and topics");
        var named = Member(filter, "blockHash");
        var hash = named.ValueKind == JsonValueKind.Undefined ? (Hash256?)null : RpcValue.Hash(named, "blockHash");
        var (from, to) = (Member(filter, "fromBlock"), Member(filter, "toBlock"));
        if (hash is not null && (from.ValueKind, to.ValueKind) != (JsonValueKind.Undefined, JsonValueKind.Undefined))
            throw RpcRefusedException.Parameter("WrongRange", "blockHash stands instead of fromBlock and toBlock");
        return new(
            hash is null ? RpcBlock.Read(from, "fromBlock") : null,
            hash is null ? RpcBlock.Read(to, "toBlock") : null,
            hash,
            OneOrMore(Member(filter, "address"), "address", MostAddresses, RpcValue.Address),
            ReadTopics(Member(filter, "topics")));
    }

    /// <summary>Whether topics are among those asked for.</summary>
    public bool Takes(IReadOnlyList<Hash256> topics)
    {
        for (var place = 0; place < Topics.Count; place++)
        {
            if (place >= topics.Count || (Topics[place].Count > 0 && !Topics[place].Contains(topics[place])))
                return false;
        }

        return true;
    }

    private static JsonElement Member(JsonElement filter, string name) =>
        filter.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : default;

    private static List<IReadOnlyList<Hash256>> ReadTopics(JsonElement list)
    {
        if (list.ValueKind == JsonValueKind.Undefined)
            return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostTopics)
            throw RpcRefusedException.Parameter("WrongTopics", "topics is a list of at most 4: each null, one hash, or a list of hashes");
        return [.. list.EnumerateArray().Select(ReadTopic)];
    }

    private static IReadOnlyList<Hash256> ReadTopic(JsonElement place) =>
        OneOrMore(place.ValueKind == JsonValueKind.Null ? default : place, "topics", MostAlternatives, RpcValue.Hash);

    private static IReadOnlyList<T> OneOrMore<T>(JsonElement value, string what, int most, Func<JsonElement, string, T> read)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
            return [];
        if (value.ValueKind != JsonValueKind.Array)
            return [read(value, what)];
        if (value.GetArrayLength() > most)
            throw RpcRefusedException.Parameter("FilterTooLong", $"{what} has too many alternatives: at most {MostAlternatives}");
        return [.. value.EnumerateArray().Select(one => read(one, what))];
    }
}
