using System.Text.Json;
using Busbar.Ethereum.TypedData;

namespace Busbar.Ethereum.Tests.TypedData;

public sealed class TypedMessageTests
{
    [DataFact]
    public void Digest_EthersVectors_Agrees()
    {
        var count = 0;
        foreach (var c in Vectors.Ethers("typed-data").EnumerateArray())
        {
            var message = TypedMessage.Create(
                c.GetProperty("types"), c.GetProperty("primaryType").GetString()!, c.GetProperty("domain"), c.GetProperty("data"));

            Assert.Equal(Vectors.Bytes(c.GetProperty("encoded")), message.EncodeStruct());
            Assert.Equal(c.GetProperty("digest").GetString(), message.Digest.ToString());
            count++;
        }

        Assert.True(count > 100, $"{count} cases");
    }

    [DataFact]
    public void Digest_EipMailExample_Agrees()
    {
        var example = Vectors.Eips().GetProperty("eip712_mail");

        var message = TypedMessage.Parse(example.GetProperty("typed_data"));

        Assert.Equal("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", message.DomainSeparator.ToString());
        Assert.Equal("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", message.StructHash.ToString());
        Assert.Equal("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", message.Digest.ToString());
    }

    [Theory]
    [InlineData("""{"A":[{"name":"x","type":"uint8"}]}""", """{"x":256}""")]
    [InlineData("""{"A":[{"name":"x","type":"uint8"}]}""", """{"x":1.5}""")]
    [InlineData("""{"A":[{"name":"x","type":"uint8"}]}""", """{"x":"one"}""")]
    [InlineData("""{"A":[{"name":"x","type":"uint8"}]}""", """{}""")]
    [InlineData("""{"A":[{"name":"x","type":"B"}]}""", """{"x":{}}""")]
    [InlineData("""{"A":[{"name":"x","type":"A"}]}""", """{"x":null}""")]
    [InlineData("""{"A":[{"name":"x","type":"bytes4"}]}""", """{"x":"0x010203"}""")]
    [InlineData("""{"A":[{"name":"x","type":"bool[2]"}]}""", """{"x":[true]}""")]
    [InlineData("""{"A":[{"name":"x","type":"]"}]}""", """{"x":[]}""")]
    [InlineData("""{"A":[{"name":"x","type":"address"}]}""", """{"x":"0x35"}""")]
    [InlineData("""{"A":[{"name":"x"}]}""", """{"x":1}""")]
    [InlineData("""{"B":[]}""", """{}""")]
    [InlineData("""[]""", """{}""")]
    public void Create_TypesAndMessageDoNotGoTogether_Refused(string types, string message) =>
        Assert.Throws<FormatException>(() => TypedMessage.Create(Json(types), "A", Json("{}"), Json(message)));

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
