using System.Text.Json.Nodes;

namespace Busbar.Cryptography.Tests;

public sealed class KeystoreTests
{
    private const string Password = "correct horse";

    [DataFact]
    public void Decrypt_EthereumTestFiles_GiveTheirKeys()
    {
        var cases = Vectors.Read("ethereum_tests", "KeyStoreTests", "basic_tests.json");
        Assert.Equal(5, cases.AsObject().Count);
        foreach (var (name, test) in cases.AsObject())
        {
            using var key = Keystore.Decrypt(test!["json"]!.ToJsonString(), (string)test["password"]!);
            Assert.Equal((name, (string)test["priv"]!), (name, Convert.ToHexStringLower(key.ExportBytes())));
        }
    }

    [Fact]
    public void Encrypt_ThenDecrypt_GivesTheSameKey()
    {
        using var key = PrivateKey.FromSeed("kept"u8);

        var json = Keystore.Encrypt(key, "pässwörd", KeystoreCost.Light);
        using var again = Keystore.Decrypt(json, "pässwörd");

        Assert.Equal(key.ExportBytes(), again.ExportBytes());
        Assert.DoesNotContain(Convert.ToHexStringLower(key.ExportBytes()), json, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(json, Keystore.Encrypt(key, "pässwörd", KeystoreCost.Light), StringComparer.Ordinal);
    }

    [Fact]
    public void Decrypt_WrongPassword_IsRefusedByName() =>
        Assert.Equal(KeystoreRefusal.WrongPassword, RefusalOf(Written(), "correct hors"));

    [Theory]
    [InlineData("version", "1", KeystoreRefusal.Unsupported)]
    [InlineData("version", "\"3\"", KeystoreRefusal.Malformed)]
    [InlineData("address", "\"0000000000000000000000000000000000000001\"", KeystoreRefusal.WrongKey)]
    [InlineData("crypto.cipher", "\"aes-256-cbc\"", KeystoreRefusal.Unsupported)]
    [InlineData("crypto.ciphertext", "\"00\"", KeystoreRefusal.Malformed)]
    [InlineData("crypto.ciphertext", "\"0000000000000000000000000000000000000000000000000000000000000000\"", KeystoreRefusal.WrongPassword)]
    [InlineData("crypto.mac", "\"\"", KeystoreRefusal.WrongPassword)]
    [InlineData("crypto.mac", "17", KeystoreRefusal.Malformed)]
    [InlineData("crypto.cipherparams.iv", "\"00\"", KeystoreRefusal.Malformed)]
    [InlineData("crypto.cipherparams.iv", "\"zz\"", KeystoreRefusal.Malformed)]
    [InlineData("crypto.kdf", "\"argon2\"", KeystoreRefusal.Unsupported)]
    [InlineData("crypto.kdfparams.dklen", "2000000000", KeystoreRefusal.Unsupported)]
    [InlineData("crypto.kdfparams.n", "1073741824", KeystoreRefusal.TooCostly)]
    [InlineData("crypto.kdfparams.n", "4611686018427387904", KeystoreRefusal.TooCostly)]
    [InlineData("crypto.kdfparams.n", "1000", KeystoreRefusal.Malformed)]
    [InlineData("crypto.kdfparams.r", "9223372036854775807", KeystoreRefusal.TooCostly)]
    [InlineData("crypto.kdfparams.p", "9223372036854775807", KeystoreRefusal.TooCostly)]
    [InlineData("crypto.kdfparams.p", "0", KeystoreRefusal.Malformed)]
    [InlineData("crypto.kdfparams.p", "1e400", KeystoreRefusal.Malformed)]
    public void Decrypt_FieldChanged_IsRefusedByName(string path, string value, KeystoreRefusal expected)
    {
        var root = JsonNode.Parse(Written())!;
        var names = path.Split('.');
        var parent = names[..^1].Aggregate(root, (node, name) => node[name]!);
        parent[names[^1]] = JsonNode.Parse(value);

        Assert.Equal(expected, RefusalOf(root.ToJsonString(), Password));
    }

    [Theory]
    [InlineData("0", KeystoreRefusal.Malformed)]
    [InlineData("10000001", KeystoreRefusal.TooCostly)]
    public void Decrypt_Pbkdf2CountOutOfRange_IsRefusedByName(string count, KeystoreRefusal expected)
    {
        var root = JsonNode.Parse(Written())!;
        root["crypto"]!["kdf"] = "pbkdf2";
        root["crypto"]!["kdfparams"] = JsonNode.Parse($$"""{"dklen":32,"prf":"hmac-sha256","salt":"00","c":{{count}}}""");

        Assert.Equal(expected, RefusalOf(root.ToJsonString(), Password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"version\":3,\"crypto\":[]}")]
    public void Decrypt_NoKeystore_IsMalformed(string text) =>
        Assert.Equal(KeystoreRefusal.Malformed, RefusalOf(text, Password));

    [Fact]
    public void Decrypt_HugeText_IsMalformed() =>
        Assert.Equal(KeystoreRefusal.Malformed, RefusalOf(new string(' ', 70_000) + Written(), Password));

    [Fact]
    public void Encrypt_CostNobodyWouldRead_IsRefused()
    {
        using var key = PrivateKey.FromSeed("kept"u8);

        var exception = Assert.Throws<KeystoreException>(() => Keystore.Encrypt(key, Password, new KeystoreCost(1 << 20, 1)));

        Assert.Equal(KeystoreRefusal.TooCostly, exception.Refusal);
    }

    private static string Written()
    {
        using var key = PrivateKey.FromSeed("kept"u8);
        return Keystore.Encrypt(key, Password, new KeystoreCost(2, 1));
    }

    private static KeystoreRefusal RefusalOf(string json, string password) =>
        Assert.Throws<KeystoreException>(() => Keystore.Decrypt(json, password)).Refusal;
}
