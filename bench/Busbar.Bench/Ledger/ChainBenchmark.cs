using System.Diagnostics;

namespace Busbar.Bench.Ledger;

/// <summary>A restart of node and engine after many anchors.</summary>
public static class ChainBenchmark
{
    private const int IntervalsAtOnce = 384;

    /// <summary>
    /// Anchors so many intervals, many in a block, kills the engine and measures the way back; 35,000 are a year of quarter
    /// hours.
    /// </summary>
    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(int anchors = 35_000)
    {
        await using var community = await BenchCommunity.StartAsync();
        var began = Stopwatch.GetTimestamp();
        for (var number = 1; number <= anchors; number += IntervalsAtOnce)
        {
            var closed = Enumerable.Range(number, Math.Min(IntervalsAtOnce, anchors - number + 1)).Select(community.Close).ToList();
            await community.QueueAsync(closed);
            await community.Dispatcher.SettleAsync(closed[^1].Interval.End, CancellationToken.None);
        }

        yield return ("anchors-per-second", anchors / Stopwatch.GetElapsedTime(began).TotalSeconds, "1/s", anchors);
        var head = await community.Chain.HeadAsync(CancellationToken.None);
        await community.Chain.KillAsync();
        began = Stopwatch.GetTimestamp();
        await community.StartChainAsync();
        yield return ("restart-year", Stopwatch.GetElapsedTime(began).TotalSeconds, "s", anchors);
        var same = await community.Chain.HeadAsync(CancellationToken.None) == head;
        yield return ("hash-differences", same ? 0 : 1, "", 1);
    }
}
