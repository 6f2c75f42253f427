using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Busbar.Domain.Metering;

/// <summary>The values that the device protocol's JSON has: whole numbers, plain or as decimal strings, and hexadecimal bytes.</summary>
internal static class WireJson
{
    public static bool TryReadInteger(ref Utf8JsonReader json, out ulong value)
    {
        value = 0;
        if (json.TokenType == JsonTokenType.Number)
            return json.TryGetUInt64(out value);
        return json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && json.ValueSpan.Length is > 0 and <= 20
            && Utf8Parser.TryParse(json.ValueSpan, out value, out var used) && used == json.ValueSpan.Length && json.ValueSpan[0] != (byte)'+';
    }

    public static bool TryReadHex(ref Utf8JsonReader json, scoped Span<byte> bytes)
    {
        if (json.TokenType != JsonTokenType.String || json.ValueIsEscaped)
            return false;
        var text = json.ValueSpan;
        return text.Length == 2 + (2 * bytes.Length) && text[0] == (byte)'0' && text[1] == (byte)'x'
            && Convert.FromHexString(text[2..], bytes, out _, out var written) == System.Buffers.OperationStatus.Done
            && written == bytes.Length;
    }

    /// <summary>A name as it came, escapes and all: the reader's own text throws on what is no UTF-8.</summary>
    public static string Shorten(ReadOnlySpan<byte> name) =>
        Encoding.UTF8.GetString(name[..Math.Min(name.Length, 32)]) + (name.Length > 32 ? "…" : "");
}
