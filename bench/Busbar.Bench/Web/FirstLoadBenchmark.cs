using System.Runtime.CompilerServices;
using Busbar.Bench.Footprint;
using Busbar.Bench.Running;
using Busbar.Bench.Web.Browser;

namespace Busbar.Bench.Web;

/// <summary>
/// The page in a real browser, from a real node with 100 live meters that all may see: what the first load costs, and how soon what a meter
/// tells is seen.
/// </summary>
internal static class FirstLoadBenchmark
{
    private const int Starts = 5;
    private const int Changes = 20;

    // Chance is seeded, so that every run publishes at the same moments of the feed's second.
    private static readonly double[] Pauses = [.. Enumerable.Range(0, Changes).Select(at => 1.1 + (at * 0.618 % 1))];

    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        await using var child = ChildProcess.Start(NodeChild.Kind, folder.Path, NodeChild.WithPage);
        var node = await child.HearAsync<StartedNode>(cancellation);
        await using var meters = await ToldPowers.ConnectAsync(node, cancellation);
        await using var tools = await DevTools.StartAsync(cancellation);
        await meters.TellAsync(cancellation);
        await using (var visit = await Visit.BeginAsync(tools, isSlow: false, ShownFigures.Script, cancellation))
        {
            await visit.OpenAsync(new(node.Page), cancellation);
            await ShownFigures.LiveAsync(visit, cancellation);
            await visit.EvaluateAsync("navigator.serviceWorker.ready.then(() => null)", cancellation);
            var loaded = visit.Loaded.ToArray();
            var page = loaded.Where(one => one.IsPage).ToArray();
            yield return ("first-load", page.Sum(one => one.Bytes) / 1024, "KB", page.Length);
            yield return ("first-load-with-worker", loaded.Sum(one => one.Bytes) / 1024, "KB", loaded.Length);
        }

        var cold = new List<double>();
        for (var start = 0; start < Starts; start++)
        {
            await meters.TellAsync(cancellation);
            await using var visit = await Visit.BeginAsync(tools, isSlow: true, ShownFigures.Script, cancellation);
            await visit.OpenAsync(new(node.Page), cancellation);
            cold.Add(await ShownFigures.LiveAsync(visit, cancellation));
        }

        yield return ("live-delay-cold", Median.Of(cold), "ms", Starts);
        var warm = await DelaysAsync(tools, node, meters, cancellation);
        yield return ("live-delay-p50", Median.Of(warm), "ms", Changes);
        yield return ("live-delay-p95", warm.Order().ElementAt((int)(Changes * 0.95)), "ms", Changes);
    }

    private static async Task<List<double>> DelaysAsync(DevTools tools, StartedNode node, ToldPowers meters, CancellationToken cancellation)
    {
        await using var visit = await Visit.BeginAsync(tools, isSlow: true, ShownFigures.Script, cancellation);
        await visit.OpenAsync(new(node.Page), cancellation);
        await ShownFigures.LiveAsync(visit, cancellation);
        await visit.EvaluateAsync("navigator.serviceWorker.ready.then(() => null)", cancellation);
        var delays = new List<double>();
        foreach (var pause in Pauses)
        {
            await Task.Delay(TimeSpan.FromSeconds(pause), TimeProvider.System, cancellation);
            var told = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var figure = await meters.TellAsync(cancellation);
            delays.Add(await ShownFigures.WhenAsync(visit, figure, cancellation) - told);
        }

        return delays;
    }
}
