using System.Diagnostics;
using Busbar.Bench.Running;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Bench.Store;

/// <summary>What a packed reading takes on disk, and how long the month of one meter takes.</summary>
public static class SeriesBenchmark
{
    private const int Meters = 40;
    private const int Days = 62;
    private const int QuartersPerDay = 96;
    private const int Reads = 400;

    /// <summary>Gives what was measured, its unit and over how many readings or calls.</summary>
    public static IEnumerable<(string What, double Value, string Unit, long N)> Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task<List<(string What, double Value, string Unit, long N)>> RunAsync()
    {
        using var folder = new ScratchFolder();
        await using var store = await SqliteStore.OpenAsync(folder.Path, TimeProvider.System, null, CancellationToken.None);
        var owner = await store.Journal.TakeOverAsync(JournalName.Microgrid(1), CancellationToken.None);
        for (var day = 0; day < Days; day++)
            await store.Journal.AppendAsync(new(owner, [], Readings(day)), CancellationToken.None);
        const long Total = (long)Meters * Days * QuartersPerDay;
        var packing = Stopwatch.GetTimestamp();
        await store.PackAsync(SampleReading.Start + Duration.FromDays(Days), CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(packing).TotalSeconds;
        var size = await store.SizeAsync(CancellationToken.None);
        var times = await MonthsAsync(store);
        return
        [
            ("bytes-per-reading", (double)size.ValueBytes / size.PackedReadings, "B", size.PackedReadings),
            ("bytes-of-evidence", (double)size.EvidenceBytes / size.PackedReadings, "B", size.PackedReadings),
            ("packing", Total / seconds, "readings/s", Total),
            ("month-p50-small", times[times.Count / 2], "ms", times.Count),
            ("month-p99-small", times[times.Count * 99 / 100], "ms", times.Count),
        ];
    }

    private static async Task<List<double>> MonthsAsync(SqliteStore store)
    {
        var times = new List<double>();
        for (var i = -Reads; i < Reads; i++)
        {
            var from = SampleReading.Start + Duration.FromDays((i + Reads) % 30);
            var start = Stopwatch.GetTimestamp();
            var month = await store.Readings.SeriesAsync(
                SampleReading.Meter((i + Reads) % Meters), from, from + Duration.FromDays(31), CancellationToken.None);
            if (month.Count != 31 * QuartersPerDay)
                throw new InvalidOperationException($"a month of {month.Count} readings");
            if (i >= 0)
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return times;
    }

    private static List<StoreChange> Readings(int day)
    {
        var changes = new List<StoreChange>();
        for (var quarter = day * QuartersPerDay; quarter < (day + 1) * QuartersPerDay; quarter++)
        {
            for (var meter = 0; meter < Meters; meter++)
            {
                var reading = SampleReading.Of(meter, quarter);
                changes.Add(new StoreChange.ReadingAccepted(new(1), reading, reading.Reading.Instant));
            }
        }

        return changes;
    }
}
