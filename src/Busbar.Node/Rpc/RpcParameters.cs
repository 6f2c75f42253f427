using System.Globalization;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Node.Rpc;

/// <summary>A request's parameters by their places, each read strictly; what is wrong is refused with its place.</summary>
internal readonly struct RpcParameters
{
    private readonly JsonElement _list;

    /// <param name="list">A list, or nothing.</param>
    /// <exception cref="RpcRefusedException">It is something else.</exception>
    public RpcParameters(JsonElement list)
    {
        if (list.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Array or JsonValueKind.Null))
            throw RpcRefusedException.Parameter("NotAList", "params is a list");
        _list = list;
    }

    public int Count => _list.ValueKind == JsonValueKind.Array ? _list.GetArrayLength() : 0;

    /// <summary>A parameter; undefined where it is missing or null.</summary>
    public JsonElement this[int place] => place < Count && _list[place] is { ValueKind: not JsonValueKind.Null } found ? found : default;

    /// <summary>Refuses parameters beyond the last one that means something.</summary>
    public RpcParameters AtMost(int count)
    {
        for (var place = count; place < Count; place++)
        {
            if (this[place].ValueKind != JsonValueKind.Undefined)
                throw RpcRefusedException.Parameter("TooManyParameters", $"{Name(place)} is one too many for this method");
        }

        return this;
    }

    public Address Address(int place) => RpcValue.Address(this[place], Name(place));

    public Hash256 Hash(int place) => RpcValue.Hash(this[place], Name(place));

    public byte[] Bytes(int place) => RpcValue.Bytes(this[place], Name(place));

    public ulong Number(int place) => RpcValue.Number(this[place], Name(place));

    /// <summary>A storage slot: 32 bytes, or a quantity without leading zeros.</summary>
    public string Slot(int place)
    {
        var text = RpcValue.Text(this[place], Name(place));
        return Hash256.TryParse(text, out _) || Quantity.TryParse(text, out System.Numerics.BigInteger _)
            ? text
            : throw RpcRefusedException.Parameter("WrongSlot", $"{Name(place)} is no storage slot");
    }

    /// <summary>True or false; false where it is missing.</summary>
    public bool Flag(int place) => this[place].ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Undefined => false,
        _ => throw RpcRefusedException.Parameter("WrongFlag", $"{Name(place)} is true or false"),
    };

    /// <summary>A block by tag or number; the newest where it is missing.</summary>
    public RpcBlock Block(int place) => RpcBlock.Read(this[place], Name(place));

    private static string Name(int place) => string.Create(CultureInfo.InvariantCulture, $"parameter {place + 1}");
}
