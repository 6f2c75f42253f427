using Busbar.Bench.Billing;
using Busbar.Bench.Channels;
using Busbar.Bench.Crypto;
using Busbar.Bench.Footprint;
using Busbar.Bench.Ingest;
using Busbar.Bench.Ledger;
using Busbar.Bench.Market;
using Busbar.Bench.Running;
using Busbar.Bench.Store;
using Busbar.Bench.Supply;
using Busbar.Bench.Web;

namespace Busbar.Bench;

/// <summary>All benchmarks by name. Each takes about a minute or less on an idle machine with two cores.</summary>
public static class BenchmarkCatalog
{
    private static readonly Entry[] Entries =
    [
        new("ingest", "readings from MQTT to the disk, held against a plain file; signed readings to the actor's state; latency",
            IngestBenchmark.RunAsync),
        new("close", "an interval of 10,000 meters: closed, proven, its anchor signed; held against the hashing alone",
            _ => Of(CloseBenchmark.Run)),
        new("bills", "a month of 10,000 premises billed, held against the tariff arithmetic alone; a month of quarter hours by rate band",
            _ => Of(BillsBenchmark.Run)),
        new("crypto", "signatures and hashes a second on one core", _ => Of(CryptoBenchmark.Run)),
        new("vouchers", "vouchers of payment channels made and checked a second on one core, held against the bare recovery of a signature",
            _ => Of(VouchersBenchmark.Run)),
        new("gas", "gas of receipts on the real engine", _ => GasBenchmark.RunAsync()),
        new("footprint", "memory of node and engine with 100 live meters, and the time until the page answers", FootprintBenchmark.RunAsync),
        new("chain", "a restart of the engine after many anchors", _ => ChainBenchmark.RunAsync()),
        new("web", "the app: its first load, how live it is on a slow line, 1,000 who watch, the explorer over 100,000 transactions", WebBenchmark.RunAsync),
        new("market-page", "what the market page asks for with 10,000 adverts on the board, over HTTP; on a still board and on a changing one",
            MarketPageBenchmark.RunAsync),
        new("latency", "from a payment, from the ledger's word of it, and from a purchase, to the closed relay, over real sockets; held against the disk alone",
            SupplyLatencyBenchmark.RunAsync),
        new("series", "size of a stored reading, and one meter's month among others", _ => Of(SeriesBenchmark.Run)),
        new("journal", "records a second through the journal alone, held against a plain file", _ => Of(JournalBenchmark.Run)),
    ];

    /// <summary>What there is, in the order in which it is best run.</summary>
    public static IReadOnlyList<BenchmarkEntry> All { get; } = [.. Entries.Select(entry => new BenchmarkEntry(entry.Name, entry.What))];

    /// <summary>Runs one benchmark.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="progress">Gets a line for each figure as it comes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentException">There is no such benchmark.</exception>
    public static async Task<IReadOnlyList<BenchmarkFigure>> RunAsync(string name, TextWriter progress, CancellationToken cancellation)
    {
        var entry = Array.Find(Entries, entry => entry.Name == name)
            ?? throw new ArgumentException($"there is no benchmark {name}; there are {string.Join(", ", Entries.Select(entry => entry.Name))}", nameof(name));
        var machine = Machine.Describe();
        var figures = new List<BenchmarkFigure>();
        await foreach (var (what, value, unit, n) in entry.Run(cancellation).WithCancellation(cancellation))
        {
            figures.Add(new(name, what, value, unit, n, machine));
            await progress.WriteLineAsync(FormattableString.Invariant($"{name} {what}: {value:0.###} {unit}"));
        }

        return figures;
    }

    /// <summary>
    /// The other end of a benchmark that needs a process of its own: what <c>busbar bench load-child ...</c> runs. Speaks lines of JSON
    /// on standard input and output.
    /// </summary>
    /// <param name="arguments">What stands after <c>load-child</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunChildAsync(string[] arguments, CancellationToken cancellation) => arguments switch
    {
        [LoadChild.Kind] => LoadChild.RunAsync(cancellation),
        [NodeChild.Kind, var folder] => NodeChild.RunAsync(folder, isWithPage: false, cancellation),
        [NodeChild.Kind, var folder, NodeChild.WithPage] => NodeChild.RunAsync(folder, isWithPage: true, cancellation),
        [ExplorerChild.Kind] => ExplorerChild.RunAsync(cancellation),
        _ => throw new ArgumentException("not a child of a benchmark", nameof(arguments)),
    };

    // Off the caller's thread, so that progress is written as it comes.
    private static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> Of(
        Func<IEnumerable<(string What, double Value, string Unit, long N)>> run)
    {
        using var figures = run().GetEnumerator();
        while (await Task.Run(figures.MoveNext))
            yield return figures.Current;
    }

    private sealed record Entry(
        string Name, string What, Func<CancellationToken, IAsyncEnumerable<(string What, double Value, string Unit, long N)>> Run);
}
