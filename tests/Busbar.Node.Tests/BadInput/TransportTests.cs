using System.Globalization;
using System.Text;
using System.Text.Json;
using Busbar.Node.Live;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.BadInput;

/// <summary>What is wrong with how something is sent, not with what: too much, too slow, too often, in two minds, or from elsewhere.</summary>
[Collection(BadInputRoom.Name)]
public sealed class TransportTests(BadInputCommunity shared)
{
    private const string TenMegabytes = "10485760";

    [EngineFact]
    public async Task Body_OfTenMegabytes_RefusedBeforeItIsSent()
    {
        await shared.CommunityAsync();
        var refused = 0;
        foreach (var operation in shared.Operations.Where(one => one.Body is not null))
        {
            shared.Reconnect();
            var answer = await shared.AskAsync(
                operation.Method, operation.Path.Replace("{meter}", shared.Samples["meter"].ToString(), StringComparison.Ordinal), null, isSignedIn: true,
                ("Content-Type", "application/json"), ("Content-Length", TenMegabytes));
            // Some refuse for another reason before they look at the size: a device's token, a set-up that is over.
            Assert.True(answer.Status is 401 or 409 or 413 or 429, $"{operation.Method} {operation.Path}: {answer.Status} {answer.Text}");
            if (answer.Status == 413)
            {
                refused++;
                Assert.Contains("Oversized", answer.Text, StringComparison.Ordinal);
            }
        }

        shared.Reconnect();
        Assert.True(refused > 15, $"{refused} operations");
    }

