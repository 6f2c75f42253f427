using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Store.Accounts;

namespace Busbar.Node.Tests.Access;

public sealed class PasskeyTests : IAsyncLifetime
{
    private AccessHost _host = null!;

    private string Origin => $"http://localhost:{_host.Address.Port}";

    public async Task InitializeAsync() => _host = await AccessHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Passkey_Registered_SignsInWithoutAName(bool rsa)
    {
        using var device = new VirtualAuthenticator(rsa) { Origin = Origin };
        var id = await RegisterAsync(device, "asha");
        using var client = Client();

        for (var i = 0; i < 2; i++)
        {
            var session = await client.TakeAsync(await SignInAsync(client, device));
            Assert.Equal("asha", session.GetProperty("account").GetProperty("name").GetString());
        }

        var passkey = Assert.Single((await client.TakeAsync(await client.GetAsync("account/passkeys"))).GetProperty("items").EnumerateArray());
        Assert.Equal((Base64Url.EncodeToString(device.Id), "My phone"), (passkey.GetProperty("id").GetString(), passkey.GetProperty("name").GetString()));
        Assert.NotEqual(JsonValueKind.Null, passkey.GetProperty("lastUsed").ValueKind);
        Assert.Equal(2u, (await _host.Store.Accounts.PasskeyAsync(device.Id, default))!.Counter);
        Assert.Equal(id, (await _host.Store.Accounts.PasskeyAsync(device.Id, default))!.Account);
    }

    [Fact]
    public async Task Options_AskForVerifiedUsersAndTellOfNoAccount()
    {
        using var device = new VirtualAuthenticator { Origin = Origin };
        await RegisterAsync(device, "asha");
        using var client = Client();

        var options = await client.TakeAsync(await client.PostAsync("session/passkey/options", new { name = "asha" }));

        Assert.Equal("required", options.GetProperty("userVerification").GetString());
        Assert.Equal("localhost", options.GetProperty("rpId").GetString());
        Assert.Empty(options.GetProperty("allowCredentials").EnumerateArray());
    }

    [Fact]
    public async Task SignIn_ChallengeUsedOrOldOrForAnotherUse_ChallengeUnknown()
    {
        using var device = new VirtualAuthenticator { Origin = Origin };
        await RegisterAsync(device, "asha");
        using var client = Client();
        var options = await OptionsAsync(client);
        var credential = device.Get(options);
        await client.TakeAsync(await client.PostAsync("session/passkey", new { credential }));
        using var thief = Client();
        Assert.Equal((401, "ChallengeUnknown"), await AccessClient.RefusalAsync(await thief.PostAsync("session/passkey", new { credential })));

        options = await OptionsAsync(client);
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((401, "ChallengeUnknown"), await AccessClient.RefusalAsync(await client.PostAsync("session/passkey", new { credential = device.Get(options) })));

        var creation = await client.TakeAsync(await client.PostAsync("account/passkeys/options", new { }));
        Assert.Equal((401, "ChallengeUnknown"), await AccessClient.RefusalAsync(await client.PostAsync("session/passkey", new { credential = device.Get(creation) })));
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("relying party")]
    [InlineData("cross origin")]
    [InlineData("user not verified")]
    [InlineData("counter")]
    [InlineData("signature")]
    [InlineData("user handle")]
    [InlineData("unknown credential")]
    public async Task SignIn_WithAnAnswerThatDoesNotHold_WrongPasskey(string fault)
    {
        using var device = new VirtualAuthenticator { Origin = Origin };
        await RegisterAsync(device, "asha");
        using var client = Client();
        await client.TakeAsync(await SignInAsync(client, device));
        using var other = new VirtualAuthenticator { Origin = Origin, UserHandle = device.UserHandle };
        var answering = fault == "unknown credential" ? other : device;
        Spoil(device, fault);
        var credential = answering.Get(await OptionsAsync(client));
        if (fault == "signature")
            credential["response"]!["signature"] = other.Get(await OptionsAsync(client))["response"]!["signature"]!.GetValue<string>();
        if (fault == "user handle")
            credential["response"]!["userHandle"] = Base64Url.EncodeToString("somebody else"u8);
        using var stranger = Client();

        Assert.Equal((401, "WrongPasskey"), await AccessClient.RefusalAsync(await stranger.PostAsync("session/passkey", new { credential })));
        Assert.False((await stranger.SessionAsync()).GetProperty("signedIn").GetBoolean());
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("relying party")]
    [InlineData("cross origin")]
    [InlineData("user not verified")]
    public async Task Register_WithAnAnswerThatDoesNotHold_WrongPasskey(string fault)
    {
        using var device = new VirtualAuthenticator { Origin = Origin };
        using var client = await AccountAsync("asha");
        var options = await client.TakeAsync(await client.PostAsync("account/passkeys/options", new { }));
        Spoil(device, fault);

        var answer = await client.PostAsync("account/passkeys", new { credential = device.Create(options), name = "My phone" });

        Assert.Equal((401, "WrongPasskey"), await AccessClient.RefusalAsync(answer));
        Assert.Null(await _host.Store.Accounts.PasskeyAsync(device.Id, default));
    }

