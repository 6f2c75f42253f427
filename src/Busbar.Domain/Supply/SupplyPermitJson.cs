using System.Globalization;
using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Domain.Supply;

/// <summary>
/// A signed permit as JSON, as <c>docs/protocol.md</c> has it. Strict as a reading's: each name once, no unknown names, nothing after the
/// object; a name that is left out is malformed too, since a permit says everything.
/// </summary>
public static class SupplyPermitJson
{
    /// <summary>The most bytes that a permit may have on the wire.</summary>
    public const int MaximumSize = 1024;

    /// <summary>Writes a permit as UTF-8.</summary>
    public static byte[] Encode(SignedPermit signed)
    {
        ArgumentNullException.ThrowIfNull(signed);
        var permit = signed.Permit;
        using var stream = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("meter"u8, permit.Meter.ToString());
            json.WriteString("sequence"u8, permit.Sequence.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("issuedAt"u8, permit.IssuedAt.ToUnixTimeSeconds());
            json.WriteNumber("until"u8, SupplyPermit.Seconds(permit.Until));
            json.WriteNumber("grace"u8, permit.GraceSeconds);
            json.WriteNumber("flags"u8, (int)permit.Flags);
            json.WriteNumber("quietFrom"u8, permit.Quiet.From);
            json.WriteNumber("quietTo"u8, permit.Quiet.To);
            json.WriteNumber("offset"u8, permit.Offset);
            json.WriteNumber("noTripBefore"u8, SupplyPermit.Seconds(permit.NoTripBefore));
            json.WriteString("signature"u8, HexText.Encode(signed.Signature.ToArray()));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads a permit.</summary>
    /// <returns>The permit, or why the bytes are none.</returns>
    public static (SignedPermit? Permit, PermitRefused? Refused) Decode(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaximumSize)
            return Malformed($"{payload.Length} bytes, at most {MaximumSize} are taken");
        try
        {
            var json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 3 });
            var draft = new PermitDraft();
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return Malformed("not a JSON object");
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (draft.Read(ref json) is { } fault)
                    return Malformed(fault);
            }

            if (json.TokenType != JsonTokenType.EndObject || json.Read())
                return Malformed("bytes after the object");
            return draft.Finish() is { } signed ? (signed, null) : Malformed($"{draft.Missing} is missing");
        }
        catch (JsonException exception)
        {
            return Malformed($"not JSON at byte {exception.BytePositionInLine ?? 0}");
        }
    }

    private static (SignedPermit? Permit, PermitRefused? Refused) Malformed(string fault) => (null, new PermitRefused.Malformed(fault));
}
