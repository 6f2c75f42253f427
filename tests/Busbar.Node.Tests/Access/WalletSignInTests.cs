using System.Text;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;

namespace Busbar.Node.Tests.Access;

public sealed class WalletSignInTests : IAsyncLifetime
{
    private readonly PrivateKey _key = PrivateKey.FromSeed("a wallet"u8);
    private AccessHost _host = null!;

    public async Task InitializeAsync() => _host = await AccessHost.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task Wallet_FirstTime_AccountSessionAndRolesOfTheLedger()
    {
        var premises = new PremisesId(Keccak256.Hash("a house"u8));
        _host.Ledger.Say(_key.Address, [Role.Household], premises);
        using var client = _host.Client();
        Assert.False((await client.SessionAsync()).GetProperty("signedIn").GetBoolean());

        var session = await client.SignInAsync(_key);

        Assert.True(session.GetProperty("signedIn").GetBoolean());
        Assert.Equal(_key.Address.ToString(), session.GetProperty("account").GetProperty("address").GetString());
        Assert.Equal("wallet", session.GetProperty("account").GetProperty("kind").GetString());
        Assert.Equal("""["Anyone","Account","Household"]""", session.GetProperty("roles").ToString());
        Assert.Equal(premises.ToString(), Assert.Single(session.GetProperty("premises").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(session.ToString(), (await client.SessionAsync()).ToString());
    }

    [Fact]
    public async Task Wallet_SecondTime_SameAccountOldSessionEnded()
    {
        using var client = _host.Client();
        var first = await client.SignInAsync(_key);
        var cookie = client.Cookies.GetCookies(_host.Address).Single().Value;

        var second = await client.SignInAsync(_key);

        Assert.Equal(Id(first), Id(second));
        Assert.NotEqual(cookie, client.Cookies.GetCookies(_host.Address).Single().Value, StringComparer.Ordinal);
        Assert.Null(_host.Desk.Sessions.Find(cookie));
        Assert.Single(_host.Desk.Sessions.Of(Id(first)));
    }

    [Fact]
    public async Task Session_RoleEndsOnTheLedger_GoneAtTheNextRequest()
    {
        _host.Ledger.Say(_key.Address, [Role.Regulator]);
        using var client = await _host.WalletAsync(_key);
        Assert.Contains("Regulator", (await client.SessionAsync()).GetProperty("roles").ToString(), StringComparison.Ordinal);

        _host.Ledger.Say(_key.Address, []);

        Assert.DoesNotContain("Regulator", (await client.SessionAsync()).GetProperty("roles").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MalformedMessage", "Nonce: ", "Nonce:")]
    [InlineData("WrongVersion", "Version: 1", "Version: 2")]
    [InlineData("WrongDomain", "{host} wants", "evil.example wants")]
    [InlineData("WrongDomain", "{host} wants", "https://{host} wants")]
    [InlineData("WrongUri", "URI: http://", "URI: https://")]
    [InlineData("WrongUri", "URI: http://{host}/", "URI: http://evil.example/")]
    [InlineData("WrongUri", "URI: http://{host}/", "URI: http://{host}@evil.example/")]
    [InlineData("WrongUri", "URI: http://{host}/", "URI: urn:busbar")]
    [InlineData("WrongChain", "Chain ID: 35303", "Chain ID: 1")]
    [InlineData("NonceUnknown", "Nonce: ", "Nonce: a")]
    [InlineData("IssuedInFuture", "Issued At: 2026-01-01T00:00:00Z", "Issued At: 2026-01-01T00:03:00Z")]
    [InlineData("Expired", "Expiration Time: 2026-01-01T00:05:00Z", "Expiration Time: 2026-01-01T00:00:00Z")]
    [InlineData("Expired", "Issued At: 2026-01-01T00:00:00Z", "Issued At: 2025-12-31T23:50:00Z")]
    [InlineData("NotYetValid", "Expiration Time: 2026-01-01T00:05:00Z", "Not Before: 2026-01-01T00:00:01Z")]
    public async Task Wallet_MessageNotForHereAndNow_RefusedByName(string code, string from, string to)
    {
        using var client = _host.Client();
        string Host(string text) => text.Replace("{host}", _host.Address.Authority, StringComparison.Ordinal);
        var message = AccessClient.Message(await client.NonceAsync(), _key.Address, text =>
        {
            Assert.Contains(Host(from), text, StringComparison.Ordinal);
            return text.Replace(Host(from), Host(to), StringComparison.Ordinal);
        });

        var answer = await client.PostAsync("session/wallet", new { message, signature = AccessClient.Sign(_key, message) });

        Assert.Equal((code == "MalformedMessage" ? 400 : 401, code), await AccessClient.RefusalAsync(answer));
        Assert.Empty(client.Cookies.GetAllCookies());
    }

    [Fact]
    public async Task Wallet_NonceUsedBefore_NonceUnknown()
    {
        using var client = _host.Client();
        var message = AccessClient.Message(await client.NonceAsync(), _key.Address);
        var body = new { message, signature = AccessClient.Sign(_key, message) };
        await client.TakeAsync(await client.PostAsync("session/wallet", body));
        using var thief = _host.Client();

        Assert.Equal((401, "NonceUnknown"), await AccessClient.RefusalAsync(await thief.PostAsync("session/wallet", body)));
    }

    [Fact]
    public async Task Wallet_NonceOlderThanFiveMinutes_NonceUnknown()
    {
        using var client = _host.Client();
        var nonce = await client.NonceAsync();
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        var message = AccessClient.Message(nonce, _key.Address, text => text[..text.IndexOf("\nExpiration", StringComparison.Ordinal)]);

        var answer = await client.PostAsync("session/wallet", new { message, signature = AccessClient.Sign(_key, message) });

        Assert.Equal((401, "NonceUnknown"), await AccessClient.RefusalAsync(answer));
    }

    [Fact]
    public async Task Wallet_SomebodyElsesSignature_WrongSignature()
    {
        using var other = PrivateKey.FromSeed("another wallet"u8);
        using var client = _host.Client();
        var message = AccessClient.Message(await client.NonceAsync(), _key.Address);
        Assert.Equal(
            (401, "WrongSignature"),
            await AccessClient.RefusalAsync(await client.PostAsync("session/wallet", new { message, signature = AccessClient.Sign(other, message) })));

        message = AccessClient.Message(await client.NonceAsync(), _key.Address);
        var contract = HexText.Encode(Encoding.ASCII.GetBytes(new string('x', 200)));
        Assert.Equal(
            (401, "WrongSignature"),
            await AccessClient.RefusalAsync(await client.PostAsync("session/wallet", new { message, signature = contract })));
    }

    [Fact]
    public async Task Nonce_AskedTooOften_TooManyTriesAndGoodAgainLater()
    {
        using var client = _host.Client();
        for (var i = 0; i < 60; i++)
            await client.NonceAsync();

        var answer = await client.PostAsync("session/nonce", new { });
        Assert.Equal("2", answer.Headers.GetValues("Retry-After").Single());
        Assert.Equal((429, "TooManyTries"), await AccessClient.RefusalAsync(answer));
        _host.Time.Advance(TimeSpan.FromSeconds(2));
        await client.NonceAsync();
    }

    [Fact]
    public async Task Wallet_NewAddressesInCrowds_TooManyTries()
    {
        using var client = _host.Client();
        for (var i = 0; i < 10; i++)
        {
            using var key = PrivateKey.FromSeed(Encoding.ASCII.GetBytes($"crowd {i}"));
            await client.SignInAsync(key);
        }

        var message = AccessClient.Message(await client.NonceAsync(), _key.Address);
        var answer = await client.PostAsync("session/wallet", new { message, signature = AccessClient.Sign(_key, message) });
        Assert.Equal((429, "TooManyTries"), await AccessClient.RefusalAsync(answer));
    }

    private static string Id(JsonElement session) => session.GetProperty("account").GetProperty("id").GetString()!;
}
