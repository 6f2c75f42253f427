using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Busbar.Ethereum.Rlp;

namespace Busbar.Ethereum.Tests.Rlp;

public sealed class RlpVectorTests
{
    [DataFact]
    public void Encode_EthereumVectors_GivesTheirBytes()
    {
        var cases = Vectors.Ethereum("RLPTests", "rlptest.json").EnumerateObject().ToList();

        Assert.NotEmpty(cases);
        Assert.All(cases, c =>
        {
            var expected = Vectors.Bytes(c.Value.GetProperty("out"));
            Assert.Equal(expected, FromJson(c.Value.GetProperty("in")).Encode());
            Assert.Equal(expected, RlpItem.Decode(expected).Encode());
        });
    }

    [DataFact]
    public void Decode_EthereumInvalidVectors_RefusesEachByName()
    {
        var cases = Vectors.Ethereum("RLPTests", "invalidRLPTest.json").EnumerateObject().ToList();

        Assert.NotEmpty(cases);
        Assert.All(cases, c =>
        {
            var refused = Assert.Throws<RlpException>(() => RlpItem.Decode(Vectors.Bytes(c.Value.GetProperty("out"))));
            Assert.NotEqual(RlpError.None, refused.Error);
        });
    }

    [DataFact]
    public void Decode_EthereumRandomVectors_RoundTrips()
    {
        foreach (var c in Vectors.Ethereum("RLPTests", "RandomRLPTests", "example.json").EnumerateObject())
        {
            var encoded = Vectors.Bytes(c.Value.GetProperty("out"));
            Assert.Equal(encoded, RlpItem.Decode(encoded).Encode());
        }
    }

    [DataFact]
    public void Codec_EthersVectors_BothWays()
    {
        foreach (var c in Vectors.Ethers("rlp").EnumerateArray())
        {
            var encoded = Vectors.Bytes(c.GetProperty("encoded"));
            Assert.Equal(encoded, FromHex(c.GetProperty("decoded")).Encode());
            Assert.Equal(encoded, RlpItem.Decode(encoded).Encode());
        }
    }

    // The Ethereum files write text as itself, small integers as numbers and great ones as "#" and digits.
    private static RlpItem FromJson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => RlpItem.List([.. value.EnumerateArray().Select(FromJson)]),
        JsonValueKind.Number => FromInteger(value.GetInt64()),
        _ when value.GetString()!.StartsWith('#') => FromInteger(BigInteger.Parse(value.GetString()![1..], CultureInfo.InvariantCulture)),
        _ => RlpItem.Of(Encoding.Latin1.GetBytes(value.GetString()!)),
    };

    private static RlpItem FromInteger(BigInteger value) =>
        RlpItem.Of(value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true));

    private static RlpItem FromHex(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? RlpItem.List([.. value.EnumerateArray().Select(FromHex)])
        : RlpItem.Of(Vectors.Bytes(value));
}
