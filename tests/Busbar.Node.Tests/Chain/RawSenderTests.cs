using System.Numerics;
using Busbar.Cryptography;
using Busbar.Device.Chain;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Chains;
using Busbar.Node.Tests.Billing;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Chain;

/// <summary>A device's own transactions through a real node's JSON-RPC, and what becomes of them when power or network go.</summary>
public sealed class RawSenderTests(BilledVillage village) : IClassFixture<BilledVillage>, IDisposable
{
    private static readonly BigInteger Amount = 1_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-sender-").FullName;
    private readonly PrivateKey _key = PrivateKey.Generate();
    private readonly MeddledWire _wire = new();
    private TestCommunity _community = null!;

    public void Dispose()
    {
        _wire.Dispose();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [EngineFact]
    public async Task SendAsync_Deposit_IsInABlockAndInTheVault()
    {
        await BeginAsync();

        var receipt = await Sender().SendAsync(Deposit(), default);

        Assert.True(receipt.Succeeded);
        Assert.Equal(_key.Address, receipt.From);
        await HasAsync(deposits: 1);
        Assert.Null(await Sender().ResumeAsync(default));
    }

    [EngineFact]
    public async Task SendAsync_PowerGoesBeforeItIsSent_TheSameTransactionIsSentOnce()
    {
        await BeginAsync();
        var first = await CutAsync(before: true);
        await HasAsync(deposits: 0);

        var receipt = await Sender().SendAsync(Deposit(), default);

        Assert.Equal(first.Hash, receipt.TransactionHash);
        await HasAsync(deposits: 1);
    }

    [EngineFact]
    public async Task SendAsync_PowerGoesAfterItIsSent_NothingIsSentTwice()
    {
        await BeginAsync();
        var first = await CutAsync(before: false);

        var receipt = await Sender().SendAsync(Deposit(), default);

        Assert.Equal(first.Hash, receipt.TransactionHash);
        await HasAsync(deposits: 1);
    }

    [EngineFact]
    public async Task ResumeAsync_PowerGoesBeforeItIsSent_SeesItThrough()
    {
        await BeginAsync();
        var first = await CutAsync(before: true);

        Assert.Equal(first.Hash, (await Sender().ResumeAsync(default))!.TransactionHash);
        Assert.Null(await Sender().ResumeAsync(default));
        await HasAsync(deposits: 1);
    }

    [EngineFact]
    public async Task SendAsync_AnotherCallAfterACrash_BothAreDoneInTheirOrder()
    {
        await BeginAsync();
        var first = await CutAsync(before: true);

        var receipt = await Sender().SendAsync(Deposit(2 * Amount), default);

        Assert.NotEqual(first.Hash, receipt.TransactionHash);
        await HasAsync(deposits: 3, transactions: 2);
    }

    [EngineFact]
    public async Task SendAsync_AnswerIsLost_SaidAgainAndDoneOnce()
    {
        await BeginAsync();
        var lost = 0;
        _wire.After = method =>
        {
            if (method == "eth_sendRawTransaction" && lost++ == 0)
                throw new HttpRequestException("the answer is lost");
        };

        Assert.True((await Sender().SendAsync(Deposit(), default)).Succeeded);
        await HasAsync(deposits: 1);
    }

    [EngineFact]
    public async Task SendAsync_NodeAway_IsSaidAndWhatWasSignedIsKept()
    {
        await BeginAsync();
        _wire.Before = method => throw new HttpRequestException("no cable");
        Assert.Equal((RawSendFailure.NodeAway, true), await FailsAsync(Deposit(), patience: TimeSpan.Zero));

        _wire.Before = static method =>
        {
            if (method == "eth_sendRawTransaction")
                throw new HttpRequestException("no cable");
        };
        Assert.Equal((RawSendFailure.NodeAway, true), await FailsAsync(Deposit(), patience: TimeSpan.Zero));

        _wire.Before = null;
        Assert.NotNull(await Sender().ResumeAsync(default));
        await HasAsync(deposits: 1);
    }

    [EngineFact]
    public async Task SendAsync_InNoBlock_IsKeptAndTheNextCallWaitsOn()
    {
        await BeginAsync();
        _wire.Invents = method => method switch
        {
            "eth_getTransactionReceipt" => DBNull.Value,
            "eth_getTransactionCount" => "0x0",
            _ => null,
        };
        Assert.Equal((RawSendFailure.StillPending, true), await FailsAsync(Deposit(), patience: TimeSpan.FromSeconds(3)));

        _wire.Invents = null;
        Assert.True((await Sender().SendAsync(Deposit(), default)).Succeeded);
        await HasAsync(deposits: 1);
    }

    [EngineFact]
    public async Task SendAsync_NonceTakenByAnother_IsSaidAndForgotten()
    {
        await BeginAsync();
        var first = await CutAsync(before: true);
        await ExecuteAsync(_key, Vault, Ledger.Contracts.Vault.EncodeDeposit(2 * Amount), Coin.FromWei((UInt128)(2 * Amount)));

        Assert.Equal((RawSendFailure.NonceTaken, false), await FailsAsync(Deposit()));
        Assert.Equal(0UL, first.Transaction.Nonce);
        Assert.True((await Sender().SendAsync(Deposit(), default)).Succeeded);
        await HasAsync(deposits: 3, transactions: 2);
    }

    [EngineFact]
    public async Task SendAsync_WithoutTheMoney_NothingIsSent()
    {
        await BeginAsync();

        Assert.Equal((RawSendFailure.NoFunds, false), await FailsAsync(Deposit(BigInteger.Pow(10, 24))));
        Assert.DoesNotContain("eth_sendRawTransaction", _wire.Asked, StringComparer.Ordinal);
    }

    [EngineFact]
    public async Task SendAsync_ContractWouldRefuse_IsExplainedAndNothingIsSent()
    {
        await BeginAsync();

        var failed = await Assert.ThrowsAsync<RawSendException>(() => Sender().SendAsync(Deposit() with { Value = Amount - 1 }, default));

        Assert.Equal(RawSendFailure.WouldRevert, failed.Reason);
        Assert.Contains("WrongValue", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("eth_sendRawTransaction", _wire.Asked, StringComparer.Ordinal);
    }

    [EngineFact]
    public async Task SendAsync_ContractRefusesInTheBlock_IsExplainedAndForgotten()
    {
        await BeginAsync();
        _wire.Invents = method => method == "eth_estimateGas" ? "0x30d40" : null;

        var failed = await Assert.ThrowsAsync<RawSendException>(() => Sender().SendAsync(Deposit() with { Value = Amount - 1 }, default));

        Assert.Equal(RawSendFailure.Reverted, failed.Reason);
        Assert.Contains("WrongValue", failed.Message, StringComparison.Ordinal);
        Assert.NotNull(Assert.IsType<EthereumRpcException>(failed.InnerException).RevertData);
        Assert.Null(await Sender().ResumeAsync(default));
        await HasAsync(deposits: 0, transactions: 1);
    }

    [EngineFact]
    public async Task SendAsync_NodeDoesNotTakeIt_IsSaidAndForgotten()
    {
        await BeginAsync();
        _wire.Invents = method => method == "eth_estimateGas" ? "0x1000000" : null;

        var failed = await Assert.ThrowsAsync<RawSendException>(() => Sender().SendAsync(Deposit(), default));

        Assert.Equal(RawSendFailure.Refused, failed.Reason);
        Assert.Contains("16777216 gas", failed.Message, StringComparison.Ordinal);
        Assert.Null(await Sender().ResumeAsync(default));
    }

    [EngineFact]
    public async Task SendAsync_AnotherChain_NothingIsSigned()
    {
        await BeginAsync();
        using var sender = Sender(chain: 1);

        var failed = await Assert.ThrowsAsync<RawSendException>(() => sender.SendAsync(Deposit(), default));

        Assert.Equal(RawSendFailure.WrongChain, failed.Reason);
        Assert.Equal(["eth_chainId"], _wire.Asked);
    }

    [EngineFact]
    public async Task SendAsync_GasTooDear_NothingIsSent()
    {
        await BeginAsync();
        _wire.Invents = method => method == "eth_feeHistory"
            ? new { oldestBlock = "0x1", baseFeePerGas = new[] { "0x1", "0xffffffffffff" }, gasUsedRatio = new[] { 0.5 } }
            : null;

        Assert.Equal((RawSendFailure.TooDear, false), await FailsAsync(Deposit()));
    }

    [EngineFact]
    public async Task SendAsync_AnotherProcessSendsFromTheFolder_IsRefused()
    {
        await BeginAsync();
        await using var held = new FileStream(Path.Combine(_folder, "sending.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal((RawSendFailure.NotKept, false), await FailsAsync(Deposit()));
    }

    private Address Vault => _community.Node.Contracts.Money!.Vault;

    private async Task BeginAsync()
    {
        _community = await village.CommunityAsync();
        await ExecuteAsync(village.Friend, _key.Address, [], Coin.FromCoins(1));
    }

    // Past the public JSON-RPC, which lets one address ask so much and no more.
    private async Task ExecuteAsync(PrivateKey key, Address to, byte[] data, Coin value)
    {
        var order = new ChainOrder(key, [new(to, data) { Value = value }]);
        Assert.True(Assert.Single(await _community.Node.Chain.ExecuteAsync(order, default)).Succeeded);
    }

    private RawCall Deposit(BigInteger? amount = null) => new(Vault, amount ?? Amount, Ledger.Contracts.Vault.EncodeDeposit(amount ?? Amount));

    private RawSender Sender(ulong? chain = null, TimeSpan? patience = null)
    {
        var http = new HttpClient(_wire, disposeHandler: false);
        return new(
            new(new JsonRpcClient(http, new(_community.Node.Page, "/rpc"))),
            _key.Address,
            transaction => transaction.Sign(_key),
            new()
            {
                Folder = _folder,
                ChainId = chain ?? _community.Node.Contracts.ChainId,
                Poll = TimeSpan.FromMilliseconds(200),
                Patience = patience ?? TestConnection.Patience,
            },
            TimeProvider.System);
    }

    private async Task<(RawSendFailure Reason, bool IsTransient)> FailsAsync(RawCall call, TimeSpan? patience = null)
    {
        using var sender = Sender(patience: patience);
        var failed = await Assert.ThrowsAsync<RawSendException>(() => sender.SendAsync(call, default));
        return (failed.Reason, failed.IsTransient);
    }

    // The power goes with the signed transaction on disk, before the node has it or right after.
    private async Task<SignedTransaction> CutAsync(bool before)
    {
        SignedTransaction? signed = null;
        using var sender = Sender();
        sender.Sending = sending => signed = sending;
        Action<string> cut = method =>
        {
            if (method == "eth_sendRawTransaction")
                throw new PowerCutException();
        };
        _wire.Before = before ? cut : null;
        _wire.After = before ? null : cut;
        await Assert.ThrowsAsync<PowerCutException>(() => sender.SendAsync(Deposit(), default));
        (_wire.Before, _wire.After) = (null, null);
        return signed!;
    }

    private async Task HasAsync(int deposits, int? transactions = null)
    {
        var client = _community.Node.Chain.Client;
        Assert.Equal(deposits * Amount, await Ledger.Contracts.Vault.FreeOfAsync(client, Vault, _key.Address, BlockTag.Latest, default));
        Assert.Equal((ulong)(transactions ?? deposits), await client.GetTransactionCountAsync(_key.Address));
    }
}
