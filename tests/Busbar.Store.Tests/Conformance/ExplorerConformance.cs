using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Exploring;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Store.Tests.Conformance;

/// <summary>What every explorer keeps to.</summary>
public abstract class ExplorerConformance : StoreSuite
{
    private static readonly Address Everyone = Meter(1).Key;

    [Fact]
    public async Task Transaction_WithEverything_ComesBackWhole()
    {
        var full = Transaction(5, 0) with
        {
            To = null,
            Created = Meter(9).Key,
            Value = BigInteger.Pow(2, 255) + 7,
            Nonce = ulong.MaxValue,
            Succeeded = false,
            RevertData = Bytes(36, 3),
            Input = Bytes(3, 4),
        };
        var bare = Transaction(5, 1) with { Input = ReadOnlyMemory<byte>.Empty };
        await ApplyAsync(new StoreChange.BlockIndexed(Block(5), [], new([full, bare], [])));
        var read = (await Store.Explorer.TransactionAsync(full.Hash, None))!.Transaction;
        Assert.Equal(full.Input.ToArray(), read.Input.ToArray());
        Assert.Equal(full.RevertData!.Value.ToArray(), read.RevertData!.Value.ToArray());
        Assert.Equal(full with { Input = default, RevertData = null, Touched = [] }, read with { Input = default, RevertData = null, Touched = [] });
        var other = (await Store.Explorer.TransactionAsync(bare.Hash, None))!;
        Assert.Equal((null, 0, BigInteger.Zero), (other.Transaction.RevertData, other.Transaction.Input.Length, other.Transaction.Value));
        Assert.Equal(Block(5), other.Block);
        Assert.Null(await Store.Explorer.TransactionAsync(Hash(12_345), None));
    }

    [Fact]
    public async Task Transaction_LogsOfAllContracts_InTheirOrder()
    {
        await ApplyAsync(Indexed(5));
        var record = (await Store.Explorer.TransactionAsync(Transaction(5, 1).Hash, None))!;
        Assert.Equal([1, 2, 3], record.Logs.Select(log => log.LogIndex));
        Assert.Equal([Meter(3).Key, Meter(8).Key, Meter(8).Key], record.Logs.Select(log => log.Contract));
        Assert.Equal([Hash(2), Hash(11)], record.Logs[0].Topics);
        Assert.Empty(record.Logs[1].Topics);
        Assert.Equal([Hash(31), Hash(32)], record.Logs[2].Topics);
        Assert.Equal(Bytes(70, 5), record.Logs[2].Data.ToArray());
        Assert.Equal([0], (await Store.Explorer.TransactionAsync(Transaction(5, 0).Hash, None))!.Logs.Select(log => log.LogIndex));
        Assert.Empty((await Store.Explorer.TransactionAsync(Transaction(5, 2).Hash, None))!.Logs);
    }

    [Fact]
    public async Task Transactions_ReadOnWhileBlocksComeIn_GivesEachOnceNewestFirst()
    {
        await ApplyAsync([.. Enumerable.Range(1, 6).Select(Indexed)]);
        var all = new List<TransactionPlace>();
        TransactionPlace? before = null;
        while (await Store.Explorer.TransactionsAsync(before, 4, None) is { Count: > 0 } page)
        {
            all.AddRange(page.Select(entry => entry.Place));
            before = all[^1];
            await ApplyAsync(Indexed(7 + all.Count));
        }

        Assert.Equal(Enumerable.Range(1, 6).SelectMany(block => Enumerable.Range(0, 3).Select(at => Place(block, at))).Reverse(), all);
    }

    [Fact]
    public async Task Transactions_OfABlock_OnlyThose()
    {
        await ApplyAsync(Indexed(1), Indexed(2), Indexed(3));
        Assert.Equal([Place(2, 2), Place(2, 1), Place(2, 0)], await PlacesAsync(Store.Explorer.TransactionsOfBlockAsync(2, null, 10, None)));
        Assert.Equal([Place(2, 0)], await PlacesAsync(Store.Explorer.TransactionsOfBlockAsync(2, 1, 10, None)));
        Assert.Empty(await Store.Explorer.TransactionsOfBlockAsync(4, null, 10, None));
        Assert.Empty(await Store.Explorer.TransactionsOfBlockAsync(ulong.MaxValue, null, 10, None));
        var entry = (await Store.Explorer.TransactionsOfBlockAsync(2, null, 1, None))[0];
        Assert.Equal((Block(2).Time, 0x445566u, true), (entry.Time, entry.Selector & 0xffffff, entry.Succeeded));
    }

    [Fact]
    public async Task Transactions_OfAnAddress_WithCountAndWhenSeen()
    {
        await ApplyAsync([.. Enumerable.Range(1, 4).Select(Indexed)]);
        Assert.Equal([Place(3, 1), Place(2, 1)], await PlacesAsync(Store.Explorer.TransactionsOfAsync(Meter(51).Key, Place(4, 1), 2, None)));
        Assert.Equal(new(Meter(51).Key, 4, Block(1).Time, Block(4).Time), await Store.Explorer.AddressAsync(Meter(51).Key, None));
        Assert.Equal(12, (await Store.Explorer.AddressAsync(Everyone, None)).Transactions);
        Assert.Equal(new(Meter(99).Key, 0, null, null), await Store.Explorer.AddressAsync(Meter(99).Key, None));
        Assert.Empty(await Store.Explorer.TransactionsOfAsync(Meter(99).Key, null, 5, None));
    }

