using System.Diagnostics;
using Busbar.Cryptography;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Chains;
using Busbar.Ledger.Engine;
using Busbar.Ledger.Journal;
using Busbar.Ledger.Tests.Doubles;
using NodaTime;

namespace Busbar.Ledger.Tests.Engine;

public sealed class EngineChainTests
{
    [EngineFact]
    public async Task ExecuteAsync_SameOrdersTwice_SameBlockHashes()
    {
        Assert.Equal(await RunAsync(), await RunAsync());

        static async Task<Hash256> RunAsync()
        {
            await using var engine = new TestEngine();
            var chain = await engine.StartAsync();
            var writer = await TestEngine.DeployWriterAsync(chain);
            for (var i = 2; i < 10; i++)
                await TestEngine.WriteAsync(chain, writer, i, i);
            return (await chain.HeadAsync(CancellationToken.None)).Hash;
        }
    }

    [EngineFact]
    public async Task StartAsync_AfterKill_ReplaysToTheSameHashAndGoesOn()
    {
        await using var engine = new TestEngine();
        var chain = await engine.StartAsync();
        var writer = await TestEngine.DeployWriterAsync(chain);
        for (var i = 2; i < 20; i++)
        {
            if (i % 5 == 0)
                Process.GetProcessById(chain.ProcessId!.Value).Kill();
            var outcome = Assert.Single(await TestEngine.WriteAsync(chain, writer, i, i));
            Assert.True(outcome.Succeeded);
            Assert.Equal((ulong)i, outcome.Receipt!.BlockNumber);
        }

        var head = await chain.HeadAsync(CancellationToken.None);
        Assert.Equal(19UL, head.Number);
        await using var other = new TestEngine { Store = engine.Store.CopyJournal() };
        Assert.Equal(head with { }, await (await other.StartAsync()).HeadAsync(CancellationToken.None));
    }

