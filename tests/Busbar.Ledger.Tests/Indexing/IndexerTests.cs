using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Indexing;
using Busbar.Ledger.Tests.Doubles;

namespace Busbar.Ledger.Tests.Indexing;

public sealed class IndexerTests
{
    private static readonly ContractAddresses Nobody = new(OtherChain.ChainId, default, default, default, default);

    [EngineFact]
    public async Task CatchUpAsync_ChainReorganised_OldBlocksTakenBackAndSubscribersTold()
    {
        await using var other = await OtherChain.StartAsync();
        await using var chain = await other.ConnectAsync();
        var indexer = new Indexer(chain, other.Store, Nobody, 0);
        await other.MineAsync(2);
        var before = await other.AskAsync("evm_snapshot");
        await other.MineAsync(3);
        await indexer.CatchUpAsync(CancellationToken.None);
        var changes = indexer.ChangesAsync(EventPlace.Start, CancellationToken.None).GetAsyncEnumerator();
        for (var number = 0UL; number <= 5; number++)
        {
            Assert.True(await changes.MoveNextAsync());
            Assert.Equal(number, Assert.IsType<ChainChange.BlockAdded>(changes.Current).Block.Number);
        }

        await other.AskAsync("evm_revert", before.GetString());
        await other.MineAsync(4);
        var head = await indexer.CatchUpAsync(CancellationToken.None);
        Assert.Equal(6UL, head!.Number);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(new ChainChange.BlocksTakenBack(2), changes.Current);
        var blocks = (await other.Store.BlocksAsync(null, 10, CancellationToken.None)).Reverse().ToList();
        Assert.Equal(7, blocks.Count);
        Assert.All(blocks.Zip(blocks.Skip(1)), pair => Assert.Equal(pair.First.Hash, pair.Second.Parent));
        Assert.Equal((await other.Client.GetBlockAsync(Ethereum.JsonRpc.BlockTag.Latest))!.Hash, head.Hash);
        await changes.DisposeAsync();
    }

    [EngineFact]
    public async Task CatchUpAsync_IndexOfAnotherChain_RefusedByName()
    {
        await using var first = await OtherChain.StartAsync();
        await using var second = await OtherChain.StartAsync();
        await first.MineAsync();
        await second.Client.SendRawTransactionAsync(Signed());
        await second.MineAsync();
        await using var chain = await first.ConnectAsync();
        await new Indexer(chain, first.Store, Nobody, 1).CatchUpAsync(CancellationToken.None);
        await using var elsewhere = await RemoteChain.ConnectAsync(
            second.Client, OtherChain.Options, first.Store, TimeProvider.System, CancellationToken.None);
        var failed = await Assert.ThrowsAsync<ChainException>(
            () => new Indexer(elsewhere, first.Store, Nobody, 1).CatchUpAsync(CancellationToken.None));
        Assert.Contains("another chain", failed.Message, StringComparison.Ordinal);

        static ReadOnlyMemory<byte> Signed() =>
            new Transaction { ChainId = OtherChain.ChainId, GasLimit = 21_000, To = default(Cryptography.Address) }.Sign(TestEngine.Key).Raw;
    }
}
