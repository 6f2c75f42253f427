using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Busbar.Ledger.Engine;

/// <summary>The engine's dumped state: JSON in gzip.</summary>
internal static class StateForm
{
    /// <summary>
    /// Writes the state with its newest blocks only. The engine dumps every block it ever mined, so that a state would grow
    /// without end; with the newest ones alone it goes on to the same hashes (tested), and the older ones are in our index.
    /// </summary>
    public static void Shorten(ReadOnlyMemory<byte> dump, ulong head, Stream destination)
    {
        var lowest = head < AnvilNode.KeptBlocks ? 0 : head - AnvilNode.KeptBlocks;
        using var state = Parse(dump);
        using var writer = new Utf8JsonWriter(destination);
        writer.WriteStartObject();
        foreach (var member in state.RootElement.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            switch (member.Name)
            {
                case "blocks":
                    WriteFrom(writer, member.Value, lowest, block => Number(block.GetProperty("header").GetProperty("number")));
                    break;
                case "transactions":
                    WriteFrom(writer, member.Value, lowest, transaction => Number(transaction.GetProperty("block_number")));
                    break;
                default:
                    member.Value.WriteTo(writer);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> dump)
    {
        using var packed = new MemoryStream(dump.ToArray(), writable: false);
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        return JsonDocument.Parse(gzip);
    }

    private static void WriteFrom(Utf8JsonWriter writer, JsonElement list, ulong lowest, Func<JsonElement, ulong> number)
    {
        writer.WriteStartArray();
        foreach (var entry in list.EnumerateArray())
        {
            if (number(entry) >= lowest)
                entry.WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    private static ulong Number(JsonElement json) => json.ValueKind == JsonValueKind.Number
        ? json.GetUInt64()
        : ulong.Parse(json.GetString().AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
