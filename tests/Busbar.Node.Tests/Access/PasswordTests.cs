using System.Net.Http.Json;
using System.Text.Json;
using Busbar.Node.Access.Passwords;
using Busbar.Store.Accounts;

namespace Busbar.Node.Tests.Access;

public sealed class PasswordTests : IAsyncLifetime
{
    private const string Name = "asha";
    private AccessHost _host = null!;

    public async Task InitializeAsync() => _host = await AccessHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Password_RightInAnyCaseOfTheName_SignsIn()
    {
        using var first = await _host.InvitedAsync(InvitationKind.Household, Name);
        using var client = _host.Client();

        var session = await client.TakeAsync(await client.SignInAsync("ASHA", AccessHost.Password));

        Assert.Equal(Name, session.GetProperty("account").GetProperty("name").GetString());
        Assert.Equal("password", session.GetProperty("account").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Password_WrongNameOrWrongPassword_OneAnswer()
    {
        using var first = await _host.InvitedAsync(InvitationKind.Household, Name);
        using var client = _host.Client();

        var wrongName = await client.SignInAsync("nobody", AccessHost.Password);
        var wrongPassword = await client.SignInAsync(Name, AccessHost.Password + "!");

        Assert.Equal((wrongName.StatusCode, await DetailAsync(wrongName)), (wrongPassword.StatusCode, await DetailAsync(wrongPassword)));
    }

    [Fact]
    public async Task Password_GuessedAtOneName_WaitsGrowAndEvenTheRightOneWaits()
    {
        using var first = await _host.InvitedAsync(InvitationKind.Household, Name);
        using var client = _host.Client();
        for (var i = 0; i < 5; i++)
            Assert.Equal((401, "WrongNameOrPassword"), await AccessClient.RefusalAsync(await client.SignInAsync(Name, "wrong password")));

        Assert.Equal((429, "TooManyTries"), await AccessClient.RefusalAsync(await client.SignInAsync(Name, AccessHost.Password)));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((401, "WrongNameOrPassword"), await AccessClient.RefusalAsync(await client.SignInAsync(Name, "wrong password")));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((429, "TooManyTries"), await AccessClient.RefusalAsync(await client.SignInAsync(Name, AccessHost.Password)));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await client.TakeAsync(await client.SignInAsync(Name, AccessHost.Password));
        await client.TakeAsync(await client.SignInAsync(Name, AccessHost.Password));
    }

    [Fact]
    public async Task Password_GuessedAtManyNames_TheAddressWaits()
    {
        using var client = _host.Client();
        for (var i = 0; i < 20; i++)
            Assert.Equal((401, "WrongNameOrPassword"), await AccessClient.RefusalAsync(await client.SignInAsync($"name{i}", "a password")));

        var answer = await client.SignInAsync("name99", "a password");

        Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
        Assert.Equal((429, "TooManyTries"), await AccessClient.RefusalAsync(answer));
    }

    [Fact]
    public async Task Change_RightPassword_OldOneAndOtherSessionsEnd()
    {
        using var client = await _host.InvitedAsync(InvitationKind.Household, Name);
        using var other = _host.Client();
        await other.TakeAsync(await other.SignInAsync(Name, AccessHost.Password));

        await client.TakeAsync(await client.PutAsync("account/password", new { current = AccessHost.Password, next = "quite another one" }));

        Assert.True((await client.SessionAsync()).GetProperty("signedIn").GetBoolean());
        Assert.False((await other.SessionAsync()).GetProperty("signedIn").GetBoolean());
        Assert.Equal((401, "WrongNameOrPassword"), await AccessClient.RefusalAsync(await other.SignInAsync(Name, AccessHost.Password)));
        await other.TakeAsync(await other.SignInAsync(Name, "quite another one"));
    }

    [Theory]
    [InlineData("wrong one, surely", "quite another one", 403, "WrongPassword")]
    [InlineData(AccessHost.Password, "too short", 400, "InvalidField")]
    [InlineData(AccessHost.Password, null, 400, "InvalidField")]
    [InlineData("", "quite another one", 400, "InvalidField")]
    public async Task Change_Refused_NothingChanged(string current, string? next, int status, string code)
    {
        using var client = await _host.InvitedAsync(InvitationKind.Household, Name);

        Assert.Equal((status, code), await AccessClient.RefusalAsync(await client.PutAsync("account/password", new { current, next })));

        await client.TakeAsync(await client.SignInAsync(Name, AccessHost.Password));
    }

    [Fact]
    public async Task Hash_MadeWithFewerRounds_MadeAnewAtSignIn()
    {
        string id;
        using (var client = await _host.InvitedAsync(InvitationKind.Household, Name))
            id = (await client.SessionAsync()).GetProperty("account").GetProperty("id").GetString()!;
        var before = await _host.Store.Accounts.PasswordHashAsync(id, default);
        await _host.CloseAsync();
        _host.Options = _host.Options with { PasswordRounds = 2000 };
        await _host.OpenAsync();

        using var again = _host.Client();
        await again.TakeAsync(await again.SignInAsync(Name, AccessHost.Password));

        Assert.StartsWith("pbkdf2-sha512$1000$", before, StringComparison.Ordinal);
        Assert.StartsWith("pbkdf2-sha512$2000$", await _host.Store.Accounts.PasswordHashAsync(id, default), StringComparison.Ordinal);
        await again.TakeAsync(await again.SignInAsync(Name, AccessHost.Password));
    }

    [Theory]
    [InlineData("123456789", false)]
    [InlineData("1234567890", true)]
    [InlineData("          ", true)]
    [InlineData("\u0906\u0936\u093E \u0915\u093E \u0918\u0930 \u0939\u0948", true)]
    [InlineData("123456789\uD800", false)]
    [InlineData(null, false)]
    public void Rules_TenCharactersOfAnyScript(string? password, bool allowed) => Assert.Equal(allowed, PasswordRules.Broken(password) is null);

    [Fact]
    public void Rules_MoreThan256Characters_Broken()
    {
        Assert.Null(PasswordRules.Broken(new string('x', 256)));
        Assert.NotNull(PasswordRules.Broken(new string('x', 257)));
    }

    [Fact]
    public void Hash_OfRfc6070Kind_KnownAnswer()
    {
        // PBKDF2-HMAC-SHA-512, P = "password", S = "salt", c = 4096, from the reference test values of the function.
        var hash = PasswordHash.Parse(
            "pbkdf2-sha512$4096$" + Base64("salt"u8) + "$" + Base64(Convert.FromHexString("D197B1B33DB0143E018B12F3D1D1479E6CDEBDCC97C5C0F87F6902E072F457B5")));

        Assert.True(hash.IsOf("password"));
        Assert.False(hash.IsOf("Password"));
        Assert.DoesNotContain("0ZexN", hash.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_AfterAllOfThis_NeverASecret()
    {
        using var client = await _host.InvitedAsync(InvitationKind.Operator, Name);
        await client.SignInAsync(Name, "wrong " + AccessHost.Password);
        await client.SignInAsync("typed-into-the-wrong-field", AccessHost.Password);
        await client.TakeAsync(await client.PutAsync("account/password", new { current = AccessHost.Password, next = "the next secret one" }));
        var made = await client.TakeAsync(await client.PostAsync("invitations", new { kind = "auditor", name = "Ravi" }));
        var cookie = client.Cookies.GetCookies(_host.Address).Single().Value;

        var text = string.Join('\n', _host.Logs.Lines.Select(line => line.Text));

        Assert.Contains(_host.Logs.Lines, line => line.Id == 1502);
        Assert.Contains(_host.Logs.Lines, line => line.Id == 1508);
        Assert.All(
            [AccessHost.Password, "the next secret one", "typed-into", made.GetProperty("code").GetString()!, cookie, client.Csrf],
            secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()) is var body ? $"{body.GetProperty("code")} {body.GetProperty("detail")}" : "";

    private static string Base64(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
