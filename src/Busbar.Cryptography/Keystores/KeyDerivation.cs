using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Busbar.Cryptography;

/// <summary>The key derivations that a keystore file may name, and the most that it may ask of them.</summary>
internal static class KeyDerivation
{
    public const int KeyLength = 32;

    // Twice geth's standard work (n 2^18, r 8, p 1) and its memory.
    private const long MostScryptBytes = 256L << 20;
    private const long MostScryptWork = 1L << 22;
    private const int MostIterations = 10_000_000;
    private const int MostSaltBytes = 1024;

    public static byte[] Derive(JsonElement crypto, ReadOnlySpan<byte> password)
    {
        var parameters = KeystoreFields.Object(crypto, "kdfparams");
        if (KeystoreFields.Integer(parameters, "dklen") != KeyLength)
            throw new KeystoreException(KeystoreRefusal.Unsupported, "the derived key's length is not 32");
        var salt = KeystoreFields.Bytes(parameters, "salt", MostSaltBytes);
        return KeystoreFields.Text(crypto, "kdf") switch
        {
            "scrypt" => DeriveScrypt(parameters, password, salt),
            "pbkdf2" => DerivePbkdf2(parameters, password, salt),
            _ => throw new KeystoreException(KeystoreRefusal.Unsupported, "the key derivation is neither scrypt nor pbkdf2"),
        };
    }

    public static void RequireAffordable(long n, long r, long p)
    {
        if (n < 2 || !BitOperations.IsPow2(n) || r < 1 || p < 1)
            throw new KeystoreException(KeystoreRefusal.Malformed, "scrypt's n is no power of two above one, or its r or p is below one");
        // The single bounds come first, so that the products cannot overflow.
        if (n > MostScryptBytes || r > MostScryptWork || p > MostScryptWork || 128 * n * r > MostScryptBytes || n * r * p > MostScryptWork)
            throw new KeystoreException(KeystoreRefusal.TooCostly, $"scrypt with n {n}, r {r}, p {p} takes too much memory or time");
    }

    private static byte[] DeriveScrypt(JsonElement parameters, ReadOnlySpan<byte> password, byte[] salt)
    {
        var n = KeystoreFields.Integer(parameters, "n");
        var r = KeystoreFields.Integer(parameters, "r");
        var p = KeystoreFields.Integer(parameters, "p");
        RequireAffordable(n, r, p);
        return Scrypt.DeriveKey(password, salt, (int)n, (int)r, (int)p, KeyLength);
    }

    private static byte[] DerivePbkdf2(JsonElement parameters, ReadOnlySpan<byte> password, byte[] salt)
    {
        if (!string.Equals(KeystoreFields.Text(parameters, "prf"), "hmac-sha256", StringComparison.Ordinal))
            throw new KeystoreException(KeystoreRefusal.Unsupported, "pbkdf2's function is not hmac-sha256");
        var iterations = KeystoreFields.Integer(parameters, "c");
        if (iterations < 1)
            throw new KeystoreException(KeystoreRefusal.Malformed, "pbkdf2's count is below one");
        if (iterations > MostIterations)
            throw new KeystoreException(KeystoreRefusal.TooCostly, $"pbkdf2 with {iterations} rounds takes too much time");
        return Rfc2898DeriveBytes.Pbkdf2(password, salt, (int)iterations, HashAlgorithmName.SHA256, KeyLength);
    }
}
