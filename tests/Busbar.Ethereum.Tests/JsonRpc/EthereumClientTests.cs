using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;

namespace Busbar.Ethereum.Tests.JsonRpc;

public sealed class EthereumClientTests
{
    private static readonly Address Friend = Address.Parse("0x3535353535353535353535353535353535353535");

    [AnvilFact]
    public async Task SendRawTransaction_DynamicFeeTransfer_ReceiptBlockAndBalanceTellOfIt()
    {
        using var anvil = await Anvil.StartAsync();
        var client = anvil.Client;
        var signed = (await TransferAsync(client, 0)).Sign(Anvil.Rich);

        var hash = await client.SendRawTransactionAsync(signed.Raw);
        Assert.Null(await client.GetTransactionReceiptAsync(hash));
        Assert.Null((await client.GetTransactionAsync(hash))!.BlockHash);
        await anvil.MineAsync();
        var receipt = await client.GetTransactionReceiptAsync(hash);
        var block = await client.GetBlockAsync(BlockTag.At(receipt!.BlockNumber), withTransactions: true);

        Assert.Equal(signed.Hash, hash);
        Assert.True(receipt.Succeeded);
        Assert.Equal(Anvil.Rich.Address, receipt.From);
        Assert.Equal(Friend, receipt.To);
        Assert.Equal(21_000ul, receipt.GasUsed);
        Assert.Equal(receipt.BlockHash, block!.Hash);
        Assert.Equal(hash, Assert.Single(block.TransactionHashes));
        Assert.Equal(12_345, Assert.Single(block.Transactions).Value);
        Assert.Equal(12_345, await client.GetBalanceAsync(Friend));
        Assert.Equal(1ul, await client.GetTransactionCountAsync(Anvil.Rich.Address));
        Assert.Equal(receipt.BlockNumber, await client.GetBlockNumberAsync());
        Assert.Equal(hash, (await client.GetTransactionAsync(hash))!.Hash);
        Assert.Equal(hash, Assert.Single((await client.GetBlockReceiptsAsync(BlockTag.Latest))!).TransactionHash);
    }

    [AnvilFact]
    public async Task SendRawTransactions_OneOfThemBad_OnlyThatOneRefused()
    {
        using var anvil = await Anvil.StartAsync();
        var first = (await TransferAsync(anvil.Client, 0)).Sign(Anvil.Rich);
        var second = (await TransferAsync(anvil.Client, 1)).Sign(Anvil.Rich);
        var foreign = ((await TransferAsync(anvil.Client, 2)) with { ChainId = 5 }).Sign(Anvil.Rich);

        var refusals = await anvil.Client.SendRawTransactionsAsync([first.Raw, foreign.Raw, second.Raw]);
        await anvil.MineAsync();
        var receipts = await anvil.Client.GetTransactionReceiptsAsync([first.Hash, second.Hash, foreign.Hash]);

        Assert.Equal([false, true, false], refusals.Select(r => r is not null));
        Assert.Equal([true, true, false], receipts.Select(r => r is not null));
    }

    [AnvilFact]
    public async Task SendRawTransaction_LegacyAndAccessListKinds_Taken()
    {
        using var anvil = await Anvil.StartAsync();
        var transfer = await TransferAsync(anvil.Client, 0);
        var legacy = transfer with { Type = TransactionType.Legacy, MaxPriorityFeePerGas = transfer.MaxFeePerGas };
        var accessList = legacy with { Type = TransactionType.AccessList, Nonce = 1, AccessList = [new AccessListEntry(Friend, [Hash256.Zero])] };

        foreach (var transaction in new[] { legacy, accessList })
        {
            var hash = await anvil.Client.SendRawTransactionAsync(transaction.Sign(Anvil.Rich).Raw);
            await anvil.MineAsync();
            Assert.True((await anvil.Client.GetTransactionReceiptAsync(hash))!.Succeeded);
        }
    }

    [AnvilFact]
    public async Task Questions_FreshChain_Answered()
    {
        using var anvil = await Anvil.StartAsync();
        var client = anvil.Client;

        Assert.Equal(31337ul, await client.GetChainIdAsync());
        Assert.Equal(0ul, (await client.GetBlockAsync(BlockTag.Earliest))!.Number);
        Assert.Null(await client.GetBlockAsync(BlockTag.At(99)));
        Assert.Null(await client.GetBlockAsync(Hash256.Zero));
        Assert.Null(await client.GetTransactionReceiptAsync(Hash256.Zero));
        Assert.Null(await client.GetTransactionAsync(Hash256.Zero));
        Assert.Empty(await client.GetCodeAsync(Friend));
        Assert.Empty(await client.GetLogsAsync(new LogFilter { From = BlockTag.Earliest, Addresses = [Friend], Topics = [[], [Hash256.Zero]] }));
        Assert.True(await client.GetGasPriceAsync() > BigInteger.Zero);
        Assert.Equal(21_000ul, await client.EstimateGasAsync(new CallRequest { From = Anvil.Rich.Address, To = Friend, Value = 1 }));
        Assert.Equal(2, (await client.GetFeeHistoryAsync(1, rewardPercentiles: [50])).BaseFeePerGas.Count);
    }

    private static async Task<Transaction> TransferAsync(EthereumClient client, ulong nonce) => new()
    {
        ChainId = await client.GetChainIdAsync(),
        Nonce = nonce,
        MaxFeePerGas = 2 * await client.GetGasPriceAsync(),
        MaxPriorityFeePerGas = 1,
        GasLimit = 50_000,
        To = Friend,
        Value = 12_345,
    };
}
