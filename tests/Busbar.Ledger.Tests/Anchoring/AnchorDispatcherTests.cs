using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Tests.Doubles;

namespace Busbar.Ledger.Tests.Anchoring;

public sealed class AnchorDispatcherTests
{
    [EngineFact]
    public async Task SettleAsync_ManyIntervals_AllOnTheLedgerWithTheirSums()
    {
        await using var community = await TestCommunity.StartAsync();
        var closed = Enumerable.Range(1, 70).Select(number => community.Close(number)).ToList();
        var result = await community.SettleAsync(70);
        Assert.Equal((70, 2), (result.Anchored, result.Blocks));
        Assert.Empty(result.Failures);
        Assert.Empty(result.Blocked);
        Assert.Empty(await community.Engine.Store.UnsettledAsync(CancellationToken.None));
        var view = await community.ViewAsync();
        var sum = closed.Aggregate(default(EnergySum), (total, one) => total + one.Root.Sum);
        Assert.Equal(new LedgerTotals(sum, 70, 0), view.Totals);
        Assert.All(view.Anchors(null, null, 100), anchor => Assert.Equal(BalanceOutcome.Balanced, anchor.Balance));
        Assert.Equal(6, view.Meters.Count);
    }

    [EngineFact]
    public async Task SettleAsync_SameOutboxTwice_SameFinalBlockHash()
    {
        Assert.Equal(await RunAsync(), await RunAsync());

        static async Task<Hash256> RunAsync()
        {
            await using var community = await TestCommunity.StartAsync();
            for (var number = 1; number <= 5; number++)
            {
                community.Close(number);
                await community.SettleAsync(number);
            }

            var head = await community.Chain.HeadAsync(CancellationToken.None);
            Assert.Equal(TestCommunity.Interval(5).End, head.Time);
            return head.Hash;
        }
    }

    [EngineFact]
    public async Task SettleAsync_CorrectionOfAnEarlierInterval_NewVersionBesideTheOld()
    {
        await using var community = await TestCommunity.StartAsync();
        var first = community.Close(1);
        community.Close(2);
        await community.SettleAsync(2);
        var second = community.Close(1, version: 2);
        Assert.Equal(1, (await community.SettleAsync(3)).Anchored);
        var view = await community.ViewAsync();
        Assert.Equal(first.Root, view.Anchor(TestCommunity.Microgrid, first.Interval.Start, 1)!.Root);
        Assert.Equal(second.Root, view.Anchor(TestCommunity.Microgrid, first.Interval.Start, 2)!.Root);
        Assert.Equal((2, 1), (view.Totals.Intervals, view.Totals.Corrections));
    }

    [EngineFact]
    public async Task SettleAsync_WrongLeafCount_FailsWithTheContractsReasonAndBlocksWhatFollows()
    {
        await using var community = await TestCommunity.StartAsync();
        community.Close(1);
        community.Close(2, change: closed => closed with { Count = 4 });
        community.Close(3);
        var result = await community.SettleAsync(3);
        Assert.Equal(1, result.Anchored);
        var failure = Assert.Single(result.Failures);
        Assert.Contains("WrongLeafCount", failure.Reason, StringComparison.Ordinal);
        Assert.Contains(community.Engine.Store.Settled, settled => settled.Failure == failure.Reason && settled.Block is not null);
        var blocked = Assert.Single((await community.SettleAsync(3)).Blocked);
        Assert.Contains("IntervalNotNext", blocked.Reason, StringComparison.Ordinal);
        Assert.Single(await community.Engine.Store.WaitingAsync(10, CancellationToken.None));
    }

    [EngineFact]
    public async Task SettleAsync_OperatorNotAppointed_WaitsAndTells()
    {
        await using var community = await TestCommunity.StartAsync(plan: TestCommunity.Plan with { RegulatorKeys = [] });
        community.Close(1);
        var result = await community.SettleAsync(1);
        Assert.Equal((0, 0), (result.Anchored, result.Blocks));
        Assert.Contains("NotOperator", Assert.Single(result.Blocked).Reason, StringComparison.Ordinal);
        Assert.Single(await community.Engine.Store.WaitingAsync(10, CancellationToken.None));
    }

