using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Store.Tests.Conformance;

/// <summary>What every journal keeps to.</summary>
public abstract class JournalConformance : StoreSuite
{
    [Fact]
    public async Task Append_SeveralTimes_PositionsFollowOneAnother()
    {
        var owner = await OwnAsync();
        Assert.Equal(0, await AppendAsync(owner, Record(1), Record(2)));
        Assert.Equal(2, await AppendAsync(owner, Record(3)));
        Assert.Equal(3, await AppendAsync(owner));
    }

    [Fact]
    public async Task Read_AfterReopening_GivesEveryRecordAsItWas()
    {
        var owner = await OwnAsync();
        JournalRecord[] written =
        [
            new(RecordKind.Tick, 1, Noon, ReadOnlyMemory<byte>.Empty),
            new(RecordKind.Message, 255, Noon - Duration.FromHours(1), Bytes(300, 5)),
            new(RecordKind.Genesis, 3, Instant.FromUnixTimeMilliseconds(-1), Bytes(1, 9)),
        ];
        await AppendAsync(owner, written);
        await Store.ReopenAsync();
        var read = await AllAsync("microgrid/1");
        Assert.Equal([0, 1, 2], read.Select(entry => entry.Position));
        for (var i = 0; i < written.Length; i++)
        {
            Assert.Equal((written[i].Kind, written[i].Version, written[i].At), (read[i].Record.Kind, read[i].Record.Version, read[i].Record.At));
            Assert.Equal(written[i].Payload.ToArray(), read[i].Record.Payload.ToArray());
        }
    }

    [Fact]
    public async Task Read_FromTheMiddleOfAnAppend_BeginsThere()
    {
        var owner = await OwnAsync();
        for (var i = 0; i < 10; i++)
            await AppendAsync(owner, Record(3 * i), Record((3 * i) + 1), Record((3 * i) + 2));
        var read = await AllAsync("microgrid/1", 16);
        Assert.Equal(Enumerable.Range(16, 14).Select(i => (long)i), read.Select(entry => entry.Position));
        Assert.Equal(Record(16).Payload.ToArray(), read[0].Record.Payload.ToArray());
    }

    [Fact]
    public async Task Read_PastTheEndOrUnknown_IsEmpty()
    {
        await AppendAsync(await OwnAsync(), Record(1));
        Assert.Empty(await AllAsync("microgrid/1", 1));
        Assert.Empty(await AllAsync("microgrid/2"));
    }

    [Fact]
    public async Task Append_ByManyAtOnce_EachIsWholeAndInOrder()
    {
        var owners = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => OwnAsync($"microgrid/{i}")));
        var appends = Enumerable.Range(0, 400)
            .Select(i => AppendAsync(owners[i % 4], Record(2 * i), Record((2 * i) + 1))).ToArray();
        var positions = await Task.WhenAll(appends);
        for (var journal = 0; journal < 4; journal++)
        {
            var read = await AllAsync($"microgrid/{journal}");
            Assert.Equal(200, read.Count);
            for (var i = journal; i < 400; i += 4)
            {
                Assert.Equal(Record(2 * i).Payload.ToArray(), read[(int)positions[i]].Record.Payload.ToArray());
                Assert.Equal(Record((2 * i) + 1).Payload.ToArray(), read[(int)positions[i] + 1].Record.Payload.ToArray());
            }
        }
    }

    [Fact]
    public async Task Append_UnderAnOlderEpoch_IsFencedAndWritesNothing()
    {
        var old = await OwnAsync();
        var young = await OwnAsync();
        Assert.True(young.Epoch > old.Epoch);
        await AppendAsync(young, Record(1));
        var change = new StoreChange.IntervalClosed(Closed(Noon));
        await Assert.ThrowsAsync<JournalFencedException>(
            async () => await Store.Journal.AppendAsync(new(old, [Record(2)], [change]), None));
        await Assert.ThrowsAsync<JournalFencedException>(() => Store.Journal.SaveCheckpointAsync(old, 0, Bytes(1, 1), None));
        Assert.Single(await AllAsync("microgrid/1"));
        Assert.Empty(await Store.Outbox.WaitingAsync(10, None));
        Assert.Null(await Store.Journal.LoadCheckpointAsync(young.Journal, None));
    }

    [Fact]
    public async Task Append_FencedAmongOthers_TheOthersAreWritten()
    {
        var old = await OwnAsync();
        var young = await OwnAsync();
        var appends = Enumerable.Range(0, 60).Select(i => AppendAsync(i % 2 == 0 ? old : young, Record(i))).ToArray();
        foreach (var (append, i) in appends.Select((append, i) => (append, i)))
        {
            if (i % 2 == 0)
                await Assert.ThrowsAsync<JournalFencedException>(() => append);
            else
                await append;
        }

        Assert.Equal(30, (await AllAsync("microgrid/1")).Count);
    }

    [Fact]
    public async Task TakeOver_AfterReopening_TheEpochStillGrows()
    {
        var before = await OwnAsync();
        await AppendAsync(before, Record(1));
        await Store.ReopenAsync();
        var after = await OwnAsync();
        Assert.True(after.Epoch > before.Epoch);
        Assert.Equal(1, await AppendAsync(after, Record(2)));
    }

    [Fact]
    public async Task Append_PayloadTooLarge_IsTheCallersBug()
    {
        var owner = await OwnAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync(owner, Record(1, JournalRecord.MaximumPayload + 1)));
        await AppendAsync(owner, Record(1, JournalRecord.MaximumPayload));
        Assert.Equal(JournalRecord.MaximumPayload, (await AllAsync("microgrid/1"))[0].Record.Payload.Length);
    }

    [Fact]
    public async Task Append_CancelledBefore_WritesNothing()
    {
        var owner = await OwnAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.Journal.AppendAsync(new(owner, [Record(1)], []), new CancellationToken(canceled: true)));
        Assert.Empty(await AllAsync("microgrid/1"));
    }

    [Fact]
    public async Task Checkpoint_SavedTwice_TheNewerIsLoaded()
    {
        var owner = await OwnAsync();
        await AppendAsync(owner, Record(1), Record(2));
        Assert.Null(await Store.Journal.LoadCheckpointAsync(owner.Journal, None));
        await Store.Journal.SaveCheckpointAsync(owner, 1, Bytes(100, 1), None);
        await Store.Journal.SaveCheckpointAsync(owner, 2, Bytes(50, 2), None);
        await Store.ReopenAsync();
        var loaded = await Store.Journal.LoadCheckpointAsync(owner.Journal, None);
        Assert.NotNull(loaded);
        Assert.Equal(2, loaded.Position);
        Assert.Equal(Bytes(50, 2), loaded.State.ToArray());
    }

    [Fact]
    public async Task Checkpoint_PastTheEnd_IsTheCallersBug()
    {
        var owner = await OwnAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.Journal.SaveCheckpointAsync(owner, 1, Bytes(1, 1), None));
    }
}
