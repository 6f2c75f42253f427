using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Tls;

/// <summary>A node that is open to other machines: HTTPS under its own names, and next to nothing by plain HTTP.</summary>
public sealed class HttpsTests(HttpsTests.Community shared) : IClassFixture<HttpsTests.Community>
{
    [EngineFact]
    public async Task Page_TrustingTheDownloadedAuthorityAlone_Answers()
    {
        var node = (await shared.CommunityAsync()).Node;
        using var root = await shared.AuthorityAsync();
        using var trusting = shared.Client("https", "busbar.local", root);
        using var strange = shared.Client("https", "busbar.local", trusted: null);
        using var byAnotherName = shared.Client("https", "other.local", root);

        Assert.Equal("Test village", (await trusting.GetFromJsonAsync<JsonElement>("api/v1/community")).GetProperty("name").GetString());
        await AssertNotTrustedAsync(strange);
        await AssertNotTrustedAsync(byAnotherName);
        Assert.Equal(("https", "busbar.local"), (node.Page.Scheme, node.Page.Host));
    }

    [EngineFact]
    public async Task Https_ForeignHost_Misdirected()
    {
        await shared.CommunityAsync();
        using var client = shared.Client("https", "busbar.local", trusted: null, isCareless: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/community");
        request.Headers.Host = "bank.example";
        using var answer = await client.SendAsync(request);
        Assert.Equal((421, "WrongHost"), ((int)answer.StatusCode, await CodeAsync(answer)));
    }

    [EngineTheory]
    [InlineData("busbar.local", "api/v1/explorer/lookup?q=1%262", "busbar.local")]
    [InlineData("192.168.7.7", "", "192.168.7.7")]
    [InlineData("[fd00::7]", "a%20b", "[fd00::7]")]
    public async Task Http_ByAName_SentOnToHttps(string host, string path, string expected)
    {
        var node = (await shared.CommunityAsync()).Node;
        using var client = shared.Client("http", host, trusted: null);
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"https://{expected}:{node.Page.Port}/{path}", answer.Headers.Location?.OriginalString);
    }

    [EngineFact]
    public async Task Http_WhatIsSent_TakenFromDevicesAlone()
    {
        var community = await shared.CommunityAsync();
        using var client = shared.Client("http", "busbar.local", trusted: null);
        using var password = await client.PostAsJsonAsync("api/v1/session/password", new { name = "somebody", password = "a long pass phrase" });
        using var reading = await client.PostAsJsonAsync($"api/v1/meters/{community.Meters[0].Id}/reading", new { });
        using var foreign = shared.Client("http", "bank.example", trusted: null);
        using var rebound = await foreign.GetAsync("trust");

        Assert.Equal((403, "NotByHttp"), ((int)password.StatusCode, await CodeAsync(password)));
        Assert.Equal((401, "WrongToken"), ((int)reading.StatusCode, await CodeAsync(reading)));
        Assert.Equal((421, "WrongHost"), ((int)rebound.StatusCode, await CodeAsync(rebound)));
    }

    [EngineFact]
    public async Task Trust_ByPlainHttp_TellsFingerprintAndTheWayOn()
    {
        var node = (await shared.CommunityAsync()).Node;
        using var root = await shared.AuthorityAsync();
        using var client = shared.Client("http", "busbar.local", trusted: null);
        var page = await client.GetStringAsync("trust");

        var print = string.Join(':', root.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256).Select(one => one.ToString("X2", null)));
        Assert.Contains(print, page, StringComparison.Ordinal);
        Assert.Contains($"href=\"https://busbar.local:{node.Page.Port}/\"", page, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task SignIn_OverHttps_CookieThatNoOtherHostAndNoPlainConnectionSets()
    {
        var community = await shared.CommunityAsync();
        using var root = await shared.AuthorityAsync();
        using var client = shared.Client("https", "busbar.local", root);
        var invitation = await community.Node.SetUpCodeAsync(default);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/accounts")
        {
            Content = JsonContent.Create(new { invitation, name = "operator", password = "a long pass phrase" }),
        };
        request.Headers.Add("Origin", $"https://busbar.local:{community.Node.Page.Port}");
        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-busbar-session=", cookie, StringComparison.Ordinal);
        Assert.Equal(
            "httponly; max-age=2592000; path=/; samesite=strict; secure",
            string.Join("; ", cookie.Split("; ").Skip(1).Select(part => part.ToLowerInvariant()).Order(StringComparer.Ordinal)));
        Assert.True(await IsSignedInAsync(client, cookie.Split(';')[0]));
        Assert.False(await IsSignedInAsync(client, cookie.Split(';')[0]["__Host-".Length..]));
    }

    private static async Task<bool> IsSignedInAsync(HttpClient client, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/session");
        request.Headers.Add("Cookie", cookie);
        using var answer = await client.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("signedIn").GetBoolean();
    }

    private static async Task AssertNotTrustedAsync(HttpClient client) => Assert.IsType<AuthenticationException>(
        (await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("api/v1/community"))).InnerException);

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    public sealed class Community : SharedCommunity
    {
        private int _http;

        /// <summary>The authority's certificate as the node hands it out.</summary>
        internal async Task<X509Certificate2> AuthorityAsync()
        {
            using var client = Client("http", "busbar.local", trusted: null);
            using var answer = await client.GetAsync("trust/authority.crt");
            Assert.Equal("application/x-x509-ca-cert", answer.Content.Headers.ContentType?.MediaType);
            return X509CertificateLoader.LoadCertificate(await answer.Content.ReadAsByteArrayAsync());
        }

        /// <summary>A browser that finds the node under a name and trusts nobody but whom it is told to.</summary>
        internal HttpClient Client(string scheme, string host, X509Certificate2? trusted, bool isCareless = false)
        {
            var port = scheme == "http" ? _http : CommunityAsync().Result.Node.Page.Port;
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            if (trusted is not null)
                policy.CustomTrustStore.Add(trusted);
            return new(new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                SslOptions = isCareless
                    ? new() { RemoteCertificateValidationCallback = (_, _, _, _) => true }
                    : new() { CertificateChainPolicy = policy },
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            })
            {
                BaseAddress = new($"{scheme}://{host}:{port}/"),
                Timeout = TestConnection.Patience,
            };
        }

        protected override async Task<TestCommunity> BeginAsync()
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                _http = ((IPEndPoint)free.LocalEndpoint).Port;
            }

            var community = new TestCommunity(new TestMeter("house 1")) { IsOpen = false };
            await community.OpenAsync(0, options => options with
            {
                HttpPort = _http,
                Https = new() { Port = 0, Hosts = ["busbar.local", "192.168.7.7", "fd00::7"] },
            });
            return community;
        }
    }
}
