using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Tests.Doubles;

namespace Busbar.Ledger.Tests.Chains;

public sealed class RemoteChainTests
{
    [EngineFact]
    public async Task ConnectAsync_OtherChainId_RefusedWithBothNumbers()
    {
        await using var other = await OtherChain.StartAsync();
        var failed = await Assert.ThrowsAsync<ChainException>(() => other.ConnectAsync(OtherChain.Options with { ChainId = 1 }));
        Assert.Contains("chain 777, not 1", failed.Message, StringComparison.Ordinal);
        Assert.False(failed.IsTransient);
    }

    [EngineFact]
    public async Task ExecuteAsync_ThreeConfirmations_FinalAfterTheThirdBlock()
    {
        await using var other = await OtherChain.StartAsync();
        await using var chain = await other.ConnectAsync(OtherChain.Options with { Confirmations = 3 });
        var execution = chain.ExecuteAsync(OtherChain.Order(), CancellationToken.None);
        await other.WaitForPoolAsync(pool => pool.Hashes.Count == 1);
        await other.MineAsync(2);
        await Assert.ThrowsAsync<TimeoutException>(() => execution.WaitAsync(TimeSpan.FromMilliseconds(100), TimeProvider.System));
        await other.MineAsync();
        var outcome = Assert.Single(await execution);
        Assert.True(outcome.Succeeded);
        Assert.Equal(1UL, outcome.Receipt!.BlockNumber);
        Assert.Equal(RecordKind.Transaction, Assert.Single(other.Store.Records).Kind);
    }

    [EngineFact]
    public async Task ExecuteAsync_Stuck_ReplacedByOneThatPaysMore()
    {
        await using var other = await OtherChain.StartAsync();
        await using var chain = await other.ConnectAsync(OtherChain.Options with { Patience = TimeSpan.FromMilliseconds(200) });
        var execution = chain.ExecuteAsync(OtherChain.Order(), CancellationToken.None);
        await other.WaitForPoolAsync(_ => other.Store.Records.Count > 1);
        var records = other.Store.Records.Select(record => SignedTransaction.Decode(record.Payload.Span)).ToList();
        await other.WaitForPoolAsync(pool => pool.Hashes.Any(hash => hash != records[0].Hash));
        await other.MineAsync();
        var outcome = Assert.Single(await execution);
        Assert.Equal(records[0].Hash, outcome.Hash);
        Assert.NotEqual(records[0].Hash, outcome.Receipt!.TransactionHash);
        Assert.Equal(records[0].Transaction.Nonce, records[1].Transaction.Nonce);
        Assert.True(records[1].Transaction.MaxFeePerGas > records[0].Transaction.MaxFeePerGas);
    }

    [EngineFact]
    public async Task FollowAsync_JournaledButNeverSent_SentAndSeenThrough()
    {
        await using var other = await OtherChain.StartAsync();
        await using var chain = await other.ConnectAsync();
        var signed = new Transaction { ChainId = OtherChain.ChainId, GasLimit = 21_000, To = default(Cryptography.Address), MaxFeePerGas = 1 }
            .Sign(TestEngine.Key);
        var owner = await other.Store.TakeOverAsync(JournalName.Engine, CancellationToken.None);
        await other.Store.AppendAsync(new(owner, [new(RecordKind.Transaction, 1, default, signed.Raw)], []), CancellationToken.None);
        var following = chain.FollowAsync(signed.Hash, CancellationToken.None);
        await other.WaitForPoolAsync(pool => pool.Hashes.Contains(signed.Hash));
        await other.MineAsync();
        Assert.True((await following).Succeeded);
    }

    [EngineFact]
    public async Task FollowAsync_NonceTakenByAnother_NotInABlock()
    {
        await using var other = await OtherChain.StartAsync();
        await using var chain = await other.ConnectAsync();
        var lost = new Transaction { ChainId = OtherChain.ChainId, GasLimit = 30_000, To = default(Cryptography.Address), MaxFeePerGas = 1 }
            .Sign(TestEngine.Key);
        var owner = await other.Store.TakeOverAsync(JournalName.Engine, CancellationToken.None);
        await other.Store.AppendAsync(new(owner, [new(RecordKind.Transaction, 1, default, lost.Raw)], []), CancellationToken.None);
        await other.Client.SendRawTransactionAsync((lost.Transaction with { GasLimit = 21_000 }).Sign(TestEngine.Key).Raw);
        await other.MineAsync(2);
        var outcome = await chain.FollowAsync(lost.Hash, CancellationToken.None);
        Assert.Null(outcome.Receipt);
        Assert.Contains("taken instead", outcome.Refusal, StringComparison.Ordinal);
    }
}
