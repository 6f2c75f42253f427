using System.Net;
using System.Text;
using Busbar.Cli.Running;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Cli.Tests.Running;

public sealed class PatientTransportTests
{
    private const string TooMany = """{"jsonrpc":"2.0","id":ID,"error":{"code":-32005,"message":"too many requests from this address"}}""";
    private const string Reverted = """{"jsonrpc":"2.0","id":ID,"error":{"code":3,"message":"execution reverted"}}""";
    private const string Answer = """{"jsonrpc":"2.0","id":ID,"result":"0x1"}""";

    [Fact]
    public async Task Call_RefusedForTooMany_AskedAgainUntilItIsAnswered()
    {
        using var node = new Answers(TooMany, TooMany, Answer);
        Assert.Equal("0x1", (await CallAsync(node)).GetString());
        Assert.Equal(3, node.Asked);
    }

    [Fact]
    public async Task Call_RefusedForAnythingElse_NotAskedAgain()
    {
        using var node = new Answers(Reverted, Answer);
        Assert.Equal(3, (await Assert.ThrowsAsync<EthereumRpcException>(() => CallAsync(node))).Code);
        Assert.Equal(1, node.Asked);
    }

    private static async Task<System.Text.Json.JsonElement> CallAsync(Answers node)
    {
        using var http = new HttpClient(node, disposeHandler: false);
        var patient = new PatientTransport(new JsonRpcClient(http, new("http://node.test/rpc")), TimeProvider.System);
        return await patient.CallAsync(JsonRpcRequest.Of("eth_chainId"), default);
    }

    /// <summary>A node that gives these answers, one after the other.</summary>
    private sealed class Answers(params string[] answers) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = System.Text.Json.JsonElement.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
            var answer = answers[Asked++].Replace("ID", asked.GetProperty("id").GetRawText(), StringComparison.Ordinal);
            return new(HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
        }
    }
}
