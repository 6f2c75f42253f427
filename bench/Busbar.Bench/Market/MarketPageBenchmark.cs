using System.Runtime.CompilerServices;
using Busbar.Bench.Running;
using Busbar.Bench.Web;

namespace Busbar.Bench.Market;

/// <summary>
/// What the market page asks for, with 10,000 adverts on the board: over HTTP, through gate and rules, to the body's last byte; on a board that
/// stands still, and on one that changes before each question.
/// </summary>
internal static class MarketPageBenchmark
{
    private static readonly (string What, string Path)[] Questions =
    [
        ("cheapest", "market/adverts?limit=25"),
        ("newest", "market/adverts?limit=25&order=newest"),
        ("ending", "market/adverts?limit=25&order=ending"),
        ("filtered", "market/adverts?limit=25&maxPriceWei=60000000000000000&leastMwh=4000000"),
        ("longest", "market/adverts?limit=200"),
        ("standing", "market"),
    ];

    /// <summary>Gives what was measured, its unit and how often it was asked.</summary>
    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        await using var host = await MarketHost.StartAsync(folder.Path, cancellation);
        using var client = new HttpClient { BaseAddress = new(host.Page, "api/v1/") };
        foreach (var isChanging in new[] { false, true })
        {
            var (all, name) = (new List<double>(), isChanging ? "changing" : "still");
            foreach (var (what, path) in Questions)
            {
                var times = await AskTimes.OfAsync(
                    (_, token) =>
                    {
                        if (isChanging)
                            host.Post(1);
                        return client.GetByteArrayAsync(new Uri(path, UriKind.Relative), token);
                    },
                    cancellation);
                all.AddRange(times);
                yield return ($"{name}-{what}-p95", AskTimes.At(times, 0.95), "ms", times.Count);
            }

            all.Sort();
            yield return ($"{name}-p95", AskTimes.At(all, 0.95), "ms", all.Count);
        }
    }
}
