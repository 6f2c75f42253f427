using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Busbar.Node.Tests.Api;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Rpc;

/// <summary>The public JSON-RPC: what is on its list is answered, nothing else is.</summary>
public sealed class RpcTests : IClassFixture<RpcTests.Community>
{
    private readonly Community _shared;

    public RpcTests(Community shared) => _shared = shared;

    public static TheoryData<string> Forbidden =>
    [
        "anvil_setBalance", "anvil_mine", "anvil_reset", "anvil_dumpState", "anvil_impersonateAccount", "hardhat_setCode", "evm_mine",
        "evm_setNextBlockTimestamp", "evm_revert", "debug_traceTransaction", "debug_traceCall", "trace_block", "txpool_content",
        "personal_sign", "personal_sendTransaction", "admin_nodeInfo", "admin_addPeer", "engine_newPayloadV4", "miner_start", "ots_getApiLevel",
        "eth_sendTransaction", "eth_sign", "eth_signTransaction", "eth_signTypedData_v4", "eth_newFilter", "eth_subscribe", "eth_mining",
        "eth_createAccessList", "eth_simulateV1", "eth_sendUnsignedTransaction", "eth_callMany", "wallet_addEthereumChain",
        "erigon_getHeaderByNumber", "ETH_chainId", "Eth_ChainId", "eth_chainid", "eth_chainId ", " eth_chainId", "eth_chainId\n", "eth_chainId\0",
        "eth\u200b_chainId", "\u0435th_chainId", "eth_ch\u0430inId", "\uff45th_chainId", "eth_ca\u217cl", "eth\u203fcall", "", "_", "constructor", "__proto__",
    ];

