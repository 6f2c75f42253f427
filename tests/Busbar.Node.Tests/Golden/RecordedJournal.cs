using System.Globalization;
using System.Runtime.CompilerServices;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Node.Tests.Golden;

/// <summary>A journal that is only read: the records of a golden file.</summary>
internal sealed class RecordedJournal(IReadOnlyList<string> records) : IJournal
{
    public static string Line(in JournalRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(int)record.Kind} {record.Version} {record.At.ToUnixTimeMilliseconds()} {Convert.ToBase64String(record.Payload.Span)}");

    public async IAsyncEnumerable<JournalEntry> ReadAsync(
        JournalName journal, long from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        for (var position = (int)from; position < records.Count; position++)
            yield return new(position, Record(records[position]));
    }

    public Task<JournalCheckpoint?> LoadCheckpointAsync(JournalName journal, CancellationToken cancellation) =>
        Task.FromResult<JournalCheckpoint?>(null);

    public Task<JournalOwnership> TakeOverAsync(JournalName journal, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<long> AppendAsync(JournalCommit commit, CancellationToken cancellation) => throw new NotSupportedException();

    public Task SaveCheckpointAsync(JournalOwnership owner, long position, ReadOnlyMemory<byte> state, CancellationToken cancellation) =>
        throw new NotSupportedException();

    private static JournalRecord Record(string line)
    {
        var parts = line.Split(' ');
        return new(
            (RecordKind)int.Parse(parts[0], CultureInfo.InvariantCulture),
            byte.Parse(parts[1], CultureInfo.InvariantCulture),
            Instant.FromUnixTimeMilliseconds(long.Parse(parts[2], CultureInfo.InvariantCulture)),
            Convert.FromBase64String(parts[3]));
    }
}
