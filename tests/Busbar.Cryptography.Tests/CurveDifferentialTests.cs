namespace Busbar.Cryptography.Tests;

/// <summary>The managed curve against libsecp256k1, byte for byte.</summary>
public sealed class CurveDifferentialTests
{
    private const int Rounds = 300;

    [NativeFact]
    public void Sign_RandomKeysAndDigests_SameBytes()
    {
        var native = new byte[64];
        var managed = new byte[64];
        for (var i = 0; i < Rounds; i++)
        {
            var (secret, digest) = Draw(i);
            var nativeId = Curves.Native!.Sign(secret, digest, native);
            var managedId = Curves.Managed.Sign(secret, digest, managed);
            Assert.Equal((nativeId, Convert.ToHexString(native)), (managedId, Convert.ToHexString(managed)));
        }
    }

    [NativeFact]
    public void CreatePublicKey_RandomAndEdgeSecrets_SameBytes()
    {
        var native = new byte[64];
        var managed = new byte[64];
        IEnumerable<byte[]> edges =
        [
            Secret("0000000000000000000000000000000000000000000000000000000000000001"),
            Secret("0000000000000000000000000000000000000000000000000000000000000002"),
            Secret("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140"),
            Secret("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"),
            Secret("8000000000000000000000000000000000000000000000000000000000000000"),
            Secret("1000000000000000000000000000000000000000000000000000000000000000"),
        ];
        foreach (var secret in edges.Concat(Enumerable.Range(0, Rounds).Select(i => Draw(i).Secret)))
        {
            Curves.Native!.CreatePublicKey(secret, native);
            Curves.Managed.CreatePublicKey(secret, managed);
            Assert.Equal(Convert.ToHexString(native), Convert.ToHexString(managed));
        }
    }

    [NativeFact]
    public void TryRecover_RandomProofs_SameAnswers()
    {
        var native = new byte[64];
        var managed = new byte[64];
        var recovered = 0;
        for (var i = 0; i < Rounds; i++)
        {
            // Hashes in the place of r and s: about half of them are the x of a point.
            byte[] proof = [.. Draw(i).Secret, .. Draw(i + Rounds).Secret];
            var digest = Draw(i).Digest;
            var nativeFound = Curves.Native!.TryRecover(digest, proof, i % 2, native);
            var managedFound = Curves.Managed.TryRecover(digest, proof, i % 2, managed);
            Assert.Equal(nativeFound, managedFound);
            if (!nativeFound)
                continue;
            recovered++;
            Assert.Equal(Convert.ToHexString(native), Convert.ToHexString(managed));
            Assert.True(Curves.Managed.Verify(digest, proof, managed));
            Assert.True(Curves.Native.Verify(digest, proof, managed));
        }

        Assert.InRange(recovered, Rounds / 4, Rounds * 3 / 4);
    }

    private static (byte[] Secret, byte[] Digest) Draw(int i)
    {
        var secret = Keccak256.HashPair("secret"u8, BitConverter.GetBytes(i)).ToArray();
        return (secret, Keccak256.Hash(secret).ToArray());
    }

    private static byte[] Secret(string digits) => Convert.FromHexString(digits);
}
