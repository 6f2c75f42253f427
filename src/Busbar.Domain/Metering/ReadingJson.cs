using System.Globalization;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Quantities;

namespace Busbar.Domain.Metering;

/// <summary>
/// A signed reading as JSON, as <c>docs/protocol.md</c> has it. Integers are decimal strings when written and numbers or
/// decimal strings when read. Strict: each name once, no unknown names, nothing after the object.
/// </summary>
public static class ReadingJson
{
    /// <summary>The most bytes that a reading may have on the wire.</summary>
    public const int MaximumSize = 2048;

    /// <summary>Writes a reading as UTF-8.</summary>
    public static byte[] Encode(SignedReading signed)
    {
        var reading = signed.Reading;
        using var stream = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("meter"u8, reading.Meter.ToString());
            json.WriteNumber("boot"u8, reading.Boot);
            json.WriteString("sequence"u8, reading.Sequence.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("instant"u8, reading.Instant.ToUnixTimeSeconds());
            WriteRegister(json, "import"u8, reading.Registers.Import);
            WriteRegister(json, "export"u8, reading.Registers.Export);
            if (reading.Registers.Bands != default)
            {
                json.WriteStartArray("bands"u8);
                for (var band = 0; band < BandRegisters.Count; band++)
                    json.WriteStringValue(reading.Registers.Bands[band].MilliwattHours.ToString(CultureInfo.InvariantCulture));
                json.WriteEndArray();
            }

            json.WriteString("firmware"u8, reading.Firmware.ToString());
            json.WriteNumber("flags"u8, (int)reading.Flags);
            json.WriteString("signature"u8, HexText.Encode(signed.Signature.ToArray()));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads a reading.</summary>
    /// <returns>The reading, or why the bytes are none.</returns>
    public static (SignedReading? Reading, ReadingRefused? Refused) Decode(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaximumSize)
            return (null, new ReadingRefused.Oversized(payload.Length, MaximumSize));
        try
        {
            var json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 3 });
            var draft = new ReadingDraft();
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return Malformed("not a JSON object");
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (ReadField(ref json, ref draft) is { } fault)
                    return Malformed(fault);
            }

            if (json.TokenType != JsonTokenType.EndObject || json.Read())
                return Malformed("bytes after the object");
            return draft.Finish();
        }
        catch (JsonException exception)
        {
            return Malformed($"not JSON at byte {exception.BytePositionInLine ?? 0}");
        }
    }

    private static (SignedReading? Reading, ReadingRefused? Refused) Malformed(string fault) => (null, new ReadingRefused.Malformed(fault));

    private static void WriteRegister(Utf8JsonWriter json, ReadOnlySpan<byte> name, MeterRegister register) =>
        json.WriteString(name, register.MilliwattHours.ToString(CultureInfo.InvariantCulture));

    private static string? ReadField(ref Utf8JsonReader json, ref ReadingDraft draft)
    {
        var field = json.ValueIsEscaped ? ReadingFields.None : ReadingDraft.FieldOf(json.ValueSpan);
        if (field is ReadingFields.None)
            return $"unknown name {WireJson.Shorten(json.ValueSpan)}";
        if (!json.Read())
            return "ends early";
        if (!draft.Take(field))
            return $"{ReadingDraft.NameOf(field)} is given twice";
        if (field is ReadingFields.Bands)
            return ReadBands(ref json, ref draft);
        if (field is ReadingFields.Meter or ReadingFields.Firmware or ReadingFields.Signature)
        {
            Span<byte> bytes = stackalloc byte[ReadingDraft.BytesOf(field)];
            return WireJson.TryReadHex(ref json, bytes) && draft.SetBytes(field, bytes)
                ? null
                : $"{ReadingDraft.NameOf(field)} is not 0x and {2 * bytes.Length} hexadecimal digits of a valid value";
        }

        return WireJson.TryReadInteger(ref json, out var value) && draft.SetInteger(field, value)
            ? null
            : $"{ReadingDraft.NameOf(field)} is not a whole number in its range";
    }

    private static string? ReadBands(ref Utf8JsonReader json, ref ReadingDraft draft)
    {
        const string fault = "bands is not a list of four whole numbers";
        if (json.TokenType != JsonTokenType.StartArray)
            return fault;
        for (var band = 0; band < BandRegisters.Count; band++)
        {
            if (!json.Read() || !WireJson.TryReadInteger(ref json, out var value) || !draft.SetBand(band, value))
                return fault;
        }

        return json.Read() && json.TokenType == JsonTokenType.EndArray ? null : fault;
    }
}
