using System.Globalization;
using System.Text.Json;

namespace Busbar.Device.Protocol;

/// <summary>The node's word to a meter that it did not believe a reading (which it keeps in quarantine).</summary>
/// <param name="Sequence">The reading's sequence number, when the node could read it.</param>
/// <param name="Reason">The name of the reason, such as <c>SequenceGap</c>.</param>
/// <param name="Detail">The same in words.</param>
/// <param name="Expected">The sequence number that the node waits for, with <c>SequenceGap</c>.</param>
public sealed record RefusalNotice(ulong? Sequence, string Reason, string Detail, ulong? Expected)
{
    /// <summary>The reason with which the node asks to send again from <see cref="Expected"/>.</summary>
    public const string SequenceGap = "SequenceGap";

    /// <summary>Reads the JSON payload; null when it is not such.</summary>
    public static RefusalNotice? TryDecode(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 4 });
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("reason"u8, out var reason) || reason.ValueKind != JsonValueKind.String)
                return null;
            var detail = root.TryGetProperty("detail"u8, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
            return new(Number(root, "sequence"u8), reason.GetString()!, detail, Number(root, "expected"u8));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ulong? Number(JsonElement root, ReadOnlySpan<byte> name)
    {
        if (!root.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetUInt64(out var number) => number,
            JsonValueKind.String when ulong.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
    }
}