    [Fact]
    public async Task Register_ForSomebodyElsesChallenge_ChallengeUnknown()
    {
        using var device = new VirtualAuthenticator { Origin = Origin };
        using var asha = await AccountAsync("asha");
        using var ravi = await AccountAsync("ravi");
        var options = await asha.TakeAsync(await asha.PostAsync("account/passkeys/options", new { }));

        var answer = await ravi.PostAsync("account/passkeys", new { credential = device.Create(options) });

        Assert.Equal((401, "ChallengeUnknown"), await AccessClient.RefusalAsync(answer));
    }

    [Fact]
    public async Task Remove_OwnPasskey_SignsInNoMore()
    {
        using var device = new VirtualAuthenticator { Origin = Origin };
        await RegisterAsync(device, "asha");
        using var neighbour = await AccountAsync("ravi");
        using var client = Client();
        await client.TakeAsync(await SignInAsync(client, device));
        var path = $"account/passkeys/{Base64Url.EncodeToString(device.Id)}";
        Assert.Equal((404, "PasskeyUnknown"), await AccessClient.RefusalAsync(await neighbour.DeleteAsync(path)));

        await client.TakeAsync(await client.DeleteAsync(path));

        using var again = Client();
        Assert.Equal((401, "WrongPasskey"), await AccessClient.RefusalAsync(await SignInAsync(again, device)));
        Assert.Equal((404, "PasskeyUnknown"), await AccessClient.RefusalAsync(await client.DeleteAsync("account/passkeys/no+such")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"response":null}""")]
    [InlineData("""{"response":{"clientDataJSON":7}}""")]
    [InlineData("""{"response":{"clientDataJSON":"!"}}""")]
    [InlineData("""{"response":{"clientDataJSON":"e30"}}""")]
    public async Task SignIn_WithNonsense_ChallengeUnknown(string credential)
    {
        using var client = Client();

        var answer = await client.PostAsync("session/passkey", new { credential = JsonNode.Parse(credential) });

        Assert.Equal((401, "ChallengeUnknown"), await AccessClient.RefusalAsync(answer));
    }

    [Fact]
    public async Task SignIn_WithOurChallengeAndRubbishAroundIt_WrongPasskey()
    {
        using var device = new VirtualAuthenticator { Origin = Origin };
        using var client = Client();
        var whole = device.Get(await OptionsAsync(client));
        var credential = new JsonObject { ["response"] = new JsonObject { ["clientDataJSON"] = whole["response"]!["clientDataJSON"]!.GetValue<string>() } };

        Assert.Equal((401, "WrongPasskey"), await AccessClient.RefusalAsync(await client.PostAsync("session/passkey", new { credential })));
    }

    private static void Spoil(VirtualAuthenticator device, string fault)
    {
        switch (fault)
        {
            case "origin":
                device.Origin = "http://localhost:1";
                break;
            case "relying party":
                device.RelyingParty = "evil.example";
                break;
            case "cross origin":
                device.CrossOrigin = true;
                break;
            case "user not verified":
                device.VerifiesUser = false;
                break;
            case "counter":
                // It counts on when it signs, and so comes to what was seen last.
                device.Counter--;
                break;
        }
    }

    private static async Task<JsonElement> OptionsAsync(AccessClient client) =>
        await client.TakeAsync(await client.PostAsync("session/passkey/options", new { }));

    private static async Task<HttpResponseMessage> SignInAsync(AccessClient client, VirtualAuthenticator device) =>
        await client.PostAsync("session/passkey", new { credential = device.Get(await OptionsAsync(client)) });

    // Passkeys belong to names; an address of numbers has none.
    private AccessClient Client() => new(new Uri(Origin));

    private async Task<AccessClient> AccountAsync(string name)
    {
        var made = await _host.Desk.Invitations.MakeAsync(new(InvitationKind.Household, name), [], default);
        var client = Client();
        await client.TakeAsync(await client.PostAsync("accounts", new { invitation = made.Value!.Code, name, password = AccessHost.Password }));
        return client;
    }

    private async Task<string> RegisterAsync(VirtualAuthenticator device, string name)
    {
        using var client = await AccountAsync(name);
        var options = await client.TakeAsync(await client.PostAsync("account/passkeys/options", new { }));
        Assert.Equal("none", options.GetProperty("attestation").GetString());
        await client.TakeAsync(await client.PostAsync("account/passkeys", new { credential = device.Create(options), name = "My phone" }));
        return (await client.SessionAsync()).GetProperty("account").GetProperty("id").GetString()!;
    }
}
