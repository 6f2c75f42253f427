using System.Numerics;
using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ethereum.Abi;

namespace Busbar.Ethereum.Tests.Abi;

public sealed class AbiVectorTests
{
    [DataFact]
    public void Codec_EthereumBasicVectors_BothWays()
    {
        foreach (var c in Vectors.Ethereum("ABITests", "basic_abi_tests.json").EnumerateObject())
        {
            var types = Types(c.Value.GetProperty("types"));
            var values = c.Value.GetProperty("args").EnumerateArray().Select((v, i) => Value(types[i], v)).ToArray();
            var expected = Vectors.Bytes(c.Value.GetProperty("result"));

            Assert.Equal(expected, AbiCodec.Encode(types, values));
            Assert.Equal(expected, AbiCodec.Encode(types, AbiCodec.Decode(types, expected)));
        }
    }

    [DataFact]
    public void Packed_EthersSolidityHashes_Agree()
    {
        var count = 0;
        foreach (var c in Vectors.Ethers("solidity-hashes").EnumerateArray())
        {
            var types = Types(c.GetProperty("types"));
            var values = c.GetProperty("values").EnumerateArray().Select((v, i) => Value(types[i], v)).ToArray();

            Assert.Equal(c.GetProperty("keccak256").GetString(), Keccak256.Hash(AbiPacked.Encode(types, values)).ToString());
            var encoded = AbiCodec.Encode(types, values);
            Assert.Equal(encoded, AbiCodec.Encode(types, AbiCodec.Decode(types, encoded)));
            count++;
        }

        Assert.True(count > 2000, $"{count} cases");
    }

    private static AbiType[] Types(JsonElement names) => [.. names.EnumerateArray().Select(t => AbiType.Parse(t.GetString()!))];

    private static object Value(AbiType type, JsonElement json) => type.Kind switch
    {
        AbiKind.UInt or AbiKind.Int => Integer(type, json),
        AbiKind.Bool => json.GetBoolean(),
        AbiKind.Address => Address.Parse(json.GetString()),
        AbiKind.String => json.GetString()!,
        AbiKind.Array or AbiKind.FixedArray => json.EnumerateArray().Select(e => Value(type.Element!, e)).ToArray(),
        _ when json.GetString()!.StartsWith("0x", StringComparison.Ordinal) => Vectors.Bytes(json),
        _ => Encoding.UTF8.GetBytes(json.GetString()!),
    };

    // ethers writes negative numbers as "-0x…" and takes a word with its top bit set as it stands.
    private static BigInteger Integer(AbiType type, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Number)
            return json.GetInt64();
        var text = json.GetString()!;
        var negative = text.StartsWith('-');
        var digits = text.TrimStart('-')[2..];
        var value = new BigInteger(Convert.FromHexString(digits.Length % 2 == 0 ? digits : "0" + digits), isUnsigned: true, isBigEndian: true);
        if (negative)
            return -value;
        return type.Kind == AbiKind.Int && value >> (type.Size - 1) != 0 ? value - (BigInteger.One << type.Size) : value;
    }
}