    [EngineFact]
    public async Task RunAsync_NobodyIsTold_SettlesAllTheSame()
    {
        await using var community = await TestCommunity.StartAsync();
        community.Close(1);
        using var ending = new CancellationTokenSource();
        // A journaled block is mined, indexed and settled whatever is cancelled.
        community.Engine.Store.BeforeAppend = records =>
        {
            if (records.Any(record => record.Kind == Busbar.Ledger.Journal.RecordKind.Block))
                ending.Cancel();
        };
        var running = community.Dispatcher.RunAsync(TimeSpan.FromMinutes(1), told: null, ending.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromMinutes(2)));
        Assert.Empty(await community.Engine.Store.WaitingAsync(10, CancellationToken.None));
        Assert.Equal(1, (await community.ViewAsync()).Totals.Intervals);
    }

    [EngineFact]
    public async Task ResumeAsync_KilledBetweenSendingAndSettling_NothingLostNothingDoubled()
    {
        await using var community = await TestCommunity.StartAsync();
        for (var number = 1; number <= 12; number++)
        {
            community.Close(number);
            var appends = 0;

            // The store dies at a different append each time: before sending, between sending and settling, never.
            community.Engine.Store.BeforeAppend = _ => { if (++appends == number % 4) throw new InvalidOperationException("killed"); };
            var settled = await Record.ExceptionAsync(() => community.SettleAsync(number));
            community.Engine.Store.BeforeAppend = null;
            if (settled is not null)
                await community.RestartAsync();
        }

        await community.SettleAsync(13);
        await community.Indexer.CatchUpAsync(CancellationToken.None);
        var view = await community.ViewAsync();
        Assert.Equal((12, 0), (view.Totals.Intervals, view.Totals.Corrections));
        Assert.Empty(await community.Engine.Store.WaitingAsync(100, CancellationToken.None));
        Assert.Empty(await community.Engine.Store.UnsettledAsync(CancellationToken.None));
        Assert.All(community.Engine.Store.Settled, settled => Assert.Null(settled.Failure));
        await using var other = new TestEngine { Store = community.Engine.Store.CopyJournal() };
        Assert.Equal(
            await community.Chain.HeadAsync(CancellationToken.None), await (await other.StartAsync()).HeadAsync(CancellationToken.None));
    }

    [EngineFact]
    public async Task SettleAsync_EngineKilledMeanwhile_EveryIntervalOnceAndAReplayAgrees()
    {
        await using var community = await TestCommunity.StartAsync();
        const int intervals = 30;
        var random = new System.Random(7);
        for (var number = 1; number <= intervals; number++)
        {
            community.Close(number);
            var settling = community.SettleAsync(number);
            for (var turns = random.Next(2_000); turns > 0 && !settling.IsCompleted; turns--)
                await Task.Yield();
            if (community.Chain.ProcessId is { } id)
                KillIfAlive(id);
            await settling;
        }

        await community.Dispatcher.ResumeAsync(CancellationToken.None);
        await community.SettleAsync(intervals + 1);
        await community.Indexer.CatchUpAsync(CancellationToken.None);
        var view = await community.ViewAsync();
        Assert.Equal((intervals, 0), (view.Totals.Intervals, view.Totals.Corrections));
        Assert.Empty(await community.Engine.Store.UnsettledAsync(CancellationToken.None));
        await using var other = new TestEngine { Store = community.Engine.Store.CopyJournal() };
        Assert.Equal(
            await community.Chain.HeadAsync(CancellationToken.None), await (await other.StartAsync()).HeadAsync(CancellationToken.None));
    }

    [EngineFact]
    public async Task ChangesAsync_SubscriberFromTheStart_SeesEveryBlockOnceAndThenNewOnes()
    {
        await using var community = await TestCommunity.StartAsync();
        community.Close(1);
        await community.SettleAsync(1);
        using var stop = new CancellationTokenSource();
        var numbers = new List<ulong>();
        var closed = false;
        await foreach (var change in community.Indexer.ChangesAsync(EventPlace.Start, stop.Token).WithCancellation(stop.Token))
        {
            var added = Assert.IsType<ChainChange.BlockAdded>(change);
            numbers.Add(added.Block.Number);
            var head = await community.Chain.HeadAsync(CancellationToken.None);
            if (added.Block.Number == head.Number && closed)
                break;
            if (added.Block.Number == head.Number && !closed)
            {
                closed = true;
                community.Close(2);
                await community.SettleAsync(2);
            }
        }

        Assert.Equal(Enumerable.Range(0, numbers.Count).Select(n => (ulong)n), numbers);
    }

    private static void KillIfAlive(int id)
    {
        try
        {
            System.Diagnostics.Process.GetProcessById(id).Kill();
        }
        catch (ArgumentException)
        {
            // It is being restarted already.
        }
    }
}
