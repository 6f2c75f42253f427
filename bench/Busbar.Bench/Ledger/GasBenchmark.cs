namespace Busbar.Bench.Ledger;

/// <summary>Gas of receipts on the real engine, counterparties warm.</summary>
public static class GasBenchmark
{
    private const int Warming = 3;

    /// <summary>Gives what was measured, its unit and how many receipts; gas does not vary between them.</summary>
    public static async IAsyncEnumerable<(string What, double Value, string Unit, long N)> RunAsync()
    {
        await using var community = await BenchCommunity.StartAsync();
        var gas = 0UL;
        for (var number = 1; number <= Warming; number++)
        {
            var closed = community.Close(number);
            await community.QueueAsync([closed]);
            var settled = await community.Dispatcher.SettleAsync(closed.Interval.End, CancellationToken.None);
            if (settled.Anchored != 1)
                throw new InvalidOperationException($"interval {number} was not anchored: {string.Join(", ", settled.Failures.Concat(settled.Blocked))}");
            gas = (await community.Store.Events.HeadAsync(CancellationToken.None))!.GasUsed;
        }

        yield return ("anchor", gas, "gas", 1);
    }
}
