namespace Busbar.Cryptography.Tests;

public sealed class AddressTests
{
    private const string Checksummed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    [DataFact]
    public void ToString_Eip55Examples_CarryTheChecksum()
    {
        var cases = Vectors.Read("eip_examples.json")["eip55"]!["checksummed"]!.AsArray();
        Assert.NotEmpty(cases);
        foreach (var text in cases.Select(node => (string)node!))
        {
            Assert.Equal(text, Address.Parse(text).ToString());
            Assert.Equal(text.ToLowerInvariant(), Address.Parse(text).ToLowerHex());
        }
    }

    [DataFact]
    public void FromPrivateKey_EthersAccounts_Match()
    {
        var cases = Vectors.Read("ethers_testcases", "accounts.json.gz").AsArray().Where(test => test!["privateKey"] is not null).ToArray();
        Assert.NotEmpty(cases);
        var managed = new byte[64];
        foreach (var test in cases)
        {
            var secret = HexText.Decode(Vectors.Text(test!, "privateKey"));
            using var key = PrivateKey.FromBytes(secret);
            Assert.Equal(Vectors.Text(test!, "address"), key.Address.ToString());
            Curves.Managed.CreatePublicKey(secret, managed);
            Assert.Equal(key.Address, Address.FromPublicKey(managed));
        }
    }

    [Fact]
    public void TryParse_OneCase_NeedsNoChecksum()
    {
        var expected = Address.Parse(Checksummed);

        Assert.Equal(expected, Address.Parse(Checksummed.ToLowerInvariant()));
        Assert.Equal(expected, Address.Parse("0x" + Checksummed[2..].ToUpperInvariant()));
    }

    [Theory]
    [InlineData("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg")]
    [InlineData(" 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("")]
    public void TryParse_WrongText_IsRefused(string text)
    {
        Assert.False(Address.TryParse(text, out var address));
        Assert.True(address.IsZero);
        Assert.Throws<FormatException>(() => Address.Parse(text));
    }

    [Fact]
    public void CompareTo_LaterByteGreater_IsAfter()
    {
        var low = Address.Parse("0x00000000000000000000000000000000000000fe");
        var high = Address.Parse("0x00000000000000000000000000000000000000ff");
        var highest = Address.Parse("0x8000000000000000000000000000000000000000");

        Assert.True(low < high && high < highest && highest > low);
        Assert.Equal([low, high, highest], new[] { highest, low, high }.Order());
    }

    [Fact]
    public void Constructor_Bytes_RoundTrip()
    {
        var bytes = Enumerable.Range(1, 20).Select(i => (byte)i).ToArray();

        Assert.Equal(bytes, new Address(bytes).ToArray());
        Assert.Throws<ArgumentException>(() => new Address(new byte[21]));
    }
}
