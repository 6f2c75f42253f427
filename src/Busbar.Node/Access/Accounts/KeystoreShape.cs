using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Node.Access.Accounts;

/// <summary>
/// Whether a text has the shape of Web3 Secret Storage, version 3. The node cannot open it and never tries: only its holder's browser
/// knows the secret. What is kept is bounded, and is what a browser can open again.
/// </summary>
internal static class KeystoreShape
{
    public const int MostCharacters = 4096;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? Fault(JsonElement keystore, Address address)
    {
        if (keystore.ValueKind != JsonValueKind.Object || keystore.GetRawText().Length > MostCharacters)
            return $"must be a JSON object of at most {MostCharacters} characters";
        if (!keystore.TryGetProperty("version", out var version) || version is not { ValueKind: JsonValueKind.Number } || version.GetRawText() != "3")
            return "its version must be 3";
        if (keystore.TryGetProperty("address", out var named) && !IsOf(named, address))
            return "its address is not the account's";
        if (!keystore.TryGetProperty("crypto", out var crypto) || crypto.ValueKind != JsonValueKind.Object)
            return "it has no object 'crypto'";
        if (!IsText(crypto, "cipher", text => text == "aes-128-ctr"))
            return "its cipher must be aes-128-ctr";
        if (!IsText(crypto, "ciphertext", text => IsHex(text, 32)))
            return "its ciphertext must be 32 bytes";
        if (!IsText(crypto, "mac", text => IsHex(text, 32)))
            return "its mac must be 32 bytes";
        if (!crypto.TryGetProperty("cipherparams", out var parameters) || parameters.ValueKind != JsonValueKind.Object
            || !IsText(parameters, "iv", text => IsHex(text, 16)))
            return "its iv must be 16 bytes";
        if (!IsText(crypto, "kdf", text => text is "scrypt" or "pbkdf2"))
            return "its kdf must be scrypt or pbkdf2";
        return crypto.TryGetProperty("kdfparams", out var derivation) && derivation.ValueKind == JsonValueKind.Object
            ? null
            : "it has no object 'kdfparams'";
    }

    private static bool IsText(JsonElement parent, string name, Func<string, bool> rule) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && rule(value.GetString()!);

    private static bool IsHex(string text, int bytes) => HexText.TryDecode(Prefixed(text), new byte[bytes]);

    private static bool IsOf(JsonElement named, Address address) =>
        named.ValueKind == JsonValueKind.String && Address.TryParse(Prefixed(named.GetString()!), out var read) && read == address;

    // Most programs write no 0x; some do.
    private static string Prefixed(string text) => text.StartsWith("0x", StringComparison.Ordinal) ? text : "0x" + text;
}
