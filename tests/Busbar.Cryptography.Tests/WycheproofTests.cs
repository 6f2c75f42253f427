using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Busbar.Cryptography.Tests;

/// <summary>Project Wycheproof's cases of ECDSA on secp256k1 with SHA-256; those refused for their encoding alone are refused by the reader here.</summary>
public sealed class WycheproofTests
{
    [DataFact]
    public void Verify_ManagedCurve_AllCases() => Run(Curves.Managed);

    [NativeDataFact]
    public void Verify_NativeCurve_AllCases() => Run(Curves.Native!);

    private static void Run(ISecp256k1 curve)
    {
        var file = Vectors.Read("wycheproof", "ecdsa_secp256k1_sha256_test.json");
        var count = 0;
        var reachedTheCurve = 0;
        foreach (var group in file["testGroups"]!.AsArray())
        {
            var key = Convert.FromHexString(Vectors.Text(group!["publicKey"]!, "uncompressed"));
            Assert.Equal(4, key[0]);
            foreach (var test in group["tests"]!.AsArray())
            {
                var parsed = TryParse(Convert.FromHexString(Vectors.Text(test!, "sig")), out var signature);
                var digest = new Hash256(SHA256.HashData(Convert.FromHexString(Vectors.Text(test!, "msg"))));
                var verified = parsed && Secp256k1.Verify(curve, digest, signature, key.AsSpan(1));
                Assert.Equal(Case(test!, string.Equals(Vectors.Text(test!, "result"), "valid", StringComparison.Ordinal)), Case(test!, verified));
                if (verified)
                    AssertRecovers(curve, digest, signature, key.AsSpan(1));
                count++;
                reachedTheCurve += parsed ? 1 : 0;
            }
        }

        Assert.Equal((int)file["numberOfTests"]!, count);
        Assert.InRange(reachedTheCurve, 200, count);
    }

    // One of the two recovery ids gives the key back, where s is low and x was below the order.
    private static void AssertRecovers(ISecp256k1 curve, Hash256 digest, Signature signature, ReadOnlySpan<byte> key)
    {
        var found = new byte[64];
        var matches = 0;
        var refused = 0;
        for (var id = 0; id < 2; id++)
        {
            if (!Secp256k1.TryRecover(curve, digest, new Signature(signature.R, signature.S, id), found))
                refused++;
            else if (key.SequenceEqual(found))
                matches++;
        }

        var isHigh = signature.S > Hash256.Parse("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
        // The cases built on an x between the order and p have an r too small for chance.
        var isReducedX = signature.R < Hash256.Parse("0x000000000000000000000000000000014551231950b75fc4402da1722fc9baee");
        if (isHigh)
            Assert.Equal(2, refused);
        else if (!isReducedX)
            Assert.Equal(1, matches);
    }

    private static (string Id, bool Verified) Case(JsonNode test, bool verified) => (test["tcId"]!.ToString(), verified);

    private static bool TryParse(byte[] encoded, out Signature signature)
    {
        signature = default;
        try
        {
            var reader = new AsnReader(encoded, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var r = sequence.ReadInteger();
            var s = sequence.ReadInteger();
            sequence.ThrowIfNotEmpty();
            if (r.Sign < 0 || s.Sign < 0 || r.GetByteCount(isUnsigned: true) > 32 || s.GetByteCount(isUnsigned: true) > 32)
                return false;
            signature = new Signature(ToHash(r), ToHash(s), 0);
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static Hash256 ToHash(System.Numerics.BigInteger number)
    {
        var bytes = new byte[32];
        var written = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(bytes, 32 - written.Length);
        return new Hash256(bytes);
    }
}
