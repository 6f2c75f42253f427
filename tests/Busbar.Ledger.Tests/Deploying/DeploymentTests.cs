using Busbar.Cryptography;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Tests.Doubles;

namespace Busbar.Ledger.Tests.Deploying;

public sealed class DeploymentTests
{
    [EngineFact]
    public async Task DeployAsync_SamePlanTwice_SameAddressesAndHash()
    {
        Assert.Equal(await RunAsync(), await RunAsync());

        static async Task<(ContractAddresses, Hash256)> RunAsync()
        {
            await using var engine = new TestEngine();
            var chain = await engine.StartAsync();
            var steps = new List<DeploymentStep>();
            var deployment = await Deployment.DeployAsync(chain, TestCommunity.Plan, new Told(steps.Add), CancellationToken.None);
            Assert.Equal(23, steps.Count);
            Assert.Equal((23, 23), (steps[^1].Done, steps[^1].Total));
            return (deployment.Contracts, (await chain.HeadAsync(CancellationToken.None)).Hash);
        }
    }

    [EngineFact]
    public async Task DeployAsync_NobodyTold_FirstBlockIsTheCouncilsAllTheSame()
    {
        await using var engine = new TestEngine();
        var chain = await engine.StartAsync();
        var deployment = await Deployment.DeployAsync(chain, TestCommunity.Plan, progress: null, CancellationToken.None);
        Assert.Equal((1UL, 23UL), (deployment.FirstBlock, deployment.LastBlock));
    }

    [EngineFact]
    public async Task DeployAsync_CutOffAfterEachStepAndTakenUp_AsIfItNeverWas()
    {
        await using var whole = new TestEngine();
        var uncut = await Deployment.DeployAsync(await whole.StartAsync(), TestCommunity.Plan, progress: null, CancellationToken.None);
        await using var engine = new TestEngine();
        var chain = await engine.StartAsync();
        var plan = TestCommunity.Plan with { IsTakenUp = true, Time = null };
        for (var cut = 1; cut <= 23; cut++)
        {
            using var cutting = new CancellationTokenSource();
            var one = new Told(_ => cutting.Cancel());
            if (cut < 23)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Deployment.DeployAsync(chain, plan, one, cutting.Token));
            Assert.Equal((ulong)Math.Min(cut, 22), (await chain.HeadAsync(CancellationToken.None)).Number);
        }

        var deployment = await Deployment.DeployAsync(chain, plan, progress: null, CancellationToken.None);
        Assert.Equal((uncut.Contracts, 1UL, 23UL), (deployment.Contracts, deployment.FirstBlock, deployment.LastBlock));
        var again = await Deployment.DeployAsync(chain, plan, progress: null, CancellationToken.None);
        Assert.Equal(deployment, again);
        Assert.True(await Busbar.Ledger.Contracts.Council.HoldsAsync(
            chain.Client, deployment.Contracts.Council, 1, 0, TestCommunity.Operator.Address, Busbar.Ethereum.JsonRpc.BlockTag.Latest, CancellationToken.None));
        var contracts = deployment.Contracts;
        foreach (var market in new[] { contracts.Market!.Board, contracts.Market.Demands, contracts.Channels!.Value })
        {
            Assert.True(await Busbar.Ledger.Contracts.Storage.IsMarketAsync(
                chain.Client, contracts.Market.Storage, market, Busbar.Ethereum.JsonRpc.BlockTag.Latest, CancellationToken.None));
        }
    }

    [EngineFact]
    public async Task DeployAsync_OwnerIsRegulator_FailsWithTheContractsReason()
    {
        await using var engine = new TestEngine();
        var chain = await engine.StartAsync();
        var plan = TestCommunity.Plan with { Owner = TestCommunity.Regulators[0].Address };
        var failed = await Assert.ThrowsAsync<DeploymentException>(() => Deployment.DeployAsync(chain, plan, null, CancellationToken.None));
        Assert.Contains("OwnerCannotBeRegulator", failed.Message, StringComparison.Ordinal);
        Assert.Equal(0UL, (await chain.HeadAsync(CancellationToken.None)).Number);
    }

    [Fact]
    public async Task ReadAsync_WhatWasWritten_TheSame()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "addresses.json");
        var file = Sample();
        await file.WriteAsync(path, CancellationToken.None);
        Assert.Equal(file, await DeploymentFile.ReadAsync(path, CancellationToken.None));
    }

    [Theory]
    [InlineData("busbar-deployment-1", "busbar-deployment-2", "format")]
    [InlineData("\"meters\": \"0x", "\"meters\": \"1x", "contracts.meters")]
    [InlineData("\"chainId\"", "\"chainID2\"", "chainID2")]
    [InlineData("{", "", "no addresses file")]
    public async Task ReadAsync_Damaged_TellsWhat(string from, string to, string told)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "addresses.json");
        await Sample().WriteAsync(path, CancellationToken.None);
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace(from, to, StringComparison.Ordinal));
        var failed = await Assert.ThrowsAsync<DeploymentException>(() => DeploymentFile.ReadAsync(path, CancellationToken.None));
        Assert.Contains(told, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_NoFile_TellsThePath()
    {
        var failed = await Assert.ThrowsAsync<DeploymentException>(() => DeploymentFile.ReadAsync("/no/such/file", CancellationToken.None));
        Assert.Contains("/no/such/file", failed.Message, StringComparison.Ordinal);
    }

    private static DeploymentFile Sample()
    {
        var addresses = Enumerable.Range(0, 13).Select(i => TestEngine.NewKey($"contract {i}").Address).ToList();
        var money = new MoneyContracts(addresses[5], addresses[6], addresses[7]);
        var market = new MarketContracts(addresses[8], addresses[9], addresses[10], addresses[11]);
        var contracts = new ContractAddresses(5, addresses[0], addresses[1], addresses[2], addresses[3])
        {
            Money = money,
            Market = market,
            Channels = addresses[12],
        };
        return new(contracts, addresses[4], 1, 22, "solc");
    }

    private sealed class Told(Action<DeploymentStep> tell) : IProgress<DeploymentStep>
    {
        public void Report(DeploymentStep value) => tell(value);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("busbar-deployment-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
