using System.Diagnostics;
using System.Runtime.CompilerServices;
using Busbar.Bench.Footprint;
using Busbar.Bench.Running;

namespace Busbar.Bench.Web;

/// <summary>What 1,000 who watch cost a node whose 100 meters each tell power and a reading every second.</summary>
internal static class LiveStreamBenchmark
{
    private const int Watchers = 1_000;
    private const int WarmUpSeconds = 10;
    private const int Seconds = 10;

    /// <summary>Once as the public sees it, sums alone, and once with every house in every stream.</summary>
    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (name, more) in new[] { ("sse-1000", Array.Empty<string>()), ("sse-1000-houses", [NodeChild.WithPage]) })
        {
            var (megabytes, events, bytes, cpu) = await WatchAsync(more, cancellation);
            yield return (name, megabytes, "MB", Watchers);
            yield return ($"{name}-events", events, "1/s", Watchers);
            yield return ($"{name}-sent", bytes / 1e6, "MB/s", Watchers);
            yield return ($"{name}-cpu", cpu * 100, "% of a core", Watchers);
        }
    }

    private static async Task<(double Megabytes, double Events, double Bytes, double Cpu)> WatchAsync(
        string[] more, CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        await using var child = ChildProcess.Start([NodeChild.Kind, folder.Path, .. more]);
        var node = await child.HearAsync<StartedNode>(cancellation);
        using var process = Process.GetProcessById(child.Id);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sending = LiveMeters.SendUntilAsync(node, ending.Token);
        try
        {
            await PeakAsync(child, WarmUpSeconds, cancellation);
            var before = await PeakAsync(child, Seconds / 2, cancellation);
            await using var watchers = await LiveWatchers.OpenAsync(new(node.Page), Watchers, cancellation);
            var (delivered, cpu, start) = (watchers.Delivered, Cpu(process), Stopwatch.GetTimestamp());
            var after = await PeakAsync(child, Seconds, cancellation);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            watchers.CheckAllOpen();
            var now = watchers.Delivered;
            return (
                after - before,
                (now.Events - delivered.Events) / seconds,
                (now.Bytes - delivered.Bytes) / seconds,
                (Cpu(process) - cpu) / seconds);
        }
        finally
        {
            await ending.CancelAsync();
            await sending;
        }
    }

    private static double Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>The most resident memory of the node's own process over so many seconds.</summary>
    private static async Task<double> PeakAsync(ChildProcess child, int seconds, CancellationToken cancellation)
    {
        var most = 0.0;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.5), TimeProvider.System);
        for (var look = 0; look < 2 * seconds; look++)
        {
            await timer.WaitForNextTickAsync(cancellation);
            most = Math.Max(most, ProcessMemory.Resident(child.Id).Own);
        }

        return most;
    }
}
