using Busbar.Cryptography;
using Busbar.Store.Accounts;

namespace Busbar.Node.Tests.Access;

public sealed class SessionTests : IAsyncLifetime
{
    private readonly PrivateKey _key = PrivateKey.FromSeed("a wallet"u8);
    private AccessHost _host = null!;

    public async Task InitializeAsync() => _host = await AccessHost.StartAsync(options => options with { MostSessions = 3 });

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task Cookie_OfASignIn_ForThisHostAloneAndNoScript()
    {
        using var client = _host.Client();
        var message = AccessClient.Message(await client.NonceAsync(), _key.Address);
        using var answer = await client.PostAsync("session/wallet", new { message, signature = AccessClient.Sign(_key, message) });

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("busbar-session=", cookie, StringComparison.Ordinal);
        Assert.Equal(
            "httponly; max-age=2592000; path=/; samesite=strict",
            string.Join("; ", cookie.Split("; ").Skip(1).Select(part => part.ToLowerInvariant()).Order(StringComparer.Ordinal)));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Store_HoldsNoSecretOfASession()
    {
        using var client = await _host.WalletAsync(_key);
        var secret = client.Cookies.GetCookies(_host.Address).Single().Value;
        await _host.CloseAsync();
        var bytes = Directory.GetFiles(_host.Folder).SelectMany(File.ReadAllBytes).ToArray();
        await _host.OpenAsync();

        Assert.Equal(-1, bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(secret)));
        Assert.Equal(-1, bytes.AsSpan().IndexOf(System.Buffers.Text.Base64Url.DecodeFromChars(secret)));
    }

    [Fact]
    public async Task Restart_SignsNobodyOut()
    {
        using var client = await _host.WalletAsync(_key);
        var secret = client.Cookies.GetCookies(_host.Address).Single().Value;
        await _host.CloseAsync();
        await _host.OpenAsync();

        Assert.NotNull(_host.Desk.Sessions.Find(secret));
        Assert.NotNull(_host.Desk.Accounts.FindByAddress(_key.Address));
    }

    [Fact]
    public async Task Session_NotUsedForAWeek_Ends()
    {
        using var client = await _host.WalletAsync(_key);
        _host.Time.Advance(TimeSpan.FromDays(6.9));
        Assert.True(await IsSignedInAsync(client));
        _host.Time.Advance(TimeSpan.FromDays(6.9));
        Assert.True(await IsSignedInAsync(client));
        _host.Time.Advance(TimeSpan.FromDays(7));

        Assert.False(await IsSignedInAsync(client));
    }

    [Fact]
    public async Task Session_UsedEveryDay_EndsAfterThirtyDays()
    {
        using var client = await _host.WalletAsync(_key);
        for (var day = 1; day < 30; day++)
        {
            _host.Time.Advance(TimeSpan.FromDays(1));
            Assert.True(await IsSignedInAsync(client), $"day {day}");
        }

        _host.Time.Advance(TimeSpan.FromDays(1));
        Assert.False(await IsSignedInAsync(client));
    }

    [Fact]
    public async Task LastUsed_WrittenAtMostOnceAMinute()
    {
        using var client = await _host.WalletAsync(_key);
        var begun = Assert.Single(await _host.Store.Sessions.AllAsync(default)).LastUsed;
        _host.Time.Advance(TimeSpan.FromSeconds(59));
        await client.SessionAsync();
        Assert.Equal(begun, Assert.Single(await _host.Store.Sessions.AllAsync(default)).LastUsed);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await client.SessionAsync();

        Assert.Equal(begun.Plus(NodaTime.Duration.FromMinutes(1)), Assert.Single(await _host.Store.Sessions.AllAsync(default)).LastUsed);
    }

    [Fact]
    public async Task SignOut_EndsThisOneAtOnceAndOnDisk()
    {
        using var client = await _host.WalletAsync(_key);
        using var other = await _host.WalletAsync(_key);
        var secret = client.Cookies.GetCookies(_host.Address).Single().Value;

        await client.TakeAsync(await client.DeleteAsync("session"));

        Assert.Null(_host.Desk.Sessions.Find(secret));
        Assert.False(await IsSignedInAsync(client));
        Assert.True(await IsSignedInAsync(other));
        Assert.Single(await _host.Store.Sessions.AllAsync(default));
    }

    [Fact]
    public async Task SignOutEverywhere_EndsAllOfTheAccountAndNoOther()
    {
        using var neighbour = await _host.InvitedAsync(InvitationKind.Household, "neighbour");
        using var client = await _host.WalletAsync(_key);
        using var other = await _host.WalletAsync(_key);

        await client.TakeAsync(await client.DeleteAsync("sessions"));

        Assert.False(await IsSignedInAsync(client));
        Assert.False(await IsSignedInAsync(other));
        Assert.True(await IsSignedInAsync(neighbour));
    }

    [Fact]
    public async Task SignIn_OneMoreThanMayBe_EndsTheOneUnusedLongest()
    {
        var clients = new List<AccessClient>();
        for (var i = 0; i < 3; i++)
        {
            clients.Add(await _host.WalletAsync(_key));
            _host.Time.Advance(TimeSpan.FromMinutes(1));
        }

        await clients[0].SessionAsync();
        clients.Add(await _host.WalletAsync(_key));

        Assert.True(await IsSignedInAsync(clients[0]));
        Assert.False(await IsSignedInAsync(clients[1]));
        Assert.True(await IsSignedInAsync(clients[2]));
        Assert.Equal(3, (await _host.Store.Sessions.AllAsync(default)).Count);
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Cookie_OfNobody_Nobody(string secret)
    {
        using var client = _host.Client();
        client.Cookies.Add(_host.Address, new System.Net.Cookie("busbar-session", secret));

        Assert.False(await IsSignedInAsync(client));
        Assert.Equal((401, "SignInFirst"), await AccessClient.RefusalAsync(await client.GetAsync("account/settings")));
    }

    [Theory]
    [InlineData(null, null, null, "CsrfToken")]
    [InlineData("wrong", null, null, "CsrfToken")]
    [InlineData("neighbour's", null, null, "CsrfToken")]
    [InlineData("own", "http://evil.example", null, "ForeignOrigin")]
    [InlineData("own", "null", null, "ForeignOrigin")]
    [InlineData("own", null, "cross-site", "ForeignOrigin")]
    [InlineData("own", null, "same-site", "ForeignOrigin")]
    public async Task UnsafeRequest_NotShownToBeOurPages_Refused(string? token, string? origin, string? site, string code)
    {
        using var neighbour = await _host.InvitedAsync(InvitationKind.Household, "neighbour");
        using var client = await _host.WalletAsync(_key);
        client.Csrf = token switch { "own" => client.Csrf, "neighbour's" => neighbour.Csrf, _ => token ?? "" };

        var answer = await client.SendAsync(HttpMethod.Put, "account/settings", new { theme = "dark" }, request =>
        {
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            if (site is not null)
                request.Headers.Add("Sec-Fetch-Site", site);
        });

        Assert.Equal((403, code), await AccessClient.RefusalAsync(answer));
        Assert.Equal("""{"language":null,"theme":null}""", (await client.TakeAsync(await client.GetAsync("account/settings"))).ToString());
    }

    private static async Task<bool> IsSignedInAsync(AccessClient client) => (await client.SessionAsync()).GetProperty("signedIn").GetBoolean();
}
