using System.Runtime.CompilerServices;
using Busbar.Bench.Running;

namespace Busbar.Bench.Ingest;

/// <summary>
/// Readings from an MQTT socket to the disk. The load is a process of its own: 200 connections, each with ten messages of 190 bytes
/// unacknowledged; acknowledged means on disk. Journal and plain file take turns, so that both see the same machine.
/// </summary>
public static class IngestBenchmark
{
    private const int Connections = 200;
    private const int Window = 10;
    private const int Runs = 3;
    private const int PacedRate = 20_000;

    /// <summary>Gives what was measured, the median of three runs, its unit and how many readings.</summary>
    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var load = new LoadRunner();
        var journal = new List<FullSpeed>();
        var file = new List<FullSpeed>();
        var group = 0.0;
        for (var run = 0; run < Runs; run++)
        {
            await using (var target = await JournalTarget.StartAsync(cancellation))
            {
                journal.Add(await FullSpeedAsync(load, target.Port, cancellation));
                group = (double)target.Taken.Records / target.Taken.Groups;
            }

            await using (var target = await FileTarget.StartAsync(cancellation))
                file.Add(await FullSpeedAsync(load, target.Port, cancellation));
        }

        var acknowledged = journal.Sum(report => report.Acknowledged);
        yield return ("acked-frames", Median.Of(journal.Select(report => report.PerSecond)), "readings/s", acknowledged);
        yield return ("file-frames", Median.Of(file.Select(report => report.PerSecond)), "readings/s", file.Sum(report => report.Acknowledged));
        yield return ("of-file-limit", Median.Of(journal.Zip(file, (ours, limit) => ours.PerSecond / limit.PerSecond)), "x", acknowledged);
        yield return ("group", group, "readings", acknowledged);
        yield return ("node-cpu", Median.Of(journal.Select(report => report.Microseconds)), "us/reading", acknowledged);
        yield return ("file-cpu", Median.Of(file.Select(report => report.Microseconds)), "us/reading", acknowledged);

        var paced = new List<LoadReport>();
        for (var run = 0; run < Runs; run++)
        {
            await using var target = await JournalTarget.StartAsync(cancellation);
            var order = new LoadOrder(target.Port, Connections, 256) { WarmUpSeconds = 0.5, Seconds = 2, PerSecond = PacedRate };
            await load.PrepareAsync(order, cancellation);
            paced.Add(await load.GoAsync(cancellation));
        }

        var sent = paced.Sum(report => report.Acknowledged);
        yield return ("ack-p99-at-20k", Median.Of(paced.Select(report => report.P99)), "ms", sent);
        yield return ("ack-p50-at-20k", Median.Of(paced.Select(report => report.P50)), "ms", sent);
        yield return ("rate-at-20k", Median.Of(paced.Select(report => report.PerSecond)), "readings/s", sent);
        yield return ("fsync-p99", Median.Of(Enumerable.Range(0, Runs).Select(_ => DiskSync.P99())), "ms", Runs);
        await foreach (var figure in AppliedBenchmark.RunAsync(load, Connections, Window, cancellation))
            yield return figure;
    }

    private static async Task<FullSpeed> FullSpeedAsync(LoadRunner load, int port, CancellationToken cancellation)
    {
        await load.PrepareAsync(new(port, Connections, Window) { WarmUpSeconds = 1, Seconds = 2 }, cancellation);
        var before = Environment.CpuUsage.TotalTime;
        var report = await load.GoAsync(cancellation);
        var used = Environment.CpuUsage.TotalTime - before;
        return new(report.Acknowledged, report.PerSecond, used.TotalMicroseconds / report.All);
    }

    /// <summary>One run, with the processor time of this process, the server's, for each reading.</summary>
    private readonly record struct FullSpeed(long Acknowledged, double PerSecond, double Microseconds);
}
