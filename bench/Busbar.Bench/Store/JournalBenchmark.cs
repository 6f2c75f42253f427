using System.Diagnostics;
using Busbar.Bench.Running;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Bench.Store;

/// <summary>How many records a second are on disk and acknowledged, with and without the rows that follow from them.</summary>
public static class JournalBenchmark
{
    private const int Writers = 8;
    private const int RecordsAtOnce = 500;
    private const int PayloadSize = 150;
    private const int Meters = 10_000;
    private const int Runs = 3;
    private static readonly TimeSpan RunLength = TimeSpan.FromSeconds(1);
    private static readonly Instant Start = Instant.FromUtc(2026, 1, 1, 0, 0);

    /// <summary>Gives what was measured, the median of three runs, its unit and how often the work was done in all of them.</summary>
    public static IEnumerable<(string What, double Value, string Unit, long N)> Run()
    {
        var journaled = Median(number => new Batch(Records(number), []));
        yield return ("journal-records", journaled.Value, "records/s", journaled.N);
        var file = Enumerable.Range(0, Runs).Select(_ => FileOnce()).ToArray();
        var limit = file.Select(run => run.Rate).Order().ElementAt(Runs / 2);
        yield return ("file-records", limit, "records/s", file.Sum(run => run.N));
        yield return ("journal-of-file-limit", journaled.Value / limit, "ratio", journaled.N);
        var stored = Median(number => new Batch(Records(number), Readings(number)));
        yield return ("journal-and-reading-rows", stored.Value, "readings/s", stored.N);
    }

    private static (double Value, long N) Median(Func<long, Batch> batch)
    {
        var runs = Enumerable.Range(0, Runs).Select(_ => OnceAsync(batch).GetAwaiter().GetResult()).ToArray();
        return (runs.Select(run => run.Rate).Order().ElementAt(Runs / 2), runs.Sum(run => run.N));
    }

    private static async Task<(double Rate, long N)> OnceAsync(Func<long, Batch> batch)
    {
        using var folder = new ScratchFolder();
        await using var store = await SqliteStore.OpenAsync(folder.Path, TimeProvider.System, null, CancellationToken.None);
        var owners = new List<JournalOwnership>();
        for (var i = 0u; i < Writers; i++)
            owners.Add(await store.Journal.TakeOverAsync(JournalName.Microgrid(i + 1), CancellationToken.None));
        var counter = -1L;
        var done = 0L;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(owners.Select(owner => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < RunLength)
            {
                var (records, changes) = batch(Interlocked.Increment(ref counter));
                await store.Journal.AppendAsync(new(owner, records, changes), CancellationToken.None);
                Interlocked.Add(ref done, records.Count);
            }
        })));
        return (done / Stopwatch.GetElapsedTime(start).TotalSeconds, done);
    }

    /// <summary>The same records in groups of all writers' batches, appended to a file with one fsync a group.</summary>
    private static (double Rate, long N) FileOnce()
    {
        using var folder = new ScratchFolder();
        using var file = new FileStream(Path.Combine(folder.Path, "records"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var group = new byte[Writers * RecordsAtOnce * (PayloadSize + 8)];
        var done = 0L;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < RunLength)
        {
            file.Write(group);
            file.Flush(flushToDisk: true);
            done += Writers * RecordsAtOnce;
        }

        return (done / Stopwatch.GetElapsedTime(start).TotalSeconds, done);
    }

    private static JournalRecord[] Records(long number)
    {
        var payload = new byte[PayloadSize];
        var at = Start + Duration.FromMilliseconds(number);
        return [.. Enumerable.Repeat(new JournalRecord(RecordKind.Message, 1, at, payload), RecordsAtOnce)];
    }

    /// <summary>Batch after batch, each meter once a quarter hour: the order in which a community reports.</summary>
    private static StoreChange[] Readings(long batch)
    {
        var changes = new StoreChange[RecordsAtOnce];
        for (var i = 0; i < changes.Length; i++)
        {
            var reading = SampleReading.Of((int)(((batch * RecordsAtOnce) + i) % Meters), ((batch * RecordsAtOnce) + i) / Meters);
            changes[i] = new StoreChange.ReadingAccepted(new(1), reading, reading.Reading.Instant);
        }

        return changes;
    }

    private readonly record struct Batch(IReadOnlyList<JournalRecord> Records, IReadOnlyList<StoreChange> Changes);
}
