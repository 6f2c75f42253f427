using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Busbar.Cryptography;

/// <summary>Private keys under a password, in Ethereum's file format: Web3 secret storage, version 3.</summary>
/// <remarks>
/// Written with scrypt and AES-128-CTR; pbkdf2 is read too. A file of unknown origin is safe to try: what it may ask for is
/// bounded (256 MiB and twice the work of geth's standard). Passwords are taken as UTF-8, without normalising. Thread safe.
/// </remarks>
public static class Keystore
{
    private const int MostCharacters = 64 * 1024;

    /// <summary>Writes the key as JSON, with fresh salt and initial counter.</summary>
    /// <exception cref="KeystoreException">The cost is beyond what <see cref="Decrypt"/> would read.</exception>
    public static string Encrypt(PrivateKey key, string password, KeystoreCost cost)
    {
        KeyDerivation.RequireAffordable(cost.N, KeystoreCost.R, cost.P);
        var salt = RandomNumberGenerator.GetBytes(32);
        var counter = RandomNumberGenerator.GetBytes(16);
        var passwordBytes = Encoding.UTF8.GetBytes(password);
        var derived = Scrypt.DeriveKey(passwordBytes, salt, cost.N, KeystoreCost.R, cost.P, KeyDerivation.KeyLength);
        var secret = key.ExportBytes();
        try
        {
            var encrypted = AesCounterMode.Apply(derived.AsSpan(0, 16), counter, secret);
            return Write(key.Address, cost, salt, counter, encrypted, Keccak256.HashPair(derived.AsSpan(16, 16), encrypted));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passwordBytes);
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Opens a keystore file.</summary>
    /// <exception cref="KeystoreException">The file cannot be opened; its <see cref="KeystoreException.Refusal"/> says why.</exception>
    public static PrivateKey Decrypt(string json, string password)
    {
        if (json.Length > MostCharacters)
            throw new KeystoreException(KeystoreRefusal.Malformed, $"the keystore is longer than {MostCharacters} characters");
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new KeystoreException(KeystoreRefusal.Malformed, "the keystore is no JSON object");
            return Open(document.RootElement, password);
        }
        catch (JsonException exception)
        {
            throw new KeystoreException(KeystoreRefusal.Malformed, "the keystore is no JSON", exception);
        }
    }

    private static PrivateKey Open(JsonElement root, string password)
    {
        if (KeystoreFields.Integer(root, "version") != 3)
            throw new KeystoreException(KeystoreRefusal.Unsupported, "the keystore's version is not 3");
        // Some early programs wrote it with a capital.
        var crypto = KeystoreFields.Object(root, root.TryGetProperty("Crypto", out _) ? "Crypto" : "crypto");
        if (!string.Equals(KeystoreFields.Text(crypto, "cipher"), "aes-128-ctr", StringComparison.Ordinal))
            throw new KeystoreException(KeystoreRefusal.Unsupported, "the keystore's cipher is not aes-128-ctr");
        var counter = KeystoreFields.Bytes(KeystoreFields.Object(crypto, "cipherparams"), "iv", 16);
        var encrypted = KeystoreFields.Bytes(crypto, "ciphertext", PrivateKey.Length);
        var mac = KeystoreFields.Bytes(crypto, "mac", Hash256.Length);
        if (counter.Length != 16 || encrypted.Length != PrivateKey.Length)
            throw new KeystoreException(KeystoreRefusal.Malformed, "the keystore's iv is not 16 bytes long or its ciphertext not 32");

        var passwordBytes = Encoding.UTF8.GetBytes(password);
        byte[] derived = [];
        byte[] secret = [];
        try
        {
            derived = KeyDerivation.Derive(crypto, passwordBytes);
            if (!CryptographicOperations.FixedTimeEquals(Keccak256.HashPair(derived.AsSpan(16, 16), encrypted).ToArray(), mac))
                throw new KeystoreException(KeystoreRefusal.WrongPassword, "the password is wrong, or the keystore was changed");
            secret = AesCounterMode.Apply(derived.AsSpan(0, 16), counter, encrypted);
            return ToKey(secret, root);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passwordBytes);
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static PrivateKey ToKey(ReadOnlySpan<byte> secret, JsonElement root)
    {
        if (!Secp256k1.Curve.IsValidPrivateKey(secret))
            throw new KeystoreException(KeystoreRefusal.WrongKey, "the secret in the keystore is no private key");
        var key = PrivateKey.FromBytes(secret);
        if (root.TryGetProperty("address", out _)
            && !KeystoreFields.Bytes(root, "address", Address.Length).AsSpan().SequenceEqual(key.Address.ToArray()))
        {
            key.Dispose();
            throw new KeystoreException(KeystoreRefusal.WrongKey, "the key in the keystore is not that of the address beside it");
        }

        return key;
    }

    private static string Write(Address address, KeystoreCost cost, byte[] salt, byte[] counter, byte[] encrypted, Hash256 mac)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 3);
            json.WriteString("id", Guid.NewGuid());
            json.WriteString("address", address.ToLowerHex()[2..]);
            json.WriteStartObject("crypto");
            json.WriteString("cipher", "aes-128-ctr");
            json.WriteStartObject("cipherparams");
            json.WriteString("iv", Convert.ToHexStringLower(counter));
            json.WriteEndObject();
            json.WriteString("ciphertext", Convert.ToHexStringLower(encrypted));
            json.WriteString("kdf", "scrypt");
            json.WriteStartObject("kdfparams");
            json.WriteNumber("dklen", KeyDerivation.KeyLength);
            json.WriteNumber("n", cost.N);
            json.WriteNumber("r", KeystoreCost.R);
            json.WriteNumber("p", cost.P);
            json.WriteString("salt", Convert.ToHexStringLower(salt));
            json.WriteEndObject();
            json.WriteString("mac", mac.ToString()[2..]);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
