namespace Busbar.Cryptography.Tests;

public sealed class Keccak256Tests
{
    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    public void Hash_KnownText_KnownHash(string text, string expected) =>
        Assert.Equal(expected, Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(text)).ToString());

    [DataFact]
    public void Hash_EthersVectors_Match()
    {
        var cases = Vectors.Read("ethers_testcases", "hashes.json.gz").AsArray();
        Assert.NotEmpty(cases);
        foreach (var test in cases)
            Assert.Equal(Vectors.Text(test!, "keccak256"), Keccak256.Hash(HexText.Decode(Vectors.Text(test!, "data"))).ToString());
    }

    [Fact]
    public void HashPair_EveryCutOfEveryLength_EqualsTheWhole()
    {
        var bytes = Enumerable.Range(0, 300).Select(i => (byte)(i % 251)).ToArray();
        for (var length = 0; length <= bytes.Length; length += 13)
        {
            var whole = Keccak256.Hash(bytes.AsSpan(0, length));
            for (var cut = 0; cut <= length; cut++)
                Assert.Equal(whole, Keccak256.HashPair(bytes.AsSpan(0, cut), bytes.AsSpan(cut, length - cut)));
        }
    }

    [Fact]
    public void Hash_IntoItsOwnInput_IsTheHash()
    {
        var bytes = new byte[32];
        var expected = Keccak256.Hash(bytes);

        Keccak256.Hash(bytes, bytes);

        Assert.Equal(expected, new Hash256(bytes));
    }

    [Fact]
    public void Hash_DestinationTooShort_Throws() =>
        Assert.Throws<ArgumentException>(() => Keccak256.Hash([1], new byte[31]));
}
