namespace Busbar.Cryptography.Tests;

public sealed class Hash256Tests
{
    [Fact]
    public void Constructor_Bytes_RoundTrip()
    {
        var bytes = Enumerable.Range(1, 32).Select(i => (byte)i).ToArray();
        var hash = new Hash256(bytes);

        Assert.Equal(bytes, hash.ToArray());
        Assert.Equal("0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", hash.ToString());
        Assert.Equal(hash, Hash256.Parse(hash.ToString().ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal)));
        Assert.Throws<ArgumentException>(() => new Hash256(new byte[31]));
    }

    [Fact]
    public void Equals_OneBitOfAnyByteDiffers_IsFalse()
    {
        var bytes = new byte[32];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = 1;
            var hash = new Hash256(bytes);
            Assert.True(hash != Hash256.Zero && !hash.IsZero && hash > Hash256.Zero);
            Assert.Equal(hash, new Hash256(bytes));
            bytes[i] = 0;
        }

        Assert.True(new Hash256(bytes).IsZero);
    }

    [Theory]
    [InlineData("0x0102")]
    [InlineData("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20")]
    [InlineData("0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2")]
    [InlineData("0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2 ")]
    public void TryParse_WrongText_IsRefused(string text) => Assert.False(Hash256.TryParse(text, out _));
}
