using System.Runtime.CompilerServices;
using Busbar.Bench.Footprint;
using Busbar.Bench.Running;

namespace Busbar.Bench.Web;

/// <summary>The explorer's questions as a browser asks them: over HTTP, through gate and rules, to the body's last byte.</summary>
internal static class LedgerHttpBenchmark
{
    private const int Blocks = ExplorerStore.Transactions / 2;

    private static readonly (string What, Func<int, string> Path)[] Questions =
    [
        ("blocks", i => FormattableString.Invariant($"explorer/blocks?limit=50&cursor={Spread(i)}")),
        ("transactions", i => FormattableString.Invariant($"explorer/transactions?limit=50&cursor={Spread(i)}.0")),
        ("transaction", i => $"explorer/transactions/{ExplorerStore.Hash("transaction", Spread(i) * 2)}"),
        ("address", i => $"explorer/addresses/{(i % 2 == 0 ? ExplorerStore.Contracts.Anchors : ExplorerStore.Wallet(i))}"),
        ("address-transactions", i => FormattableString.Invariant(
            $"explorer/transactions?limit=50&address={ExplorerStore.Contracts.Anchors}&cursor={Spread(i)}.0")),
        ("lookup", i => $"explorer/lookup?q={ExplorerStore.Hash(i % 2 == 0 ? "transaction" : "block", i)}"),
    ];

    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var child = ChildProcess.Start(ExplorerChild.Kind);
        var node = await child.HearAsync<StartedNode>(cancellation);
        using var client = new HttpClient { BaseAddress = new(new(node.Page), "api/v1/") };
        var all = new List<double>();
        foreach (var (what, path) in Questions)
        {
            var times = await AskTimes.OfAsync(
                (i, token) => client.GetByteArrayAsync(new Uri(path(i), UriKind.Relative), token), cancellation);
            all.AddRange(times);
            yield return ($"ledger-http-{what}-p95", AskTimes.At(times, 0.95), "ms", times.Count);
        }

        all.Sort();
        yield return ("ledger-http-p95", AskTimes.At(all, 0.95), "ms", all.Count);
    }

    private static int Spread(int i) => i * 7919 % Blocks;
}
