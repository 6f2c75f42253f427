namespace Busbar.Cryptography;

/// <summary>Checking signatures on the curve secp256k1.</summary>
/// <remarks>
/// The system's libsecp256k1 does the work where it is present, managed code elsewhere; the environment variable
/// <c>BUSBAR_SECP256K1</c> = <c>native</c> or <c>managed</c> says which, read once. Both give the same answers. Thread safe.
/// </remarks>
public static class Secp256k1
{
    /// <summary>The name of the environment variable that forces an implementation.</summary>
    public const string ImplementationVariable = "BUSBAR_SECP256K1";

    private static readonly Lazy<ISecp256k1> Chosen = new(() => Choose(Environment.GetEnvironmentVariable(ImplementationVariable)));

    // Half of the group order: s above it is the other, malleable form of the same signature.
    private static readonly Hash256 HighestLowS =
        Hash256.Parse("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

    /// <summary>Which implementation works here: the library's name and file, or <c>managed</c>.</summary>
    public static string Implementation => Curve.Name;

    internal static ISecp256k1 Curve => Chosen.Value;

    /// <summary>Finds who signed the digest; false, and the zero address, when nobody can have.</summary>
    /// <remarks>
    /// r and s must be above zero and below the group order, and s must be low (EIP-2): a high s is refused, so that a signed
    /// message has one valid signature by its signer's key and nonce, as in our contracts.
    /// </remarks>
    public static bool TryRecover(Hash256 digest, Signature signature, out Address signer)
    {
        Span<byte> publicKey = stackalloc byte[64];
        var recovered = TryRecover(digest, signature, publicKey);
        signer = recovered ? Address.FromPublicKey(publicKey) : default;
        return recovered;
    }

    /// <summary>As the other form, but gives the public key: two coordinates, written to exactly 64 bytes.</summary>
    /// <exception cref="ArgumentException">The destination is not 64 bytes long.</exception>
    public static bool TryRecover(Hash256 digest, Signature signature, Span<byte> publicKey) =>
        TryRecover(Curve, digest, signature, publicKey);

    /// <summary>Whether the signature is that address's over the digest; a high s is refused.</summary>
    public static bool Verify(Hash256 digest, Signature signature, Address signer) =>
        TryRecover(digest, signature, out var found) && found == signer;

    /// <summary>Whether r and s are a signature by the public key (64 bytes) over the digest; the recovery id is not looked at.</summary>
    /// <remarks>This is plain ECDSA (SEC 1, 4.1.4): a high s is accepted. A key that is no point of the curve verifies nothing.</remarks>
    /// <exception cref="ArgumentException">The key is not 64 bytes long.</exception>
    public static bool Verify(Hash256 digest, Signature signature, ReadOnlySpan<byte> publicKey) =>
        Verify(Curve, digest, signature, publicKey);

    internal static bool TryRecover(ISecp256k1 curve, Hash256 digest, Signature signature, Span<byte> publicKey)
    {
        if (publicKey.Length != 64)
            throw new ArgumentException($"needs 64 bytes, got {publicKey.Length}", nameof(publicKey));
        if (signature.S > HighestLowS)
            return false;
        Span<byte> message = stackalloc byte[Hash256.Length];
        digest.CopyTo(message);
        Span<byte> proof = stackalloc byte[64];
        signature.R.CopyTo(proof);
        signature.S.CopyTo(proof[32..]);
        return curve.TryRecover(message, proof, signature.RecoveryId, publicKey);
    }

    internal static bool Verify(ISecp256k1 curve, Hash256 digest, Signature signature, ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != 64)
            throw new ArgumentException($"needs 64 bytes, got {publicKey.Length}", nameof(publicKey));
        Span<byte> message = stackalloc byte[Hash256.Length];
        digest.CopyTo(message);
        Span<byte> proof = stackalloc byte[64];
        signature.R.CopyTo(proof);
        signature.S.CopyTo(proof[32..]);
        return curve.Verify(message, proof, publicKey);
    }

    internal static ISecp256k1 Choose(string? wanted)
    {
        if (wanted is not (null or "" or "native" or "managed"))
            throw new InvalidOperationException($"{ImplementationVariable} is '{wanted}'; it may be native or managed");
        if (!string.Equals(wanted, "managed", StringComparison.Ordinal) && NativeSecp256k1.TryLoad(out var native))
            return native;
        return string.Equals(wanted, "native", StringComparison.Ordinal)
            ? throw new DllNotFoundException($"{ImplementationVariable} is native, but no libsecp256k1 with recovery was found")
            : new ManagedSecp256k1();
    }
}
