using System.Security.Cryptography;

namespace Busbar.Cryptography;

/// <summary>A secp256k1 private key, kept in memory that does not move and is zeroed by <see cref="Dispose"/>.</summary>
/// <remarks>Signing is thread safe as long as nobody disposes of the key meanwhile. Text never shows the secret.</remarks>
public sealed class PrivateKey : IDisposable
{
    /// <summary>The length of the secret in bytes.</summary>
    public const int Length = 32;

    // Pinned, so that the collector leaves no copies of the secret behind when it moves things.
    private readonly byte[] _secret = GC.AllocateUninitializedArray<byte>(Length, pinned: true);
    private readonly byte[] _publicKey = new byte[64];
    private readonly ISecp256k1 _curve;
    private bool _disposed;

    internal PrivateKey(ISecp256k1 curve, ReadOnlySpan<byte> secret)
    {
        if (!curve.IsValidPrivateKey(secret))
            throw new ArgumentException("a private key is 32 bytes, above zero and below the group order", nameof(secret));
        _curve = curve;
        secret.CopyTo(_secret);
        curve.CreatePublicKey(_secret, _publicKey);
        Address = Address.FromPublicKey(_publicKey);
    }

    /// <summary>The address that the key signs for.</summary>
    public Address Address { get; }

    /// <summary>The public point: its two coordinates, 64 bytes, big endian, without the 0x04 before them.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>A new key from the operating system's generator.</summary>
    public static PrivateKey Generate()
    {
        Span<byte> secret = stackalloc byte[Length];
        try
        {
            do
                RandomNumberGenerator.Fill(secret);
            while (!Secp256k1.Curve.IsValidPrivateKey(secret));
            return new PrivateKey(Secp256k1.Curve, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The key with this secret, big endian; the bytes are copied.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, zero, or not below the group order.</exception>
    public static PrivateKey FromBytes(ReadOnlySpan<byte> secret) => new(Secp256k1.Curve, secret);

    /// <summary>A key that anybody who knows the seed has too: for simulations and tests, never for real value.</summary>
    /// <remarks>
    /// The secret is keccak-256("Busbar simulated key v1" | counter, one byte | seed) for the first counter from 0 that gives a valid key.
    /// </remarks>
    public static PrivateKey FromSeed(ReadOnlySpan<byte> seed)
    {
        ReadOnlySpan<byte> purpose = "Busbar simulated key v1"u8;
        Span<byte> prefix = stackalloc byte[purpose.Length + 1];
        Span<byte> secret = stackalloc byte[Length];
        purpose.CopyTo(prefix);
        for (byte counter = 0; ; counter++)
        {
            prefix[^1] = counter;
            Keccak256.HashPair(prefix, seed).CopyTo(secret);
            if (Secp256k1.Curve.IsValidPrivateKey(secret))
                return new PrivateKey(Secp256k1.Curve, secret);
        }
    }

    /// <summary>Signs a digest: the nonce is RFC 6979's (HMAC-SHA-256), s is the low one, so that the same input gives the same bytes.</summary>
    /// <exception cref="ObjectDisposedException">The key has been disposed of.</exception>
    public Signature Sign(Hash256 digest)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Span<byte> message = stackalloc byte[Hash256.Length];
        digest.CopyTo(message);
        Span<byte> proof = stackalloc byte[64];
        var recoveryId = _curve.Sign(_secret, message, proof);
        return new Signature(new Hash256(proof[..32]), new Hash256(proof[32..]), recoveryId);
    }

    /// <summary>The secret in a new array, which the caller zeroes after use.</summary>
    /// <exception cref="ObjectDisposedException">The key has been disposed of.</exception>
    public byte[] ExportBytes()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return [.. _secret];
    }

    /// <summary>Zeroes the secret; the address and the public key stay readable.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_secret);
    }

    /// <summary>The address, never the secret.</summary>
    public override string ToString() => $"key of {Address}";
}
