using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.Abi;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;

namespace Busbar.Ethereum.Tests.Contracts;

/// <summary>The binding of Sample.json against the real contract: the EVM and the Solidity compiler are the judges of the encoding.</summary>
public sealed class SampleOnAnvilTests
{
    private static readonly Sample.Shape Shape = new(
        "त्रिभुज △",
        [new Sample.Point(-1, Int128.MinValue), new Sample.Point(int.MaxValue, Int128.MaxValue)],
        [1, 2, 3, ulong.MaxValue],
        Keccak256.Hash([1]),
        new byte[33],
        1,
        [new Sample.Point(0, 1), new Sample.Point(2, 3)],
        ["", new string('x', 100)]);

    [AnvilFact]
    public async Task Deployment_ConstructorArguments_ReadBack()
    {
        using var anvil = await Anvil.StartAsync();
        var contract = await DeployAsync(anvil);

        Assert.Equal(ContractAddress.Create(Anvil.Rich.Address, 0), contract);
        Assert.Equal(BigInteger.Pow(2, 200), await Sample.LimitOfAllAsync(anvil.Client, contract));
        Assert.Equal("a title", await Sample.TitleAsync(anvil.Client, contract));
    }

    [AnvilFact]
    public async Task Echo_NestedStructs_ComeBackTheSame()
    {
        using var anvil = await Anvil.StartAsync();
        var contract = await DeployAsync(anvil);

        var echoed = await Sample.EchoAsync(anvil.Client, contract, [Shape, Shape with { Points = [], Name = "" }]);

        Assert.Equal(2, echoed.Count);
        Assert.Equal(Sample.EncodeEcho([Shape, Shape with { Points = [], Name = "" }]), Sample.EncodeEcho(echoed));
        Assert.Equal((Shape.Name, Shape.Points[1], Shape.Id), (echoed[0].Name, echoed[0].Points[1], echoed[0].Id));
    }

    [AnvilFact]
    public async Task Widths_ExtremesOfEachType_ComeBackTheSame()
    {
        using var anvil = await Anvil.StartAsync();
        var contract = await DeployAsync(anvil);
        var wide = BigInteger.Pow(2, 160) - 1;
        var negative = -BigInteger.Pow(2, 255);

        var (a, b, c, d, e, f, g, h, i, j, k) = await Sample.WidthsAsync(
            anvil.Client, contract, 255, 0xffffff, 0xffffffffff, (UInt128.One << 96) - 1, wide, -128, -(1L << 39), -(Int128.One << 95), negative, [1, 2, 3, 4], true);

        Assert.Equal((255, 0xffffffu, 0xfffffffffful, (UInt128.One << 96) - 1, wide), (a, b, c, d, e));
        Assert.Equal((-128, -(1L << 39), -(Int128.One << 95), negative, true), (f, g, h, i, k));
        Assert.Equal([1, 2, 3, 4], j);
    }

    [AnvilFact]
    public async Task Find_Overloads_EachItsOwnFunction()
    {
        using var anvil = await Anvil.StartAsync();
        var contract = await DeployAsync(anvil);

        var (known, place) = await Sample.FindAsync(anvil.Client, contract, 1);
        var sum = await Sample.FindWithNameBlockAsync(anvil.Client, contract, Hash256.Zero, [[], [41]]);

        Assert.True(known);
        Assert.Equal(new Sample.Point(-1, 2), place);
        Assert.Equal(41, sum);
    }

    [AnvilFact]
    public async Task Check_Reverts_TypedErrors()
    {
        using var anvil = await Anvil.StartAsync();
        var contract = await DeployAsync(anvil);
        var limit = BigInteger.Pow(2, 200);

        await Sample.CheckAsync(anvil.Client, contract, 3);
        Assert.Equal(new Sample.Errors.TooFar(Address.Zero, limit + 1, limit), await ErrorAsync(limit + 1));
        Assert.Equal(new Sample.Errors.Closed(), await ErrorAsync(0));
        Assert.Equal(new SolidityRevert("one is not enough"), await ErrorAsync(1));
        Assert.Equal(new SolidityPanic(0x12), await ErrorAsync(2));

        async Task<IContractError?> ErrorAsync(BigInteger by)
        {
            var failed = await Assert.ThrowsAsync<EthereumRpcException>(() => Sample.CheckAsync(anvil.Client, contract, by));
            Assert.True(Sample.Errors.TryDecode(failed.RevertData!.Value, out var error));
            return error;
        }
    }

    [AnvilFact]
    public async Task Draw_Logs_TypedEventsAndFilterFindsThem()
    {
        using var anvil = await Anvil.StartAsync();
        var contract = await DeployAsync(anvil);

        var receipt = await SendAsync(anvil, 1, contract, Sample.EncodeDraw(Shape, "tag"));
        var filter = new LogFilter { From = BlockTag.Earliest, Addresses = [contract], Topics = [[Sample.Events.Drawn.Topic, Sample.Events.Emptied2.Topic]] };
        var found = await anvil.Client.GetLogsAsync(filter);

        var events = receipt.Logs.Select(l => Sample.Events.TryDecode(l, out var decoded) ? decoded : null).ToList();
        var drawn = Assert.IsType<Sample.Events.Drawn>(events[0]);
        Assert.Equal((Anvil.Rich.Address, Keccak256.Hash("tag"u8), -5, Shape.Name), (drawn.Who, drawn.Tag, drawn.Place, drawn.Name));
        Assert.Equal(Sample.EncodeEcho([Shape]), Sample.EncodeEcho([drawn.Shape]));
        Assert.Equal(new Sample.Events.Emptied(), events[1]);
        Assert.Equal(new Sample.Events.Emptied2(7), events[2]);
        Assert.Equal([0ul, 2ul], found.Select(l => l.LogIndex));
    }

    [AnvilFact]
    public async Task Call_NoContractThere_SaysSo()
    {
        using var anvil = await Anvil.StartAsync();

        var failed = await Assert.ThrowsAsync<EthereumRpcException>(() => Sample.TitleAsync(anvil.Client, Anvil.Rich.Address));

        Assert.Contains("no such contract", failed.Message, StringComparison.Ordinal);
    }

    private static async Task<Address> DeployAsync(Anvil anvil) =>
        (await SendAsync(anvil, 0, null, Sample.EncodeDeployment(BigInteger.Pow(2, 200), "a title"))).ContractAddress!.Value;

    private static async Task<TransactionReceipt> SendAsync(Anvil anvil, ulong nonce, Address? to, byte[] data)
    {
        var signed = new Transaction
        {
            ChainId = 31337,
            Nonce = nonce,
            MaxFeePerGas = 10_000_000_000,
            GasLimit = 3_000_000,
            To = to,
            Data = data,
        }.Sign(Anvil.Rich);
        await anvil.Client.SendRawTransactionAsync(signed.Raw);
        await anvil.MineAsync();
        var receipt = await anvil.Client.GetTransactionReceiptAsync(signed.Hash);
        Assert.True(receipt!.Succeeded);
        return receipt;
    }
}
