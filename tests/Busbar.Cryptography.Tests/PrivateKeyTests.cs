namespace Busbar.Cryptography.Tests;

public sealed class PrivateKeyTests
{
    [Fact]
    public void Sign_AnyDigest_RecoversToItsAddress()
    {
        using var key = PrivateKey.FromSeed("house 1"u8);
        var digest = Keccak256.Hash("reading"u8);

        var signature = Signature.FromBytes(key.Sign(digest).ToArray());

        Assert.True(Secp256k1.TryRecover(digest, signature, out var signer));
        Assert.Equal(key.Address, signer);
        Assert.True(Secp256k1.Verify(digest, signature, key.PublicKey));
        Assert.False(Secp256k1.Verify(Keccak256.Hash("another"u8), signature, key.PublicKey));
    }

    [Fact]
    public void Address_SecretOne_IsTheKnownAddress()
    {
        var secret = new byte[32];
        secret[31] = 1;

        using var key = PrivateKey.FromBytes(secret);

        Assert.Equal("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf", key.Address.ToString());
    }
}
