using System.Text.Json;

namespace Busbar.Cryptography;

/// <summary>Fields of a keystore file, each refused by name when it is missing or of the wrong form.</summary>
internal static class KeystoreFields
{
    public static JsonElement Object(JsonElement parent, string name) =>
        Find(parent, name, JsonValueKind.Object);

    public static string Text(JsonElement parent, string name) =>
        Find(parent, name, JsonValueKind.String).GetString()!;

    public static long Integer(JsonElement parent, string name) =>
        Find(parent, name, JsonValueKind.Number).TryGetInt64(out var number) ? number : throw Malformed(name);

    public static byte[] Bytes(JsonElement parent, string name, int most)
    {
        var digits = Text(parent, name);
        // Most programs write no 0x; some do.
        if (!digits.StartsWith("0x", StringComparison.Ordinal))
            digits = "0x" + digits;
        return digits.Length <= 2 + (2 * most) && HexText.TryDecode(digits, out var bytes) ? bytes : throw Malformed(name);
    }

    private static JsonElement Find(JsonElement parent, string name, JsonValueKind kind) =>
        parent.TryGetProperty(name, out var found) && found.ValueKind == kind ? found : throw Malformed(name);

    private static KeystoreException Malformed(string name) =>
        new(KeystoreRefusal.Malformed, $"the keystore's {name} is missing or of the wrong form");
}
