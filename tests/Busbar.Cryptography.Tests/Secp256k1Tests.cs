namespace Busbar.Cryptography.Tests;

public sealed class Secp256k1Tests
{
    [Fact]
    public void Choose_Managed_IsManaged() => Assert.Equal("managed", Secp256k1.Choose("managed").Name);

    [NativeFact]
    public void Choose_NothingSaid_IsTheLibrary()
    {
        Assert.StartsWith("libsecp256k1", Secp256k1.Choose(null).Name, StringComparison.Ordinal);
        Assert.StartsWith("libsecp256k1", Secp256k1.Choose("native").Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_AnotherWord_Throws() => Assert.Throws<InvalidOperationException>(() => Secp256k1.Choose("fast"));

    [Fact]
    public void TryRecover_HighS_IsRefusedThoughItVerifies()
    {
        using var key = PrivateKey.FromSeed("house 1"u8);
        var digest = Keccak256.Hash("reading"u8);
        var low = key.Sign(digest);
        _ = Scalar.Read(low.S.ToArray(), out var s);
        var negated = new byte[32];
        s.Negate().Write(negated);
        var high = new Signature(low.R, new Hash256(negated), 1 - low.RecoveryId);

        Assert.True(Secp256k1.Verify(digest, high, key.PublicKey));
        Assert.False(Secp256k1.TryRecover(digest, high, out var signer));
        Assert.True(signer.IsZero);
        Assert.False(Secp256k1.Verify(digest, high, key.Address));
    }

    [Fact]
    public void TryRecover_DefaultSignature_IsNobodys() =>
        Assert.False(Secp256k1.TryRecover(Keccak256.Hash([]), default, out _));
}