    [EngineFact]
    public async Task StartAsync_FromSnapshotAndFromGenesis_SameHead()
    {
        await using var engine = new TestEngine();
        ChainHead head;
        await using (var chain = await engine.StartAsync(o => o with { SnapshotBlocks = 7 }))
        {
            var writer = await TestEngine.DeployWriterAsync(chain);
            for (var i = 2; i < 20; i++)
                await TestEngine.WriteAsync(chain, writer, i, i);
            head = await chain.HeadAsync(CancellationToken.None);
        }

        Assert.Equal(2, Directory.GetFiles(engine.Folder, "snapshot-*.json").Length);
        Assert.Equal(head, await HeadAsync(engine));
        foreach (var path in Directory.GetFiles(engine.Folder, "state-*.json").Order(StringComparer.Ordinal).Reverse())
        {
            await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..100]);
            Assert.Equal(head, await HeadAsync(engine));
        }

        static async Task<ChainHead> HeadAsync(TestEngine engine)
        {
            await using var again = await engine.StartAsync();
            return await again.HeadAsync(CancellationToken.None);
        }
    }

    [EngineFact]
    public async Task SubmitAsync_ManySenders_BlockKeepsTheirOrder()
    {
        await using var engine = new TestEngine();
        var chain = await engine.StartAsync();
        var keys = Enumerable.Range(0, 20).Select(i => TestEngine.NewKey($"household {i}")).ToList();
        var sent = new List<Hash256>();
        for (var i = 0; i < 60; i++)
        {
            var transaction = Transfer((ulong)(i / 20)).Sign(keys[(i * 7) % 20]);
            Assert.Equal(new Submission.Accepted(transaction.Hash), await chain.SubmitAsync(transaction.Raw, [], CancellationToken.None));
            sent.Add(transaction.Hash);
        }

        var head = await chain.MineAsync(TestEngine.At(1), CancellationToken.None);
        var block = await chain.Client.GetBlockAsync(head.Hash);
        Assert.Equal(sent, block!.TransactionHashes);
        await using var other = new TestEngine { Store = engine.Store.CopyJournal() };
        Assert.Equal(head, await (await other.StartAsync()).HeadAsync(CancellationToken.None));
    }

    [EngineFact]
    public async Task SubmitAsync_BadTransactions_RefusedByNameAndNotJournaled()
    {
        await using var engine = new TestEngine();
        var chain = await engine.StartAsync();
        var before = engine.Store.Records.Count;
        var good = Transfer(0);
        Assert.Equal(SubmissionRefusal.Invalid, await RefusalAsync(new byte[] { 1, 2, 3 }));
        Assert.Equal(SubmissionRefusal.Invalid, await RefusalAsync((good with { ChainId = 1 }).Sign(TestEngine.Key).Raw));
        Assert.Equal(SubmissionRefusal.Invalid, await RefusalAsync((good with { GasLimit = 20_000 }).Sign(TestEngine.Key).Raw));
        Assert.Equal(SubmissionRefusal.WrongNonce, await RefusalAsync((good with { Nonce = 1 }).Sign(TestEngine.Key).Raw));
        Assert.Equal(SubmissionRefusal.NotEnoughCoin, await RefusalAsync((good with { Value = 1 }).Sign(TestEngine.Key).Raw));
        Assert.Equal(SubmissionRefusal.TooMuchGas, await RefusalAsync((good with { GasLimit = 100_000_001 }).Sign(TestEngine.Key).Raw));
        Assert.Equal(before, engine.Store.Records.Count);
        var signed = good.Sign(TestEngine.Key);
        Assert.IsType<Submission.Accepted>(await chain.SubmitAsync(signed.Raw, [], CancellationToken.None));
        Assert.Equal(SubmissionRefusal.AlreadyKnown, await RefusalAsync(signed.Raw));

        async Task<SubmissionRefusal> RefusalAsync(ReadOnlyMemory<byte> raw) =>
            Assert.IsType<Submission.Refused>(await chain.SubmitAsync(raw, [], CancellationToken.None)).Reason;
    }

    [EngineFact]
    public async Task StartAsync_TransactionJournaledButNotMined_IsInTheNextBlock()
    {
        await using var engine = new TestEngine();
        var signed = Transfer(0).Sign(TestEngine.Key);
        await using (var chain = await engine.StartAsync())
            await chain.SubmitAsync(signed.Raw, [], CancellationToken.None);
        var again = await engine.StartAsync();
        var head = await again.MineAsync(TestEngine.At(1), CancellationToken.None);
        Assert.Equal([signed.Hash], (await again.Client.GetBlockAsync(head.Hash))!.TransactionHashes);
    }

    [EngineFact]
    public async Task MineAsync_DiskFails_NothingIsMined()
    {
        await using var engine = new TestEngine();
        var chain = await engine.StartAsync();
        engine.Store.BeforeAppend = _ => throw new StoreException("the disk is full", isTransient: true);
        await Assert.ThrowsAsync<StoreException>(() => chain.MineAsync(TestEngine.At(1), CancellationToken.None));
        engine.Store.BeforeAppend = null;
        Assert.Equal(0UL, await chain.Client.GetBlockNumberAsync());
        Assert.Equal(1UL, (await chain.MineAsync(TestEngine.At(1), CancellationToken.None)).Number);
    }

    [EngineFact]
    public async Task MineAsync_TimeNotLater_OneSecondAfterTheLastBlock()
    {
        await using var engine = new TestEngine();
        var chain = await engine.StartAsync();
        await chain.MineAsync(TestEngine.At(3), CancellationToken.None);
        var head = await chain.MineAsync(TestEngine.At(2), CancellationToken.None);
        Assert.Equal(TestEngine.At(3) + Duration.FromSeconds(1), head.Time);
    }

    [EngineFact]
    public async Task StartAsync_OtherChainId_RefusedByName()
    {
        await using var engine = new TestEngine();
        await (await engine.StartAsync()).DisposeAsync();
        Assert.Equal(EngineFailure.WrongChain, await FailureAsync(engine, o => o with { ChainId = 5 }));
    }

    [EngineFact]
    public async Task StartAsync_OtherVersionInJournal_RefusedByName()
    {
        await using var engine = new TestEngine();
        await (await engine.StartAsync()).DisposeAsync();
        engine.Store = engine.Store.CopyJournal(record => record.Kind == RecordKind.Genesis
            ? GenesisRecord.Read(new(0, record)) is var genesis ? (genesis with { Engine = "anvil/v1.6.0" }).ToRecord(record.At) : record
            : record);
        Assert.Equal(EngineFailure.WrongVersion, await FailureAsync(engine));
    }

    [EngineFact]
    public async Task StartAsync_BlockWasMinedOtherwise_RefusedByName()
    {
        await using var engine = new TestEngine();
        await using (var chain = await engine.StartAsync())
            await chain.MineAsync(TestEngine.At(1), CancellationToken.None);
        await using var other = new TestEngine
        {
            Store = engine.Store.CopyJournal(record => record.Kind == RecordKind.BlockMined
                ? new BlockMinedRecord(1, Keccak256.Hash([1]), []).ToRecord(record.At)
                : record),
        };
        Assert.Equal(EngineFailure.ReplayDiffers, await FailureAsync(other));
    }

    [EngineFact]
    public async Task StartAsync_FolderOfARunningNode_RefusedByName()
    {
        await using var engine = new TestEngine();
        await engine.StartAsync();
        Assert.Equal(EngineFailure.FolderInUse, await FailureAsync(engine));
    }

    [EngineFact]
    public async Task StartAsync_PortTaken_RefusedByName()
    {
        await using var engine = new TestEngine();
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal(EngineFailure.PortTaken, await FailureAsync(engine, o => o with { Port = port }));
    }

    [Fact]
    public async Task StartAsync_NoSuchBinary_RefusedByName()
    {
        await using var engine = new TestEngine();
        Assert.Equal(EngineFailure.BinaryMissing, await FailureAsync(engine, o => o with { BinaryPath = "/no/such/anvil" }));
    }

    private static async Task<EngineFailure> FailureAsync(TestEngine engine, Func<EngineOptions, EngineOptions>? change = null) =>
        (await Assert.ThrowsAsync<EngineException>(() => engine.StartAsync(change))).Failure;

    private static Transaction Transfer(ulong nonce) =>
        new() { ChainId = TestEngine.ChainId, Nonce = nonce, GasLimit = 21_000, To = TestEngine.NewKey("receiver").Address };
}
