using System.Security.Cryptography;

namespace Busbar.Cryptography;

/// <summary>The curve in C#, where the system has no libsecp256k1.</summary>
internal sealed class ManagedSecp256k1 : ISecp256k1
{
    private readonly BlindedMultiplication _generator = new();

    public string Name => "managed";

    public bool IsValidPrivateKey(ReadOnlySpan<byte> secret) =>
        secret.Length == 32 && Scalar.Read(secret, out var scalar) && !scalar.IsZero;

    public void CreatePublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey) =>
        _generator.Multiply(ReadSecret(secret)).Write(publicKey);

    public int Sign(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> digest, Span<byte> proof)
    {
        var key = ReadSecret(secret);
        _ = Scalar.Read(digest, out var message);
        Span<byte> reducedDigest = stackalloc byte[32];
        message.Write(reducedDigest);
        Span<byte> state = stackalloc byte[64];
        Span<byte> coordinates = stackalloc byte[64];
        var nonces = new DeterministicNonce(secret, reducedDigest, state);
        while (true)
        {
            var nonce = nonces.Next();
            _generator.Multiply(nonce).Write(coordinates);
            var below = Scalar.Read(coordinates[..32], out var r);
            var s = nonce.Invert() * (message + (r * key));
            // x not below the order: one in 2^127, and Ethereum has no v for it. r or s zero: one in 2^256.
            if (!below || r.IsZero || s.IsZero)
                continue;
            var high = s.HighMask;
            s = s.Negate().Select(high, s);
            r.Write(proof);
            s.Write(proof[32..]);
            CryptographicOperations.ZeroMemory(state);
            return (coordinates[63] & 1) ^ (int)(high & 1);
        }
    }

    public bool TryRecover(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> proof, int recoveryId, Span<byte> publicKey)
    {
        if (!TryReadProof(proof, out var r, out var s))
            return false;
        _ = FieldElement.TryRead(proof[..32], out var x);
        if (!AffinePoint.TryLift(x, recoveryId == 1, out var noncePoint))
            return false;
        _ = Scalar.Read(digest, out var message);
        var inverse = r.Invert();
        var key = StraussMultiplication.Multiply((message * inverse).Negate(), s * inverse, noncePoint);
        if (key.IsInfinity)
            return false;
        key.ToAffine().Write(publicKey);
        return true;
    }

    public bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> proof, ReadOnlySpan<byte> publicKey)
    {
        if (!TryReadProof(proof, out var r, out var s) || !AffinePoint.TryRead(publicKey, out var key))
            return false;
        _ = Scalar.Read(digest, out var message);
        var inverse = s.Invert();
        var noncePoint = StraussMultiplication.Multiply(message * inverse, r * inverse, key);
        if (noncePoint.IsInfinity)
            return false;
        Span<byte> coordinates = stackalloc byte[64];
        noncePoint.ToAffine().Write(coordinates);
        _ = Scalar.Read(coordinates[..32], out var x);
        return (x + r.Negate()).IsZero;
    }

    private static bool TryReadProof(ReadOnlySpan<byte> proof, out Scalar r, out Scalar s) =>
        Scalar.Read(proof[..32], out r) & Scalar.Read(proof[32..], out s) && !r.IsZero && !s.IsZero;

    private static Scalar ReadSecret(ReadOnlySpan<byte> secret) =>
        Scalar.Read(secret, out var scalar) && !scalar.IsZero
            ? scalar
            : throw new CryptographicException("a private key is above zero and below the group order");
}