    [EngineFact]
    public async Task Body_OfUntoldLength_ReadNoFurtherThanItsBound()
    {
        var community = await shared.CommunityAsync();
        using var connection = new RawConnection(community.Node.Page.Port);
        await connection.SendAsync(
            $"PUT /api/v1/account/settings HTTP/1.1\r\nHost: localhost\r\nCookie: busbar-session={shared.Session.Secret}\r\nX-Busbar-Csrf: {shared.Session.Csrf}\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        var piece = new string(' ', 4096);
        for (var sent = 0; sent < 20; sent++)
            await connection.SendAsync($"1000\r\n{piece}\r\n");
        using var late = new CancellationTokenSource(TestConnection.Patience);
        var answer = await connection.ReadAsync(late.Token);
        Assert.Equal(413, answer.Status);
        Assert.Contains("Oversized", answer.Text, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Lists_OfThousands_RefusedWhole()
    {
        await shared.CommunityAsync();
        var before = await shared.StateAsync();
        var houses = Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("{}", 5_000)) + "]");
        var directory = await shared.AskAsync("POST", "/api/v1/directory", houses, isSignedIn: true);
        var calls = Encoding.UTF8.GetBytes(
            "[" + string.Join(',', Enumerable.Repeat("""{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}""", 1_000)) + "]");
        var rpc = await shared.AskAsync("POST", "/rpc", calls, isSignedIn: false);

        Assert.Equal((400, "DirectoryRefused"), (directory.Status, JsonElement.Parse(directory.Text).GetProperty("code").GetString()));
        Assert.Equal("TooMany", Assert.Single(JsonElement.Parse(directory.Text).GetProperty("problems").EnumerateArray()).GetProperty("reason").GetString());
        Assert.Contains("BatchTooLarge", rpc.Text, StringComparison.Ordinal);
        Assert.Equal(before, await shared.StateAsync());
    }

    [EngineFact]
    public async Task HeadOrBody_ThatComesByDrops_CutOff()
    {
        var port = (await shared.CommunityAsync()).Node.Page.Port;
        using var head = new RawConnection(port);
        using var body = new RawConnection(port);
        await head.SendAsync("GET /api/v1/community HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        await body.SendAsync("POST /api/v1/session/password HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
        using var late = new CancellationTokenSource(TestConnection.Patience);

        var ofBody = await body.ReadAsync(late.Token);
        Assert.Equal((408, "TooSlow"), (ofBody.Status, JsonElement.Parse(ofBody.Text).GetProperty("code").GetString()));
        var ofHead = await head.ReadAsync(late.Token);
        Assert.Equal((408, "close"), (ofHead.Status, ofHead.Header("Connection")));
    }

    [EngineTheory]
    [InlineData("Content-Length: 2\r\nContent-Length: 44")]
    [InlineData("Content-Length: 2\r\nContent-Length: 2")]
    [InlineData("Content-Length: 2, 44")]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked, identity")]
    [InlineData("Content-Length : 2")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")]
    [InlineData("Transfer-Encoding: \u000bchunked")]
    public async Task Request_OfTwoLengths_RefusedAndNothingBehindItAnswered(string lengths)
    {
        var community = await shared.CommunityAsync();
        using var connection = new RawConnection(community.Node.Page.Port);
        await connection.SendAsync(
            $"POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{lengths}\r\n\r\n{{}}GET /api/v1/community HTTP/1.1\r\nHost: localhost\r\n\r\n");
        using var late = new CancellationTokenSource(TestConnection.Patience);
        var answer = await connection.ReadAsync(late.Token);
        Assert.Equal((400, "close"), (answer.Status, answer.Header("Connection")));
    }

    [EngineTheory]
    [InlineData("Origin: http://localhost:{port}\r\nOrigin: http://evil.example", 403, "ForeignOrigin")]
    [InlineData("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site", 403, "ForeignOrigin")]
    [InlineData("Origin: http://localhost:{port}.evil.example", 403, "ForeignOrigin")]
    [InlineData("Origin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin", 200, "")]
    public async Task Change_ByASignedInBrowser_FromItsOwnPageAlone(string headers, int status, string code)
    {
        var port = (await shared.CommunityAsync()).Node.Page.Port.ToString(CultureInfo.InvariantCulture);
        using var connection = new RawConnection(int.Parse(port, CultureInfo.InvariantCulture));
        await connection.SendAsync(
            $"PUT /api/v1/account/settings HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: busbar-session={shared.Session.Secret}\r\nX-Busbar-Csrf: {shared.Session.Csrf}\r\n"
            + $"{headers.Replace("{port}", port, StringComparison.Ordinal)}\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{{\"theme\":\"dark\"}}");
        using var late = new CancellationTokenSource(TestConnection.Patience);
        var answer = await connection.ReadAsync(late.Token);
        Assert.Equal(status, answer.Status);
        Assert.Contains(code, answer.Text, StringComparison.Ordinal);
    }

    [EngineTheory]
    [InlineData("/../secret.txt")]
    [InlineData("/assets/../../secret.txt")]
    [InlineData("/%2e%2e/secret.txt")]
    [InlineData("/%2e%2e%2fsecret.txt")]
    [InlineData("/..%5csecret.txt")]
    [InlineData("/..\\secret.txt")]
    [InlineData("/assets/%2e%2e/%2e%2e/secret.txt")]
    [InlineData("/%c0%ae%c0%ae/secret.txt")]
    [InlineData("//etc/passwd")]
    [InlineData("/.hidden")]
    [InlineData("/index.html%00.txt")]
    public async Task File_ByATrickOfPaths_NotTold(string target)
    {
        await shared.CommunityAsync();
        shared.Reconnect();
        var answer = await shared.AskAsync("GET", target, null, isSignedIn: false);
        shared.Reconnect();
        Assert.True(answer.Status is 400 or 404, $"{answer.Status} {answer.Text}");
        Assert.DoesNotContain(BadInputCommunity.Outside, answer.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await shared.AskAsync("GET", "/index.html", null, isSignedIn: false)).Status);
    }

    [EngineFact]
    public async Task Streams_MoreThanOneAccountMayHave_RefusedByNameUntilOneIsClosed()
    {
        var community = await shared.CommunityAsync();
        var limits = community.Node.Parts.Live!.Limits;
        await UntilAsync(() => limits.Open == 0);
        var open = Enumerable.Range(0, 50).Select(_ => limits.TryEnter("elsewhere", shared.Session.Account)!).ToList();

        var refused = await shared.AskAsync("GET", "/api/v1/live", null, isSignedIn: true);
        Assert.Equal((429, "60"), (refused.Status, refused.Header("Retry-After")));
        Assert.Contains("TooManyStreams", refused.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await shared.AskAsync("GET", "/api/v1/live", null, isSignedIn: false)).Status);
        open[0].Dispose();
        Assert.Equal(200, (await shared.AskAsync("GET", "/api/v1/live", null, isSignedIn: true)).Status);
        open.Skip(1).ToList().ForEach(one => one.Dispose());
        // A reader who goes away makes room.
        await UntilAsync(() => limits.Open == 0);
    }

    [Fact]
    public void Limits_OfOneClient_CountAllItsStreams()
    {
        var limits = new StreamLimits(mostOfAClient: 3, mostOfAnAccount: 2);
        var first = limits.TryEnter("10.0.0.1", "a");
        Assert.NotNull(limits.TryEnter("10.0.0.1", "a"));
        Assert.Null(limits.TryEnter("10.0.0.2", "a"));
        Assert.NotNull(limits.TryEnter("10.0.0.1", null));
        Assert.Null(limits.TryEnter("10.0.0.1", "b"));
        Assert.NotNull(limits.TryEnter("10.0.0.2", "b"));
        Assert.Equal(4, limits.Open);
        first!.Dispose();
        Assert.NotNull(limits.TryEnter("10.0.0.1", "a"));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        while (!isSo())
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, late.Token);
    }
}

/// <summary>The tests that share <see cref="BadInputCommunity"/>.</summary>
[CollectionDefinition(Name)]
public sealed class BadInputRoom : ICollectionFixture<BadInputCommunity>
{
    public const string Name = "bad input";
}
