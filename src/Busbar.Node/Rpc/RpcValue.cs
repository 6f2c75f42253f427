using System.Numerics;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Node.Rpc;

/// <summary>Single values as JSON-RPC writes them, read strictly.</summary>
internal static class RpcValue
{
    public static string Text(JsonElement value, string what)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
            throw RpcRefusedException.Parameter("Missing", $"{what} is missing");
        try
        {
            if (value.ValueKind == JsonValueKind.String)
                return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: no text.
        }

        throw RpcRefusedException.Parameter("NotText", $"{what} is a text that begins with 0x");
    }

    public static Address Address(JsonElement value, string what) =>
        Cryptography.Address.TryParse(Text(value, what), out var address)
            ? address
            : throw RpcRefusedException.Parameter(
                "WrongAddress", $"{what} is no address: 0x and 40 digits; mixed case must match its checksum");

    public static Hash256 Hash(JsonElement value, string what) =>
        Hash256.TryParse(Text(value, what), out var hash)
            ? hash
            : throw RpcRefusedException.Parameter("WrongHash", $"{what} is no hash: 0x and 64 digits");

    public static byte[] Bytes(JsonElement value, string what) =>
        HexText.TryDecode(Text(value, what), out var bytes)
            ? bytes
            : throw RpcRefusedException.Parameter("WrongData", $"{what} is no data: 0x and an even number of digits");

    public static ulong Number(JsonElement value, string what) =>
        Quantity.TryParse(Text(value, what), out ulong number)
            ? number
            : throw RpcRefusedException.Parameter(
                "WrongNumber", $"{what} is no number of at most 64 bits: 0x and digits without leading zeros");

    public static BigInteger Amount(JsonElement value, string what) =>
        Quantity.TryParse(Text(value, what), out BigInteger amount)
            ? amount
            : throw RpcRefusedException.Parameter(
                "WrongNumber", $"{what} is no number of at most 256 bits: 0x and digits without leading zeros");
}
