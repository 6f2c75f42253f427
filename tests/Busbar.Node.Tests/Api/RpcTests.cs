using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Ethereum.Transactions;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Api;

/// <summary>The public JSON-RPC: what reads the chain passes, nothing else does.</summary>
public sealed class RpcTests : IClassFixture<RpcTests.Community>
{
    private readonly Community _shared;

    public RpcTests(Community shared) => _shared = shared;

    public static TheoryData<string> Forbidden =>
    [
        "anvil_setBalance", "anvil_mine", "anvil_reset", "anvil_dumpState", "anvil_impersonateAccount", "hardhat_setCode", "evm_mine",
        "evm_setNextBlockTimestamp", "evm_revert", "debug_traceTransaction", "trace_block", "txpool_content", "personal_sign",
        "eth_sendTransaction", "eth_sendRawTransaction", "eth_accounts", "eth_sign", "eth_signTypedData_v4", "eth_newFilter", "eth_subscribe",
        "erigon_getHeaderByNumber", "ETH_chainId", "eth_chainId ", "",
    ];

    [EngineTheory]
    [MemberData(nameof(Forbidden))]
    public async Task Call_NotOnTheList_RefusedAndChainUnmoved(string method)
    {
        var community = await _shared.CommunityAsync();
        var before = await community.Node.Chain.HeadAsync(default);
        var answer = await AskAsync(community, new { jsonrpc = "2.0", id = 7, method, @params = new object[] { "0x1", "0x1" } });
        Assert.Equal(-32601, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(7, answer.GetProperty("id").GetInt32());
        Assert.Equal(before, await community.Node.Chain.HeadAsync(default));
    }

    [EngineFact]
    public async Task Call_RawTransaction_NothingIsMined()
    {
        var community = await _shared.CommunityAsync();
        var transaction = new Transaction { ChainId = 35_303, Nonce = 0, GasLimit = 21_000, To = default(Address), Data = Array.Empty<byte>() };
        var raw = transaction.Sign(community.Keys.Owner).Raw;
        var answer = await AskAsync(community, new { jsonrpc = "2.0", id = 1, method = "eth_sendRawTransaction", @params = new[] { HexText.Encode(raw.Span) } });
        Assert.Equal(-32601, answer.GetProperty("error").GetProperty("code").GetInt32());
        var waiting = await AskAsync(community, new { jsonrpc = "2.0", id = 2, method = "eth_getBlockByNumber", @params = new object[] { "pending", false } });
        Assert.Empty(waiting.GetProperty("result").GetProperty("transactions").EnumerateArray());
    }

    [EngineFact]
    public async Task Call_ReadingTheChain_Answered()
    {
        var community = await _shared.CommunityAsync();
        var chain = await AskAsync(community, new { jsonrpc = "2.0", id = "a", method = "eth_chainId" });
        Assert.Equal(("0x89e7", "a"), (chain.GetProperty("result").GetString(), chain.GetProperty("id").GetString()));
        var code = await AskAsync(community, new
        {
            jsonrpc = "2.0",
            id = 2,
            method = "eth_getCode",
            @params = new[] { community.Node.Contracts.Anchors.ToString(), "latest" },
        });
        Assert.True(code.GetProperty("result").GetString()!.Length > 1000);
        var block = await AskAsync(community, new { jsonrpc = "2.0", id = 3, method = "eth_getBlockByNumber", @params = new object[] { "latest", false } });
        Assert.Equal((await community.Node.Chain.HeadAsync(default)).Hash.ToString(), block.GetProperty("result").GetProperty("hash").GetString());
        var failed = await AskAsync(community, new { jsonrpc = "2.0", id = 4, method = "eth_call", @params = new object[] { "nonsense" } });
        Assert.True(failed.TryGetProperty("error", out _));
    }

    [EngineTheory]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}]", -32600)]
    [InlineData("[]", -32600)]
    [InlineData("7", -32600)]
    [InlineData("{\"id\":1}", -32600)]
    [InlineData("{\"method\":5}", -32600)]
    [InlineData("{", -32700)]
    [InlineData("", -32700)]
    [InlineData("{\"method\":\"eth_call\",\"params\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}", -32700)]
    public async Task Call_BatchOrNonsense_Refused(string body, int code)
    {
        var community = await _shared.CommunityAsync();
        using var answer = await PostAsync(community, body);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, json.GetProperty("error").GetProperty("code").GetInt32());
    }

    [EngineFact]
    public async Task Call_Oversized_TooLarge()
    {
        var community = await _shared.CommunityAsync();
        using var answer = await PostAsync(community, new string(' ', 33 * 1024) + "{\"id\":1,\"method\":\"eth_chainId\"}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    private static async Task<JsonElement> AskAsync(TestCommunity community, object request)
    {
        using var answer = await PostAsync(community, JsonSerializer.Serialize(request));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<HttpResponseMessage> PostAsync(TestCommunity community, string body)
    {
        using var client = new HttpClient { BaseAddress = community.Node.Page };
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.PostAsync("rpc", content);
    }

    public sealed class Community : SharedCommunity
    {
        protected override Task<TestCommunity> BeginAsync() => TestCommunity.StartAsync(new TestMeter("house 1"));
    }
}
