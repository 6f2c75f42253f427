using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Busbar.Cryptography.Tests;

/// <summary>What holds for every implementation of the curve.</summary>
public abstract class CurveTests
{
    private const string Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    private protected abstract ISecp256k1 Curve { get; }

    // Known answers, in wide use, of RFC 6979 with SHA-256 on this curve, s being the low one.
    protected void SignGivesTheKnownBytes()
    {
        (string Secret, string Text, string Proof)[] cases =
        [
            ("0000000000000000000000000000000000000000000000000000000000000001", "Satoshi Nakamoto",
                "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"),
            ("0000000000000000000000000000000000000000000000000000000000000001", "All those moments will be lost in time, like tears in rain. Time to die...",
                "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21"),
            ("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "Satoshi Nakamoto",
                "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d06b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5"),
            ("f8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181", "Alan Turing",
                "7063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c58dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759b9fb233c5b05ab388ea"),
        ];
        var proof = new byte[64];
        foreach (var (secret, text, expected) in cases)
        {
            _ = Curve.Sign(Convert.FromHexString(secret), SHA256.HashData(Encoding.ASCII.GetBytes(text)), proof);
            Assert.Equal(expected, Convert.ToHexStringLower(proof));
        }
    }

    protected void SignedDigestsComeBackToTheirKey()
    {
        var proof = new byte[64];
        var publicKey = new byte[64];
        var recovered = new byte[64];
        var halfOrder = Hash256.Parse("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
        for (var i = 0; i < 100; i++)
        {
            var secret = Keccak256.Hash(BitConverter.GetBytes(i)).ToArray();
            // Digests at and above the order are taken modulo the order.
            var digest = i switch { 0 => new byte[32], 1 => Convert.FromHexString(Order), 2 => Filled(0xFF), _ => SHA256.HashData(secret) };
            Curve.CreatePublicKey(secret, publicKey);
            var recoveryId = Curve.Sign(secret, digest, proof);
            Assert.True(Curve.TryRecover(digest, proof, recoveryId, recovered));
            Assert.Equal(publicKey, recovered);
            Assert.True(Curve.Verify(digest, proof, publicKey));
            Assert.True(new Hash256(proof.AsSpan(32)) <= halfOrder);
            proof[i % 64] ^= 1;
            Assert.False(Curve.Verify(digest, proof, publicKey));
        }
    }

    protected void NumbersOutOfRangeAreRefused()
    {
        var zero = new byte[32];
        var one = new byte[32];
        one[31] = 1;
        var order = Convert.FromHexString(Order);
        var digest = SHA256.HashData("digest"u8);
        var key = new byte[64];
        Curve.CreatePublicKey(one, key);
        foreach (var (r, s) in new[] { (zero, one), (one, zero), (order, one), (one, order), (Filled(0xFF), one), (one, Filled(0xFF)) })
        {
            byte[] proof = [.. r, .. s];
            Assert.False(Curve.TryRecover(digest, proof, 0, new byte[64]));
            Assert.False(Curve.Verify(digest, proof, key));
        }

        // No point has x = 5.
        one[31] = 5;
        Assert.False(Curve.TryRecover(digest, [.. one, .. one], 0, new byte[64]));
    }

    protected void KeysOffTheCurveVerifyNothing()
    {
        var secret = SHA256.HashData("secret"u8);
        var proof = new byte[64];
        var key = new byte[64];
        Curve.CreatePublicKey(secret, key);
        _ = Curve.Sign(secret, secret, proof);
        Assert.True(Curve.Verify(secret, proof, key));
        key[63] ^= 1;
        Assert.False(Curve.Verify(secret, proof, key));
        Assert.False(Curve.Verify(secret, proof, new byte[64]));
        Assert.False(Curve.Verify(secret, proof, [.. Filled(0xFF), .. Filled(0xFF)]));
    }

    /// <summary>A signature made so that u1 G + u2 R is the point at infinity belongs to nobody.</summary>
    protected void RecoveryToInfinityIsRefused()
    {
        // With R = G, s = digest: (s R - z G) / r is infinity.
        var order = BigInteger.Parse("0" + Order, System.Globalization.NumberStyles.HexNumber);
        var generator = new byte[64];
        var one = new byte[32];
        one[31] = 1;
        Curve.CreatePublicKey(one, generator);
        byte[] proof = [.. generator.AsSpan(0, 32), .. one];
        var oddY = generator[63] & 1;
        Assert.True(new BigInteger(generator.AsSpan(0, 32), isUnsigned: true, isBigEndian: true) < order);

        Assert.False(Curve.TryRecover(one, proof, oddY, new byte[64]));
        // The other parity gives -2 G / r.
        Assert.True(Curve.TryRecover(one, proof, 1 - oddY, new byte[64]));
    }

    private static byte[] Filled(byte value) => [.. Enumerable.Repeat(value, 32)];
}

public sealed class ManagedSecp256k1Tests : CurveTests
{
    private protected override ISecp256k1 Curve => Curves.Managed;

    [Fact]
    public void Sign_KnownKeysAndTexts_KnownBytes() => SignGivesTheKnownBytes();

    [Fact]
    public void TryRecover_OwnSignatures_GiveTheKey() => SignedDigestsComeBackToTheirKey();

    [Fact]
    public void TryRecover_NumbersOutOfRange_Refused() => NumbersOutOfRangeAreRefused();

    [Fact]
    public void Verify_KeyOffTheCurve_Refused() => KeysOffTheCurveVerifyNothing();

    [Fact]
    public void TryRecover_PointAtInfinity_Refused() => RecoveryToInfinityIsRefused();
}

public sealed class NativeSecp256k1Tests : CurveTests
{
    private protected override ISecp256k1 Curve => Curves.Native!;

    [NativeFact]
    public void Sign_KnownKeysAndTexts_KnownBytes() => SignGivesTheKnownBytes();

    [NativeFact]
    public void TryRecover_OwnSignatures_GiveTheKey() => SignedDigestsComeBackToTheirKey();

    [NativeFact]
    public void TryRecover_NumbersOutOfRange_Refused() => NumbersOutOfRangeAreRefused();

    [NativeFact]
    public void Verify_KeyOffTheCurve_Refused() => KeysOffTheCurveVerifyNothing();

    [NativeFact]
    public void TryRecover_PointAtInfinity_Refused() => RecoveryToInfinityIsRefused();
}
