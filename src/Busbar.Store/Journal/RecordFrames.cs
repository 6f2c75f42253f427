using Busbar.Ledger.Journal;
using Busbar.Store.Bytes;
using NodaTime;

namespace Busbar.Store.Journal;

/// <summary>
/// How records lie in a journal's blob, one after another: kind, version, time (milliseconds, as the difference from the
/// record before), length and payload.
/// </summary>
internal sealed class RecordFrames
{
    private const int KeptCapacity = 8 * 1024 * 1024;

    private readonly ByteWriter _bytes = new(4096);
    private long _lastAt;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Blob => _bytes.Written;

    public void Add(in JournalRecord record)
    {
        var at = record.At.ToUnixTimeMilliseconds();
        _bytes.Varint((ulong)record.Kind);
        _bytes.Byte(record.Version);
        _bytes.Difference(at, _lastAt);
        _bytes.Varint((ulong)record.Payload.Length);
        _bytes.Raw(record.Payload.Span);
        _lastAt = at;
        Count++;
    }

    public void Clear()
    {
        _bytes.Clear();
        _bytes.Trim(KeptCapacity);
        _lastAt = 0;
        Count = 0;
    }

    /// <summary>Takes a blob apart; the payloads are slices of it.</summary>
    /// <exception cref="InvalidDataException">It is not a blob of so many records.</exception>
    public static void Decode(byte[] blob, int count, long firstPosition, List<JournalEntry> entries)
    {
        var reader = new ByteReader(blob);
        var at = 0L;
        for (var i = 0; i < count; i++)
        {
            var kind = (RecordKind)reader.Count(int.MaxValue);
            var version = reader.Byte();
            at = reader.Difference(at);
            var length = reader.Count(JournalRecord.MaximumPayload);
            var start = reader.Position;
            reader.Raw(length);
            entries.Add(new(firstPosition + i, new(kind, version, Moment(at), blob.AsMemory(start, length))));
        }

        if (!reader.AtEnd)
            throw new InvalidDataException("bytes are left over after the last record");
    }

    private static Instant Moment(long milliseconds) =>
        milliseconds >= Instant.MinValue.ToUnixTimeMilliseconds() && milliseconds <= Instant.MaxValue.ToUnixTimeMilliseconds()
            ? Instant.FromUnixTimeMilliseconds(milliseconds)
            : throw new InvalidDataException("a time is out of range");
}
