using Busbar.Domain.Metering;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Node.Microgrids;

/// <summary>A reading or a closing that is taken back; one of the two.</summary>
/// <param name="Reading">A reading that was believed.</param>
/// <param name="Closing">An interval's version as it was closed.</param>
internal readonly record struct RestoredItem(SignedReading? Reading, ClosingDecision? Closing);

/// <summary>What is taken back into a journal whose end was lost, in the order in which it is applied.</summary>
internal static class RestoredRecord
{
    private const byte Version = 1;
    private const byte ReadingTag = 1;
    private const byte ClosingTag = 2;

    public static JournalRecord Write(IReadOnlyCollection<RestoredItem> items, Instant at)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(items.Count);
        foreach (var (reading, closing) in items)
        {
            if (reading is not null)
            {
                var form = ReadingJson.Encode(reading);
                writer.Write(ReadingTag);
                writer.Write(form.Length);
                writer.Write(form);
            }
            else
            {
                writer.Write(ClosingTag);
                BatchDecision.WriteClosing(writer, closing!);
            }
        }

        writer.Flush();
        return new(RecordKind.Restored, Version, at, stream.ToArray());
    }

    public static IEnumerable<RestoredItem> Read(JournalRecord record)
    {
        if (record.Version != Version)
            throw new InvalidDataException($"restored record of version {record.Version}: this program is older than the journal; use the newer one");
        using var reader = new BinaryReader(new MemoryStream(record.Payload.ToArray()));
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            if (reader.ReadByte() == ClosingTag)
                yield return new(null, BatchDecision.ReadClosing(reader));
            else
                yield return new(ReadReading(reader), null);
        }
    }

    private static SignedReading ReadReading(BinaryReader reader) =>
        ReadingJson.Decode(reader.ReadBytes(reader.ReadInt32())).Reading ?? throw new InvalidDataException("a restored reading is none");
}
