using System.Net;
using System.Text.Json;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Ethereum.Tests.JsonRpc;

public sealed class JsonRpcClientTests
{
    private static readonly Uri Endpoint = new("http://node.invalid/");
    private static readonly JsonRpcRequest Ask = JsonRpcRequest.Of("eth_chainId");

    [Fact]
    public async Task Call_Request_CarriesVersionMethodIdAndParameters()
    {
        using var handler = new ScriptedHandler("""{"jsonrpc":"2.0","id":1,"result":"0x1"}""");
        using var http = new HttpClient(handler);

        var result = await new JsonRpcClient(http, Endpoint).CallAsync(JsonRpcRequest.Of("m", "a", true), default);

        Assert.Equal("0x1", result.GetString());
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"method":"m","params":["a",true]}""", Assert.Single(handler.Requests));
    }

    [Fact]
    public async Task Call_ErrorAnswer_CarriesCodeWordsAndRevertData()
    {
        var failed = await FailAsync("""{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","data":"0x08c379a0"}}""");

        Assert.Equal(3, failed.Code);
        Assert.Equal("execution reverted", failed.NodeMessage);
        Assert.Equal("08C379A0", Convert.ToHexString(failed.RevertData!.Value.Span));
        Assert.False(failed.IsTransient);
    }

    [Theory]
    [InlineData("""{"data":"0xabcd"}""")]
    [InlineData("\"Reverted 0xabcd\"")]
    public async Task Call_RevertDataInOtherNodesForms_Found(string data)
    {
        var failed = await FailAsync("""{"id":1,"error":{"code":-32000,"message":"m","data":DATA}}""".Replace("DATA", data, StringComparison.Ordinal));

        Assert.Equal("ABCD", Convert.ToHexString(failed.RevertData!.Value.Span));
    }

    [Theory]
    [InlineData("""{"id":1,"error":{"code":-32005,"message":"limit exceeded"}}""", HttpStatusCode.OK, true)]
    [InlineData("busy", HttpStatusCode.ServiceUnavailable, true)]
    [InlineData("slow down", HttpStatusCode.TooManyRequests, true)]
    [InlineData("who are you", HttpStatusCode.Unauthorized, false)]
    [InlineData("""{"id":1,"error":{"code":-32600,"message":"bad"}}""", HttpStatusCode.BadRequest, false)]
    [InlineData("no json", HttpStatusCode.OK, false)]
    [InlineData("""{"id":1,"result":1} {"id":1}""", HttpStatusCode.OK, false)]
    [InlineData("""{"id":2,"result":1}""", HttpStatusCode.OK, false)]
    [InlineData("""{"id":1}""", HttpStatusCode.OK, false)]
    [InlineData("[]", HttpStatusCode.OK, false)]
    public async Task Call_Fault_SaysWhetherTryingAgainCanHelp(string body, HttpStatusCode status, bool isTransient)
    {
        var failed = await FailAsync(body, status);

        Assert.Equal(isTransient, failed.IsTransient);
    }

    [Fact]
    public async Task Call_NoConnection_Transient()
    {
        using var http = new HttpClient(new ScriptedHandler((_, _) => throw new HttpRequestException("refused")));

        var failed = await Assert.ThrowsAsync<EthereumRpcException>(() => new JsonRpcClient(http, Endpoint).CallAsync(Ask, default));

        Assert.True(failed.IsTransient);
    }

    [Fact]
    public async Task Call_NoAnswerInTime_Transient()
    {
        using var http = new HttpClient(new ScriptedHandler(NeverAsync));
        var client = new JsonRpcClient(http, Endpoint, new JsonRpcOptions { Timeout = TimeSpan.FromMilliseconds(1) });

        var failed = await Assert.ThrowsAsync<EthereumRpcException>(() => client.CallAsync(Ask, default));

        Assert.True(failed.IsTransient);
    }

    [Fact]
    public async Task Call_Cancelled_IsCancellationAndNoFault()
    {
        using var http = new HttpClient(new ScriptedHandler(NeverAsync));
        using var cancelled = new CancellationTokenSource();
        var call = new JsonRpcClient(http, Endpoint).CallAsync(Ask, cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_AnswerLongerThanTheLimit_Refused(bool announcesLength)
    {
        using var http = new HttpClient(new ScriptedHandler((_, _) =>
        {
            var message = ScriptedHandler.Message($$"""{"id":1,"result":"{{new string('a', 2000)}}"}""");
            message.Content.Headers.ContentLength = announcesLength ? message.Content.Headers.ContentLength : null;
            return Task.FromResult(message);
        }));
        var client = new JsonRpcClient(http, Endpoint, new JsonRpcOptions { MaximumResponseLength = 1000 });

        var failed = await Assert.ThrowsAsync<EthereumRpcException>(() => client.CallAsync(Ask, default));

        Assert.Contains("longer than 1000 bytes", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallBatch_AnswersInAnyOrder_StandInTheOrderOfTheRequests()
    {
        const string Body = """[{"id":2,"error":{"code":-32000,"message":"nonce too low"}},{"id":1,"result":"first"}]""";
        using var http = new HttpClient(new ScriptedHandler(Body));

        var answers = await new JsonRpcClient(http, Endpoint).CallAsync([Ask, Ask], default);

        Assert.Equal("first", answers[0].Result.GetString());
        Assert.Equal(-32000, answers[1].Error!.Code);
        Assert.Throws<EthereumRpcException>(() => answers[1].Result);
    }

    [Theory]
    [InlineData("""[{"id":1,"result":1}]""", "no answer to request 2")]
    [InlineData("""[{"id":1,"result":1},{"id":1,"result":1}]""", "answers request 1 twice")]
    [InlineData("""[{"id":1,"result":1},{"id":9,"result":1}]""", "not in the batch")]
    [InlineData("""{"id":null,"error":{"code":-32600,"message":"batch too large"}}""", "batch too large")]
    public async Task CallBatch_AnswersDoNotMatch_Refused(string body, string expected)
    {
        using var http = new HttpClient(new ScriptedHandler(body));

        var failed = await Assert.ThrowsAsync<EthereumRpcException>(() => new JsonRpcClient(http, Endpoint).CallAsync([Ask, Ask], default));

        Assert.Contains(expected, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallBatch_MoreThanTheLimit_SentInParts()
    {
        using var handler = new ScriptedHandler((body, _) =>
        {
            using var request = JsonDocument.Parse(body);
            var answers = request.RootElement.EnumerateArray().Select(r => $$"""{"id":{{r.GetProperty("id")}},"result":{{r.GetProperty("id")}}}""");
            return Task.FromResult(ScriptedHandler.Message($"[{string.Join(',', answers)}]"));
        });
        using var http = new HttpClient(handler);
        var client = new JsonRpcClient(http, Endpoint, new JsonRpcOptions { MaximumBatch = 2 });

        var answers = await client.CallAsync([Ask, Ask, Ask, Ask, Ask], default);

        Assert.Equal([1, 2, 3, 4, 5], answers.Select(a => a.Result.GetInt32()));
        Assert.Equal(3, handler.Requests.Count);
    }

    private static async Task<EthereumRpcException> FailAsync(string body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var http = new HttpClient(new ScriptedHandler(body, status));
        return await Assert.ThrowsAsync<EthereumRpcException>(() => new JsonRpcClient(http, Endpoint).CallAsync(Ask, default));
    }

    private static async Task<HttpResponseMessage> NeverAsync(string body, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("never answers");
    }
}
