using System.Net;
using System.Text;
using System.Text.Json;
using Busbar.Node.Rpc;
using Busbar.Node.Tests.Testing;
using Busbar.Tests;

namespace Busbar.Node.Tests.Rpc;

/// <summary>What one address may ask, on a clock that the test moves.</summary>
public sealed class RpcServerTests : IClassFixture<RpcTests.Community>
{
    private readonly RpcTests.Community _shared;

    public RpcServerTests(RpcTests.Community shared) => _shared = shared;

    [EngineFact]
    public async Task Answer_BatchBeyondTheRate_RestRefusedByNameOthersUnharmed()
    {
        var community = await _shared.CommunityAsync();
        var time = new ManualTimeProvider();
        var server = RpcServer.Create(
            community.Node.Chain, community.Node.Store.Events, community.Node.Contracts, blocks: null, community.Options.SteppedClock!, time);
        var requests = Enumerable.Range(0, 50).Select(id => new { jsonrpc = "2.0", id, method = "eth_getLogs", @params = new[] { new { fromBlock = "latest" } } });
        var body = JsonSerializer.SerializeToUtf8Bytes(requests);
        var answers = await AskAsync(body, "192.0.2.1");
        Assert.Equal(20, answers.Count(one => one.TryGetProperty("result", out _)));
        Assert.All(answers.Skip(20), one => Assert.Equal((-32005, "TooManyRequests"), (RpcCaller.Read(one).Code, RpcCaller.Read(one).Name)));
        Assert.Equal(20, (await AskAsync(body, "192.0.2.2")).Count(one => one.TryGetProperty("result", out _)));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, (await AskAsync(body, "192.0.2.1")).Count(one => one.TryGetProperty("result", out _)));

        async Task<List<JsonElement>> AskAsync(byte[] asked, string caller)
        {
            var answer = await server.AnswerAsync(asked, IPAddress.Parse(caller), default);
            return [.. JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(answer.Span)).EnumerateArray()];
        }
    }
}
