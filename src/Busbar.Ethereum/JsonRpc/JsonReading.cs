using System.Numerics;
using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>Reads the parts of a node's answer, each strictly, naming the member that is wrong.</summary>
internal static class JsonReading
{
    extension(JsonElement element)
    {
        public bool IsNull => element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

        public JsonElement Member(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member)
                ? member
                : throw EthereumRpcException.Malformed($"no {name}");

        public JsonElement Optional(string name)
        {
            if (element.ValueKind != JsonValueKind.Object)
                throw EthereumRpcException.Malformed($"no object around {name}");
            return element.TryGetProperty(name, out var member) ? member : default;
        }

        public string Text(string what) =>
            element.ValueKind == JsonValueKind.String ? element.GetString()! : throw EthereumRpcException.Malformed($"{what} is no text");

        public ulong UInt64(string what) =>
            Quantity.TryParse(element.Text(what), out ulong value) ? value : throw EthereumRpcException.Malformed($"{what} is no 64-bit quantity");

        public BigInteger UInt256(string what) =>
            Quantity.TryParse(element.Text(what), out BigInteger value) ? value : throw EthereumRpcException.Malformed($"{what} is no quantity");

        public Hash256 Hash(string what) =>
            Hash256.TryParse(element.Text(what), out var value) ? value : throw EthereumRpcException.Malformed($"{what} is no hash");

        public Address Address(string what) =>
            Cryptography.Address.TryParse(element.Text(what), out var value) ? value : throw EthereumRpcException.Malformed($"{what} is no address");

        public byte[] Bytes(string what) =>
            HexText.TryDecode(element.Text(what), out var value) ? value : throw EthereumRpcException.Malformed($"{what} is no hex data");

        public IReadOnlyList<T> List<T>(string what, Func<JsonElement, T> read) =>
            element.ValueKind == JsonValueKind.Array
                ? [.. element.EnumerateArray().Select(read)]
                : throw EthereumRpcException.Malformed($"{what} is no list");

        public bool Boolean(string what) => element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw EthereumRpcException.Malformed($"{what} is neither true nor false"),
        };
    }
}