    [Fact]
    public async Task Blocks_TakenBackOrIndexedAgain_CountsFollow()
    {
        await ApplyAsync([.. Enumerable.Range(1, 5).Select(Indexed)]);
        Assert.Equal(new(5, 15, 4), await Store.Explorer.CountsAsync(None));
        await ApplyAsync(Indexed(4), Indexed(4));
        Assert.Equal(new(5, 15, 4), await Store.Explorer.CountsAsync(None));
        await ApplyAsync(new StoreChange.BlocksRemoved(2));
        Assert.Equal(new(2, 6, 4), await Store.Explorer.CountsAsync(None));
        Assert.Equal(new(Meter(51).Key, 2, Block(1).Time, Block(2).Time), await Store.Explorer.AddressAsync(Meter(51).Key, None));
        Assert.Null(await Store.Explorer.TransactionAsync(Transaction(3, 1).Hash, None));
        await ApplyAsync(new StoreChange.BlocksRemoved(0));
        Assert.Equal(new(0, 0, 0), await Store.Explorer.CountsAsync(None));
    }

    [Fact]
    public async Task Blocks_ByNumberAndHash_AndHowManyAreNewer()
    {
        await ApplyAsync([.. Enumerable.Range(1, 5).Select(Indexed)]);
        Assert.Equal(Block(3), await Store.Explorer.BlockAsync(3, None));
        Assert.Equal(Block(3), await Store.Explorer.BlockAsync(Block(3).Hash, None));
        Assert.Null(await Store.Explorer.BlockAsync(Hash(77), None));
        Assert.Equal([3ul, 2ul], (await Store.Explorer.BlocksAsync(4, 2, None)).Select(block => block.Number));
        Assert.Equal(new(2, 5), await Store.Explorer.NewerAsync(3, Place(4, 0), 100, None));
        Assert.Equal(new(5, 7), await Store.Explorer.NewerAsync(null, null, 7, None));
        Assert.Equal(new(0, 0), await Store.Explorer.NewerAsync(5, Place(5, 2), 7, None));
    }

    [Theory]
    [InlineData(3, int.MaxValue, 2)]
    [InlineData(4, 1 << 20, 1)]
    [InlineData(5, int.MaxValue, 0)]
    [InlineData(long.MaxValue, 1, 0)]
    [InlineData(ulong.MaxValue, int.MaxValue, 0)]
    public async Task Newer_ThanAPlaceThatNoTransactionHas_ThoseAfterItsBlock(ulong block, int position, int newer)
    {
        await ApplyAsync([.. Enumerable.Range(1, 5).Select(number => Indexed(number))]);
        var found = await Store.Explorer.NewerAsync(block, new(block, position), 100, None);
        Assert.Equal((newer, newer * 3), (found.Blocks, found.Transactions));
        Assert.Equal((5 - newer) * 3, (await Store.Explorer.TransactionsAsync(new(block, position), 100, None)).Count);
        Assert.Equal(Math.Min(block, 6) - 1, (ulong)(await Store.Explorer.BlocksAsync(block, 100, None)).Count);
    }

    [Fact]
    public async Task BareBlocks_AreThoseIndexedWithEventsAlone()
    {
        await ApplyAsync([.. Enumerable.Range(1, 5).Select(i => i == 3 ? Indexed(i) : Indexed(i) with { Content = null })]);
        Assert.Equal([5ul, 4ul, 2ul], (await Store.Events.BareBlocksAsync(null, 3, None)).Select(block => block.Number));
        Assert.Equal([1ul], (await Store.Events.BareBlocksAsync(2, 3, None)).Select(block => block.Number));
        Assert.Equal(3, (await Store.Explorer.CountsAsync(None)).Transactions);
    }

    protected static StoreChange.BlockIndexed Indexed(int number) => new(
        Block(number),
        [
            new((ulong)number, 0, Transaction(number, 0).Hash, Meter(3).Key, [Hash(1)], ReadOnlyMemory<byte>.Empty),
            new((ulong)number, 1, Transaction(number, 1).Hash, Meter(3).Key, [Hash(2), Hash(11)], ReadOnlyMemory<byte>.Empty),
        ],
        new(
            [.. Enumerable.Range(0, 3).Select(at => Transaction(number, at))],
            [
                new((ulong)number, 2, Transaction(number, 1).Hash, Meter(8).Key, [], Bytes(1, 1)),
                new((ulong)number, 3, Transaction(number, 1).Hash, Meter(8).Key, [Hash(31), Hash(32)], Bytes(70, number)),
            ]));

    private static IndexedBlock Block(int number) =>
        new((ulong)number, Hash(number), Hash(number - 1), Noon + Duration.FromSeconds(number), 3, 63_000);

    private static TransactionPlace Place(int block, int position) => new((ulong)block, position);

    private static async Task<IEnumerable<TransactionPlace>> PlacesAsync(Task<IReadOnlyList<TransactionEntry>> entries) =>
        (await entries).Select(entry => entry.Place);

    private static IndexedTransaction Transaction(int block, int position) => new()
    {
        Hash = Hash(1000 + (block * 10) + position),
        Place = Place(block, position),
        From = Everyone,
        To = Meter(50 + position).Key,
        Nonce = (ulong)block,
        GasUsed = 21_000,
        GasLimit = 30_000,
        Succeeded = true,
        Input = new byte[] { (byte)block, 0x44, 0x55, 0x66, 1, 2 },
        Touched = [Everyone, Meter(50 + position).Key],
    };
}
