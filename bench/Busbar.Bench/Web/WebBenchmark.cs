using System.Runtime.CompilerServices;
using Busbar.Bench.Store;
using Busbar.Bench.Web.Browser;
using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Ledger.Exploring;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Readings;
using NodaTime;

namespace Busbar.Bench.Web;

/// <summary>The app: what its first load costs, how live it is, what its watchers cost, and how soon its questions are answered.</summary>
internal static class WebBenchmark
{
    private const int Page = 50;
    private const int YearOfQuarters = 365 * 96;

    /// <summary>Gives what was measured, its unit and how many of them; what needs a browser only where there is one.</summary>
    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (DevTools.Location is not null)
        {
            await foreach (var figure in FirstLoadBenchmark.RunAsync(cancellation))
                yield return figure;
        }

        await foreach (var figure in LiveStreamBenchmark.RunAsync(cancellation))
            yield return figure;
        await foreach (var figure in LedgerHttpBenchmark.RunAsync(cancellation))
            yield return figure;
        await foreach (var figure in StoreAsync(cancellation))
            yield return figure;
    }

    // The same questions without HTTP, from the store to the decoded answer, and a year of one meter.
    private static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> StoreAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var made = await ExplorerStore.MakeAsync(cancellation);
        var explorer = new LedgerExplorer(made.Store.Explorer, new(ExplorerStore.Contracts));
        var all = new List<double>();
        foreach (var (what, ask) in Questions(explorer))
        {
            var times = await AskTimes.OfAsync(ask, cancellation);
            all.AddRange(times);
            yield return ($"explorer-{what}-p95", AskTimes.At(times, 0.95), "ms", times.Count);
        }

        all.Sort();
        yield return ("explorer-p95", AskTimes.At(all, 0.95), "ms", all.Count);
        await StoreYearAsync(made, cancellation);
        foreach (var step in new[] { HistoryStep.Interval, HistoryStep.Day })
        {
            var query = new HistoryQuery(
                [SampleReading.Meter(1)], SampleReading.Start, SampleReading.Start + Duration.FromDays(365), step, DateTimeZone.Utc, IntervalLength.Default);
            var times = await AskTimes.OfAsync((_, token) => made.Store.Readings.HistoryAsync(query, token), cancellation);
            yield return ($"history-year-by-{step.ToString().ToLowerInvariant()}-p95", AskTimes.At(times, 0.95), "ms", times.Count);
        }
    }

    private static IEnumerable<(string What, Func<int, CancellationToken, Task> Ask)> Questions(LedgerExplorer explorer)
    {
        const int Blocks = ExplorerStore.Transactions / 2;
        var index = explorer.Index;
        yield return ("blocks", (i, token) => index.BlocksAsync((ulong)(i * 7919 % Blocks), Page, token));
        yield return ("transactions", async (i, token) =>
        {
            foreach (var entry in await index.TransactionsAsync(new((ulong)(i * 7919 % Blocks), 0), Page, token))
                explorer.Decoder.CallName(entry.To, entry.Created, entry.Selector);
        }
        );
        yield return ("block", (i, token) => index.TransactionsOfBlockAsync((ulong)(i * 7919 % Blocks), null, Page, token));
        yield return ("transaction", (i, token) => explorer.TransactionAsync(ExplorerStore.Hash("transaction", i * 7919 % Blocks * 2), token));
        yield return ("wallet", (i, token) => index.TransactionsOfAsync(ExplorerStore.Wallet(i), null, Page, token));
        yield return ("contract", (i, token) => index.TransactionsOfAsync(
            ExplorerStore.Contracts.Anchors, new((ulong)(i * 7919 % Blocks), 0), Page, token));
        yield return ("address", (_, token) => index.AddressAsync(ExplorerStore.Contracts.Anchors, token));
        yield return ("counts", (_, token) => index.CountsAsync(token));
        yield return ("newer", (_, token) => index.NewerAsync(0, new(0, 0), 1_000, token));
        yield return ("lookup", (i, token) => explorer.LookupAsync(ExplorerStore.Hash(i % 2 == 0 ? "transaction" : "block", i).ToString(), token));
    }

    private static async Task StoreYearAsync(ExplorerStore made, CancellationToken cancellation)
    {
        var owner = await made.Store.Journal.TakeOverAsync(JournalName.Microgrid(1), cancellation);
        var changes = Enumerable.Range(0, YearOfQuarters + 1).Select(quarter => SampleReading.Of(1, quarter))
            .Select(reading => new StoreChange.ReadingAccepted(new(1), reading, reading.Reading.Instant));
        await made.Store.Journal.AppendAsync(new(owner, [], [.. changes]), cancellation);
        await made.Store.PackAsync(SampleReading.Start + Duration.FromDays(363), cancellation);
    }
}
