using System.Diagnostics;
using System.Runtime.CompilerServices;
using Busbar.Bench.Running;

namespace Busbar.Bench.Footprint;

/// <summary>A node and its engine: how soon the page answers, and how much memory they take with meters that send.</summary>
public static class FootprintBenchmark
{
    private const int Starts = 3;
    private const int Seconds = 12;

    /// <summary>Gives what was measured, its unit and over how many starts or readings.</summary>
    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var first = new List<double>();
        var again = new List<double>();
        for (var start = 0; start < Starts; start++)
        {
            using var folder = new ScratchFolder();
            first.Add(await ReadyAsync(folder.Path, static (_, _) => Task.CompletedTask, cancellation));
            again.Add(await ReadyAsync(folder.Path, static (_, _) => Task.CompletedTask, cancellation));
        }

        yield return ("ready", Median.Of(first), "s", Starts);
        yield return ("ready-again", Median.Of(again), "s", Starts);
        (double Own, double Below) resident = default;
        var readings = 0L;
        using (var folder = new ScratchFolder())
        {
            await ReadyAsync(
                folder.Path,
                async (child, node) => (resident, readings) = await LiveMeters.SendAsync(
                    node, Seconds, () => ProcessMemory.Resident(child.Id), cancellation),
                cancellation);
        }

        yield return ("node-rss", resident.Own + resident.Below, "MB", readings);
        yield return ("engine-rss", resident.Below, "MB", readings);
    }

    /// <summary>Starts a node and uses it.</summary>
    /// <returns>Seconds from the start of the process to the page's first answer.</returns>
    private static async Task<double> ReadyAsync(string folder, Func<ChildProcess, StartedNode, Task> use, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        await using var child = ChildProcess.Start(NodeChild.Kind, folder);
        var node = await child.HearAsync<StartedNode>(cancellation);
        using (var page = new HttpClient())
        using (var answer = await page.GetAsync(new Uri(new Uri(node.Page), "api/v1/community"), cancellation))
            answer.EnsureSuccessStatusCode();
        var ready = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await use(child, node);
        return ready;
    }
}