    [EngineTheory]
    [MemberData(nameof(Forbidden))]
    public async Task Call_NotOnTheList_RefusedByNameAndChainUnmoved(string method)
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        var before = await community.Node.Chain.HeadAsync(default);
        var (code, name, message) = await caller.RefusalAsync(method, "0x1", "0x1");
        Assert.Equal((-32601, "MethodNotOffered"), (code, name));
        Assert.Contains($"'{method}'", message, StringComparison.Ordinal);
        Assert.Equal(before, await community.Node.Chain.HeadAsync(default));
    }

    [EngineFact]
    public async Task Call_WhatWalletsAskFirst_Answered()
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        var head = await community.Node.Chain.HeadAsync(default);
        var anchors = community.Node.Contracts.Anchors.ToString();
        Assert.Equal("0x89e7", (await caller.ResultAsync("eth_chainId")).GetString());
        Assert.Equal("35303", (await caller.ResultAsync("net_version")).GetString());
        Assert.StartsWith("Busbar/", (await caller.ResultAsync("web3_clientVersion")).GetString(), StringComparison.Ordinal);
        Assert.Equal("[]", (await caller.ResultAsync("eth_accounts")).GetRawText());
        Assert.Equal("false", (await caller.ResultAsync("eth_syncing")).GetRawText());
        Assert.Equal(head.Number, RpcCaller.Number(await caller.ResultAsync("eth_blockNumber")));
        Assert.Equal("0x0", (await caller.ResultAsync("eth_gasPrice")).GetString());
        Assert.Equal("0x0", (await caller.ResultAsync("eth_maxPriorityFeePerGas")).GetString());
        Assert.Equal(3, (await caller.ResultAsync("eth_feeHistory", "0x2", "latest", new[] { 10, 50 })).GetProperty("baseFeePerGas").GetArrayLength());
        Assert.Equal("0x0", (await caller.ResultAsync("eth_getBalance", anchors, "latest")).GetString());
        Assert.Equal("0x1", (await caller.ResultAsync("eth_getTransactionCount", anchors)).GetString());
        Assert.Equal(66, (await caller.ResultAsync("eth_getStorageAt", anchors, "0x0", "latest")).GetString()!.Length);
        Assert.True((await caller.ResultAsync("eth_getCode", anchors, "safe")).GetString()!.Length > 1000);
        foreach (var block in new object[] { "latest", "safe", "finalized", $"0x{head.Number:x}" })
            Assert.Equal(head.Hash.ToString(), (await caller.ResultAsync("eth_getBlockByNumber", block, false)).GetProperty("hash").GetString());
        var found = await caller.ResultAsync("eth_getBlockByHash", head.Hash.ToString(), true);
        var transaction = found.GetProperty("transactions")[0].GetProperty("hash").GetString();
        Assert.Equal(transaction, (await caller.ResultAsync("eth_getTransactionByHash", transaction)).GetProperty("hash").GetString());
        Assert.Equal(1, (await caller.ResultAsync("eth_getBlockReceipts", $"0x{head.Number:x}")).GetArrayLength());
        Assert.Equal("0x1", (await caller.ResultAsync("eth_getTransactionReceipt", transaction)).GetProperty("status").GetString());
    }

    [EngineTheory]
    [InlineData("eth_getBalance", "Missing", "[]")]
    [InlineData("eth_getBalance", "WrongAddress", "[\"0x12\",\"latest\"]")]
    [InlineData("eth_getBalance", "WrongAddress", "[\"0xD1220a0cf47c7b9be7a2e6ba89f429762e7b9adb\",\"latest\"]")]
    [InlineData("eth_getBalance", "NotText", "[7,\"latest\"]")]
    [InlineData("eth_getBalance", "NotText", "[\"\\ud800\",\"latest\"]")]
    [InlineData("eth_getBalance", "WrongBlock", "[\"0x0000000000000000000000000000000000000001\",\"newest\"]")]
    [InlineData("eth_getBalance", "WrongBlock", "[\"0x0000000000000000000000000000000000000001\",\"0x01\"]")]
    [InlineData("eth_getBalance", "WrongBlock", "[\"0x0000000000000000000000000000000000000001\",{\"blockNumber\":\"0x1\"}]")]
    [InlineData("eth_getBalance", "UnknownBlock", "[\"0x0000000000000000000000000000000000000001\",\"0xffffff\"]")]
    [InlineData("eth_getBalance", "TooManyParameters", "[\"0x0000000000000000000000000000000000000001\",\"latest\",1]")]
    [InlineData("eth_getBalance", "NotAList", "{\"address\":\"0x0000000000000000000000000000000000000001\"}")]
    [InlineData("eth_chainId", "TooManyParameters", "[1]")]
    [InlineData("eth_getBlockByNumber", "WrongFlag", "[\"latest\",\"yes\"]")]
    [InlineData("eth_getTransactionByHash", "WrongHash", "[\"0x1234\"]")]
    [InlineData("eth_getStorageAt", "WrongSlot", "[\"0x0000000000000000000000000000000000000001\",\"first\"]")]
    [InlineData("eth_call", "NoCall", "[\"nonsense\"]")]
    [InlineData("eth_call", "WrongData", "[{\"data\":\"0x123\"}]")]
    [InlineData("eth_call", "WrongNumber", "[{\"gas\":\"0x01\"}]")]
    [InlineData("eth_call", "DataTwice", "[{\"data\":\"0x12\",\"input\":\"0x34\"}]")]
    [InlineData("eth_call", "UnknownMember", "[{\"blobVersionedHashes\":[]}]")]
    [InlineData("eth_call", "OverridesNotTaken", "[{},\"latest\",{\"0x0000000000000000000000000000000000000001\":{\"balance\":\"0x1\"}}]")]
    [InlineData("eth_call", "OverridesNotTaken", "[{},\"latest\",{},{\"time\":\"0x1\"}]")]
    [InlineData("eth_estimateGas", "OverridesNotTaken", "[{},\"latest\",{\"0x0000000000000000000000000000000000000001\":{\"code\":\"0x00\"}}]")]
    [InlineData("eth_feeHistory", "TooManyBlocks", "[\"0x401\",\"latest\",[]]")]
    [InlineData("eth_feeHistory", "WrongPercentiles", "[\"0x1\",\"latest\",[50,10]]")]
    [InlineData("eth_getLogs", "NoFilter", "[]")]
    [InlineData("eth_getLogs", "WrongTopics", "[{\"topics\":[null,null,null,null,null]}]")]
    [InlineData("eth_getLogs", "WrongRange", "[{\"fromBlock\":\"latest\",\"toBlock\":\"earliest\"}]")]
    [InlineData("eth_getLogs", "WrongRange", "[{\"fromBlock\":\"latest\",\"blockHash\":\"0x0000000000000000000000000000000000000000000000000000000000000001\"}]")]
    [InlineData("eth_sendRawTransaction", "WrongData", "[\"transaction\"]")]
    public async Task Call_WrongParameters_RefusedByName(string method, string expected, string parameters)
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        using var answer = await caller.PostAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""");
        var (code, name, _) = RpcCaller.Read(await answer.Content.ReadFromJsonAsync<JsonElement>());
        Assert.Equal((-32602, expected), (code, name));
    }

    [EngineTheory]
    [InlineData("[]", -32600, "EmptyBatch")]
    [InlineData("7", -32600, "NotARequest")]
    [InlineData("null", -32600, "NotARequest")]
    [InlineData("{\"id\":1,\"method\":\"eth_chainId\"}", -32600, "WrongVersion")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}", -32600, "NoId")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"eth_chainId\"}", -32600, "WrongId")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"eth_chainId\"}", -32600, "WrongId")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1}", -32600, "NoMethod")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}", -32600, "NoMethod")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\\udc00\"}", -32600, "NoMethod")]
    [InlineData("{", -32700, "NotJson")]
    [InlineData("", -32700, "NotJson")]
    [InlineData("{\"method\":\"eth_call\",\"params\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}", -32700, "NotJson")]
    public async Task Call_Nonsense_RefusedByName(string body, int code, string name)
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        using var answer = await caller.PostAsync(body);
        var refused = RpcCaller.Read(await answer.Content.ReadFromJsonAsync<JsonElement>());
        Assert.Equal((code, name), (refused.Code, refused.Name));
    }

    [EngineFact]
    public async Task Call_Batch_EachAnsweredOnItsOwnInOrder()
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        using var answer = await caller.PostAsync("""
            [{"jsonrpc":"2.0","id":"a","method":"eth_chainId"},{"jsonrpc":"2.0","id":null,"method":"evm_mine"},5,[],
            {"jsonrpc":"2.0","id":9,"method":"net_version","params":[]}]
            """);
        var answers = (await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().ToList();
        Assert.Equal(["a", null, null, null, "9"], answers.Select(one => one.GetProperty("id") is { ValueKind: not JsonValueKind.Null } id ? id.ToString() : null), StringComparer.Ordinal);
        Assert.Equal("0x89e7", answers[0].GetProperty("result").GetString());
        Assert.Equal(["MethodNotOffered", "NotARequest", "NotARequest"], answers[1..4].Select(one => RpcCaller.Read(one).Name), StringComparer.Ordinal);
        Assert.Equal("35303", answers[4].GetProperty("result").GetString());
    }

    [EngineTheory]
    [InlineData(50, null)]
    [InlineData(51, "BatchTooLarge")]
    [InlineData(1_000, "BatchTooLarge")]
    public async Task Call_BatchOfSoMany_TakenUpToFifty(int count, string? expected)
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        var requests = Enumerable.Range(0, count).Select(id => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"eth_chainId"}""");
        using var answer = await caller.PostAsync($"[{string.Join(',', requests)}]");
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        if (expected is null)
            Assert.Equal(count, json.GetArrayLength());
        else
            Assert.Equal((-32600, expected), (RpcCaller.Read(json).Code, RpcCaller.Read(json).Name));
    }

    [EngineTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_Oversized_TooLarge(bool isChunked)
    {
        var community = await _shared.CommunityAsync();
        using var client = new HttpClient(new DescribedAnswers(new HttpClientHandler())) { BaseAddress = community.Node.Page };
        var body = new string(' ', 128 * 1024) + "{}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "rpc")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = isChunked;
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("Oversized", RpcCaller.Read(await answer.Content.ReadFromJsonAsync<JsonElement>()).Name);
    }

    [EngineFact]
    public async Task Call_PlainTextAsFromAForeignPage_Refused()
    {
        var community = await _shared.CommunityAsync();
        using var caller = new RpcCaller(community.Node.Page);
        using var answer = await caller.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}""", "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    public sealed class Community : SharedCommunity
    {
        protected override Task<TestCommunity> BeginAsync() => TestCommunity.StartAsync(new TestMeter("house 1"));
    }
}
