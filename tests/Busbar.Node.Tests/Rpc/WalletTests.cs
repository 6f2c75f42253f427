using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Contracts;
using Busbar.Ledger.Engine;
using Busbar.Node.CrashProbe;
using Busbar.Node.Tests.Recovery;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Rpc;

/// <summary>People's own transactions: taken through the public JSON-RPC, journaled, mined and told of.</summary>
public sealed class WalletTests : IClassFixture<RpcTests.Community>
{
    private const byte Consumer = 1;

    // No community wants to be this: runtime code that never ends.
    private static readonly byte[] Endless = HexText.Decode("0x5b5f56");

    private readonly RpcTests.Community _shared;

    public WalletTests(RpcTests.Community shared) => _shared = shared;

    [EngineFact]
    public async Task Send_RegulatorsOwnTransaction_MinedIndexedAndCallable()
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        using var someone = PrivateKey.FromSeed("someone to admit"u8);
        var members = community.Node.Contracts.Members;
        var signed = await caller.SignAsync(community.Keys.Regulator, members, Members.EncodeAdmit(someone.Address, Consumer));
        var hash = await caller.SendAsync(signed);
        Assert.Equal(signed.Hash.ToString(), hash);
        var receipt = await caller.ReceiptAsync(hash);
        Assert.Equal("0x1", receipt.GetProperty("status").GetString());
        Assert.True(await Members.IsParticipantAsync(community.Node.Chain.Client, members, someone.Address, BlockTag.Latest, default));
        var call = new { to = members.ToString(), data = HexText.Encode(Members.EncodeIsParticipant(someone.Address)) };
        foreach (var block in new[] { "latest", receipt.GetProperty("blockNumber").GetString() })
            Assert.EndsWith("1", (await caller.ResultAsync("eth_call", call, block)).GetString(), StringComparison.Ordinal);
        var logs = await caller.ResultAsync("eth_getLogs", new { blockHash = receipt.GetProperty("blockHash").GetString() });
        Assert.Equal(receipt.GetProperty("logs").GetRawText().Length, logs.GetRawText().Length);
    }

    [EngineFact]
    public async Task Send_ManyInABatch_AllInOrder()
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        using var key = PrivateKey.FromSeed("a busy household"u8);
        var signed = Enumerable.Range(0, 8).Select(nonce => Transfer((ulong)nonce).Sign(key)).ToList();
        var requests = signed.Select((one, id) => new { jsonrpc = "2.0", id, method = "eth_sendRawTransaction", @params = new[] { HexText.Encode(one.Raw.Span) } });
        using var answer = await caller.PostAsync(JsonSerializer.Serialize(requests));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(signed.Select(one => one.Hash.ToString()), json.RootElement.EnumerateArray().Select(one => one.GetProperty("result").GetString()), StringComparer.Ordinal);
        foreach (var one in signed)
            Assert.Equal("0x1", (await caller.ReceiptAsync(one.Hash.ToString())).GetProperty("status").GetString());
        Assert.Equal("0x8", (await caller.ResultAsync("eth_getTransactionCount", key.Address.ToString(), "pending")).GetString());
    }

    [EngineFact]
    public async Task Send_WhatNoChainWouldTake_RefusedByNameAndNothingJournaled()
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        using var key = PrivateKey.FromSeed("a careless wallet"u8);
        var good = Transfer(0);
        var high = HighS(good.Sign(key));
        await RefusedAsync("WrongChain", (good with { ChainId = 1 }).Sign(key).Raw);
        await RefusedAsync("NoChain", (good with { Type = TransactionType.Legacy, ChainId = null }).Sign(key).Raw);
        await RefusedAsync("WrongNonce", (good with { Nonce = 1 }).Sign(key).Raw, "nonce too high");
        await RefusedAsync("GasBelowIntrinsic", (good with { GasLimit = 20_999 }).Sign(key).Raw);
        await RefusedAsync("TooMuchGas", (good with { GasLimit = (1UL << 24) + 1 }).Sign(key).Raw);
        await RefusedAsync("NotEnoughCoin", (good with { Value = 1 }).Sign(key).Raw, "insufficient funds");
        await RefusedAsync("NotEnoughCoin", (good with { MaxFeePerGas = 1 }).Sign(key).Raw, "insufficient funds");
        await RefusedAsync("TipAboveFee", (good with { MaxPriorityFeePerGas = 1 }).Sign(key).Raw);
        await RefusedAsync("InvalidSignature", high);
        await RefusedAsync("TypeNotSupported", new byte[] { 3, 0xc0 });
        await RefusedAsync("Malformed", good.Sign(key).Raw[..^1]);
        await RefusedAsync("WrongSize", ReadOnlyMemory<byte>.Empty);
        await RefusedAsync("WrongSize", (good with { Data = new byte[57 * 1024] }).Sign(key).Raw);
        Assert.Equal("0x0", (await caller.ResultAsync("eth_getTransactionCount", key.Address.ToString(), "pending")).GetString());
        await caller.ReceiptAsync(await caller.SendAsync(good.Sign(key)));
        await RefusedAsync("WrongNonce", good.Sign(key).Raw, "nonce too low");

        async Task RefusedAsync(string expected, ReadOnlyMemory<byte> raw, string words = "")
        {
            var (code, name, message) = await caller.RefusalAsync("eth_sendRawTransaction", HexText.Encode(raw.Span));
            Assert.Equal((-32000, expected), (code, name));
            Assert.Contains(words, message, StringComparison.Ordinal);
        }
    }

    [EngineTheory]
    [InlineData("eth_call")]
    [InlineData("eth_estimateGas")]
    public async Task Call_ContractRefuses_ItsOwnErrorWithValuesAndWords(string method)
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        using var nobody = PrivateKey.FromSeed("nobody in particular"u8);
        var data = Members.EncodeAdmit(nobody.Address, Consumer);
        var call = new { from = nobody.Address.ToString(), to = community.Node.Contracts.Members.ToString(), data = HexText.Encode(data) };
        var error = (await caller.AskAsync(method, call, "latest")).GetProperty("error");
        Assert.Equal(3, error.GetProperty("code").GetInt32());
        Assert.Equal(
            $"execution reverted: only a regulator in office may do this: NotRegulator(account: {nobody.Address})", error.GetProperty("message").GetString());
        var told = error.GetProperty("data");
        Assert.Equal(("NotRegulator", "NotRegulator(address)"), (told.GetProperty("name").GetString(), told.GetProperty("signature").GetString()));
        Assert.Equal(nobody.Address.ToString(), told.GetProperty("arguments").GetProperty("account").GetString());
        Assert.EndsWith(nobody.Address.ToLowerHex()[2..], told.GetProperty("data").GetString(), StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Call_ThatNeverEnds_StoppedByItsGas()
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        var (_, name, message) = await caller.RefusalAsync("eth_call", new { data = HexText.Encode(Endless), gas = "0xffffffffffffffff" }, "latest");
        Assert.Equal("RefusedByLedger", name);
        Assert.Contains("OutOfGas", message, StringComparison.OrdinalIgnoreCase);
    }

    [EngineFact]
    public async Task Logs_OlderThanTheEngineKeeps_FromTheIndexTheSame()
    {
        await using var community = await TestCommunity.StartAsync(new TestMeter("house 1"), new TestMeter("house 2"));
        using var caller = new RpcCaller(community.Node.Page);
        var filter = new
        {
            fromBlock = "earliest",
            toBlock = "0x20",
            address = new[] { community.Node.Contracts.Meters.ToString(), community.Node.Contracts.Council.ToString() },
            topics = new string?[]?[] { null },
        };
        var before = await caller.ResultAsync("eth_getLogs", filter);
        Assert.True(before.GetArrayLength() > 2);
        var engine = (EngineChain)community.Node.Chain;
        for (var block = 0; block < EngineChain.KeptBlocks; block++)
            await engine.MineAsync(TestCommunity.At(0), default);
        var after = await caller.ResultAsync("eth_getLogs", filter);
        Assert.Equal(before.EnumerateArray().Select(Essence), after.EnumerateArray().Select(Essence), StringComparer.Ordinal);
        Assert.Equal("LogsNotKept", (await caller.RefusalAsync("eth_getLogs", new { fromBlock = "earliest" })).Name);
        Assert.Equal("StateNotKept", (await caller.RefusalAsync("eth_getBalance", community.Node.Contracts.Meters.ToString(), "0x1")).Name);

        static string Essence(JsonElement log) => string.Join('|', new[] { "address", "topics", "data", "blockNumber", "blockHash", "transactionHash", "logIndex" }
            .Select(member => log.GetProperty(member).GetRawText()));
    }

    [EngineFact]
    public async Task Kill_AfterTheHashIsTold_TransactionIsThereWithTheSameBlocks()
    {
        await using var community = new TestCommunity([.. Enumerable.Range(0, Probe.Meters).Select(meter => new TestMeter(Probe.NameOf(meter)))]);
        using var key = PrivateKey.FromSeed("a household"u8);
        var sent = new List<Hash256>();
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var round = 0; round < 4; round++)
        {
            await using var probe = await ProbeProcess.StartAsync(community.Folder, TestCommunity.At(0));
            using var caller = new RpcCaller(probe.Page);
            for (var i = 0; i < 5; i++)
            {
                var signed = Transfer((ulong)sent.Count).Sign(key);
                await caller.SendAsync(signed);
                sent.Add(signed.Hash);
                if (i == 2)
                    await RememberAsync(caller, signed.Hash);
            }

            probe.Kill();
        }

        await community.OpenAsync();
        using var again = new RpcCaller(community.Node.Page);
        foreach (var hash in sent)
            Assert.Equal("0x1", (await again.ReceiptAsync(hash.ToString())).GetProperty("status").GetString());
        foreach (var (number, hash) in told)
            Assert.Equal(hash, (await again.ResultAsync("eth_getBlockByNumber", number, false)).GetProperty("hash").GetString());
        Assert.NotEmpty(told);

        async Task RememberAsync(RpcCaller caller, Hash256 hash)
        {
            var receipt = await caller.ReceiptAsync(hash.ToString());
            told[receipt.GetProperty("blockNumber").GetString()!] = receipt.GetProperty("blockHash").GetString()!;
        }
    }

    private static Transaction Transfer(ulong nonce) => new() { ChainId = 35_303, Nonce = nonce, GasLimit = 21_000, To = new Address(new byte[20]) };

    // The same signature in the form that anyone can make of it: s' = n - s, parity turned.
    private static byte[] HighS(SignedTransaction signed)
    {
        var order = System.Numerics.BigInteger.Parse(
            "0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        var s = order - new System.Numerics.BigInteger(signed.Signature.S.ToArray(), isUnsigned: true, isBigEndian: true);
        var raw = signed.Raw.ToArray();
        s.ToByteArray(isUnsigned: true, isBigEndian: true).CopyTo(raw, raw.Length - 32);
        var parity = raw.Length - 32 - 1 - 32 - 1 - 1;
        raw[parity] = raw[parity] == 0x80 ? (byte)1 : (byte)0x80;
        return raw;
    }
}
