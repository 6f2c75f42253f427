namespace Busbar.Cryptography.Tests;

public sealed class PrivateKeyTests
{
    private static readonly Hash256 Digest = Keccak256.Hash("reading"u8);

    [Fact]
    public void Sign_AnyDigest_RecoversToItsAddress()
    {
        using var key = PrivateKey.Generate();

        var signature = Signature.FromBytes(key.Sign(Digest).ToArray());

        Assert.True(Secp256k1.TryRecover(Digest, signature, out var signer));
        Assert.Equal(key.Address, signer);
        Assert.True(Secp256k1.Verify(Digest, signature, key.PublicKey));
        Assert.True(Secp256k1.Verify(Digest, signature, key.Address));
        Assert.False(Secp256k1.Verify(Keccak256.Hash("another"u8), signature, key.PublicKey));
        Assert.False(Secp256k1.Verify(Keccak256.Hash("another"u8), signature, key.Address));
    }

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("0x01")]
    public void FromBytes_OutOfRange_Throws(string secret) =>
        Assert.Throws<ArgumentException>(() => PrivateKey.FromBytes(HexText.Decode(secret)));

    [Fact]
    public void FromSeed_SameSeed_SameKeyForEver()
    {
        using var key = PrivateKey.FromSeed("house 1"u8);
        using var other = PrivateKey.FromSeed("house 2"u8);

        Assert.Equal(Keccak256.HashPair("Busbar simulated key v1\0"u8, "house 1"u8).ToArray(), key.ExportBytes());
        Assert.NotEqual(key.Address, other.Address);
    }

    [Fact]
    public void ToString_Key_ShowsNoSecret()
    {
        using var key = PrivateKey.FromSeed("house 1"u8);

        Assert.DoesNotContain(Convert.ToHexString(key.ExportBytes()), key.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(key.Address.ToString(), key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_Key_SignsAndExportsNoMore()
    {
        var key = PrivateKey.FromSeed("house 1"u8);
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Sign(Digest));
        Assert.Throws<ObjectDisposedException>(key.ExportBytes);
    }
}
