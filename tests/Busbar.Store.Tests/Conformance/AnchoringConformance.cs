using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Store.Tests.Conformance;

/// <summary>What every outbox and event index keeps to.</summary>
public abstract class AnchoringConformance : StoreSuite
{
    [Fact]
    public async Task Waiting_InTheOrderOfKeys_UpToTheLimit()
    {
        var later = Noon + Duration.FromMinutes(15);
        await ApplyAsync(
            new StoreChange.IntervalClosed(Closed(later)),
            new StoreChange.IntervalClosed(Closed(Noon, version: 2)),
            new StoreChange.IntervalClosed(Closed(Noon, microgrid: 2)),
            new StoreChange.IntervalClosed(Closed(Noon)));
        var waiting = await Store.Outbox.WaitingAsync(3, None);
        Assert.Equal([Closed(Noon).Key, Closed(Noon, 2).Key, Closed(later).Key], waiting.Select(closed => closed.Key));
    }

    [Fact]
    public async Task Closed_WithReadingsAndEstimates_ComesBackWhole()
    {
        var bands = new BandRegisters(MeterRegister.FromMilliwattHours(1), default, MeterRegister.FromMilliwattHours(long.MaxValue), default);
        var estimate = new EstimatedLeaf(
            Meter(4), new(MeterRegister.FromMilliwattHours(77), default, bands), Sum(5, 0), LeafFlags.Estimated | LeafFlags.RegisterReset, Hash(8));
        var closed = Closed(Noon, estimates: [estimate, estimate with { Meter = Meter(5) }]) with
        {
            TransformerOpening = Reading(9, Noon, 1_000, 5, bands: bands),
            TransformerClosing = Reading(9, Noon + Duration.FromMinutes(15), 2_000, 5, flags: ReadingFlags.CoverOpened),
        };
        await ApplyAsync(new StoreChange.IntervalClosed(closed));
        var read = await Store.Readings.ClosedAsync(Grid, Noon, null, None);
        Assert.NotNull(read);
        Assert.Equal(closed.Estimates, read.Estimates);
        Assert.Equal(closed with { Estimates = [] }, read with { Estimates = [] });
    }

    [Fact]
    public async Task Sent_UntilSettled_IsUnsettled()
    {
        var keys = new[] { Closed(Noon).Key, Closed(Noon, 2).Key };
        await ApplyAsync(new StoreChange.IntervalClosed(Closed(Noon)), new StoreChange.IntervalClosed(Closed(Noon, 2)));
        await ApplyAsync(new StoreChange.OutboxSent(keys, Hash(1)));
        Assert.Empty(await Store.Outbox.WaitingAsync(10, None));
        var sent = Assert.Single(await Store.Outbox.UnsettledAsync(None));
        Assert.Equal(Hash(1), sent.Hash);
        Assert.Equal(keys, sent.Keys);
        Assert.Equal(2, (await Store.Readings.TotalsAsync(None)).Waiting);

        await ApplyAsync(new StoreChange.OutboxSettled(Hash(1), 7, null));
        Assert.Empty(await Store.Outbox.UnsettledAsync(None));
        Assert.Equal(0, (await Store.Readings.TotalsAsync(None)).Waiting);
    }

    [Fact]
    public async Task Status_OfEachState_WithItsReasonAndNoneForStrangers()
    {
        ClosedInterval[] closed = [.. Enumerable.Range(0, 4).Select(i => Closed(Noon + Duration.FromMinutes(15 * i)))];
        await ApplyAsync([.. closed.Select(one => new StoreChange.IntervalClosed(one))]);
        for (var i = 1; i < 4; i++)
            await ApplyAsync(new StoreChange.OutboxSent([closed[i].Key], Hash(i)));
        await ApplyAsync(new StoreChange.OutboxSettled(Hash(2), 7, null), new StoreChange.OutboxSettled(Hash(3), 7, "WrongVersion"));

        var status = await Store.Outbox.StatusAsync([.. closed.Select(one => one.Key), Closed(Noon, version: 2).Key], None);

        Assert.Equal(
            [new(OutboxState.Waiting, null), new(OutboxState.Sent, null), new(OutboxState.Settled, null), new(OutboxState.Failed, "WrongVersion")],
            closed.Select(one => status[one.Key]));
        Assert.Equal(4, status.Count);
    }

    [Fact]
    public async Task Settled_InABlockThatIsTakenBack_IsUnsettledAgain()
    {
        await ApplyAsync(new StoreChange.IntervalClosed(Closed(Noon)), new StoreChange.OutboxSent([Closed(Noon).Key], Hash(1)));
        await ApplyAsync(new StoreChange.OutboxSettled(Hash(1), 7, null));
        await ApplyAsync(new StoreChange.BlocksRemoved(7));
        Assert.Empty(await Store.Outbox.UnsettledAsync(None));
        await ApplyAsync(new StoreChange.BlocksRemoved(6));
        Assert.Single(await Store.Outbox.UnsettledAsync(None));
    }

    [Fact]
    public async Task Settled_InNoBlock_FailsWithAReasonAndWaitsWithoutOne()
    {
        var second = Closed(Noon + Duration.FromMinutes(15));
        await ApplyAsync(new StoreChange.IntervalClosed(Closed(Noon)), new StoreChange.IntervalClosed(second));
        await ApplyAsync(new StoreChange.OutboxSent([Closed(Noon).Key], Hash(1)), new StoreChange.OutboxSent([second.Key], Hash(2)));
        await ApplyAsync(new StoreChange.OutboxSettled(Hash(1), null, "reverted"), new StoreChange.OutboxSettled(Hash(2), null, null));
        Assert.Equal(second.Key, Assert.Single(await Store.Outbox.WaitingAsync(10, None)).Key);
        Assert.Empty(await Store.Outbox.UnsettledAsync(None));
    }

    [Fact]
    public async Task Closed_TheSameVersionTwice_CountsOnce()
    {
        await ApplyAsync(new StoreChange.IntervalClosed(Closed(Noon)));
        await ApplyAsync(new StoreChange.IntervalClosed(Closed(Noon)), new StoreChange.IntervalClosed(Closed(Noon, 2)));
        var totals = await Store.Readings.TotalsAsync(None);
        Assert.Equal((1, 1, 2), (totals.Intervals, totals.Corrections, totals.Waiting));
    }

    [Fact]
    public async Task ClosedBefore_GivesTheNewestVersionsNewestFirst()
    {
        Instant At(int quarter) => Noon + Duration.FromMinutes(15 * quarter);
        await ApplyAsync([.. Enumerable.Range(0, 6).Select(i => new StoreChange.IntervalClosed(Closed(At(i))))]);
        await ApplyAsync(new StoreChange.IntervalClosed(Closed(At(2), 2)), new StoreChange.IntervalClosed(Closed(At(3), microgrid: 2)));
        var page = await Store.Readings.ClosedBeforeAsync(Grid, At(4), 3, None);
        Assert.Equal([Closed(At(3)).Key, Closed(At(2), 2).Key, Closed(At(1)).Key], page.Select(closed => closed.Key));
        Assert.Equal(At(5), (await Store.Readings.ClosedBeforeAsync(Grid, null, 1, None))[0].Interval.Start);
        Assert.Equal(1, (await Store.Readings.ClosedAsync(Grid, At(2), 1, None))?.Version);
        Assert.Equal(2, (await Store.Readings.ClosedAsync(Grid, At(2), null, None))?.Version);
        Assert.Null(await Store.Readings.ClosedAsync(Grid, At(2), 3, None));
    }

    [Fact]
    public async Task Blocks_IndexedAndTakenBack_TheHeadFollows()
    {
        Assert.Null(await Store.Events.HeadAsync(None));
        await ApplyAsync([.. Enumerable.Range(1, 5).Select(i => Indexed(i))]);
        Assert.Equal(5ul, (await Store.Events.HeadAsync(None))?.Number);
        Assert.Equal([4ul, 3ul], (await Store.Events.BlocksAsync(5, 2, None)).Select(block => block.Number));
        await ApplyAsync(new StoreChange.BlocksRemoved(3));
        Assert.Equal(Block(3), await Store.Events.HeadAsync(None));
        Assert.Null(await Store.Events.BlockAsync(4, None));
        Assert.Equal(3, (await Store.Events.EventsAsync(EventPlace.Start, Hash(1), 100, None)).Count);
    }

    [Fact]
    public async Task Events_ReadOnInPages_GivesEachOnceInOrder()
    {
        await ApplyAsync([.. Enumerable.Range(1, 10).Select(i => Indexed(i))]);
        await ApplyAsync(Indexed(4));
        var all = new List<EventPlace>();
        for (var after = EventPlace.Start; ;)
        {
            var page = await Store.Events.EventsAsync(after, null, 3, None);
            if (page.Count == 0)
                break;
            all.AddRange(page.Select(logged => new EventPlace(logged.Block, logged.LogIndex)));
            after = all[^1];
        }

        Assert.Equal(Enumerable.Range(1, 10).SelectMany(i => new[] { new EventPlace((ulong)i, 0), new EventPlace((ulong)i, 2) }), all);
    }

    [Fact]
    public async Task Events_OfOneTopic_ComeBackWhole()
    {
        await ApplyAsync(Indexed(1), Indexed(2));
        var logged = (await Store.Events.EventsAsync(new(1, 1), Hash(2), 10, None))[0];
        Assert.Equal((1ul, 2, Hash(100), Meter(3).Key), (logged.Block, logged.LogIndex, logged.Transaction, logged.Contract));
        Assert.Equal([Hash(2), Hash(11), Hash(12)], logged.Topics);
        Assert.Equal(Bytes(70, 1), logged.Data.ToArray());
    }

    private static IndexedBlock Block(int number) =>
        new((ulong)number, Hash(number), Hash(number - 1), Noon + Duration.FromSeconds(number), 2, 21_000);

    private static StoreChange.BlockIndexed Indexed(int number) => new(
        Block(number),
        [
            new((ulong)number, 0, Hash(100), Meter(3).Key, [Hash(1)], ReadOnlyMemory<byte>.Empty),
            new((ulong)number, 2, Hash(100), Meter(3).Key, [Hash(2), Hash(11), Hash(12)], Bytes(70, number)),
        ]);
}
