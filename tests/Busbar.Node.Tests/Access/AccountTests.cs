using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Node.Access.Accounts;
using Busbar.Store.Accounts;

namespace Busbar.Node.Tests.Access;

public sealed class AccountTests : IAsyncLifetime
{
    private readonly PrivateKey _key = PrivateKey.FromSeed("a key of the browser"u8);
    private AccessHost _host = null!;

    public async Task InitializeAsync() => _host = await AccessHost.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task Create_WithAKeyOfTheBrowser_KeptAndGivenBack()
    {
        using var client = _host.Client();
        var keystore = JsonSerializer.Deserialize<JsonElement>(Keystore.Encrypt(_key, "the key's own secret", KeystoreCost.Light));

        var session = await client.TakeAsync(await CreateAsync(client, _key.Address, keystore, _key));

        var account = session.GetProperty("account");
        Assert.Equal((_key.Address.ToString(), true), (account.GetProperty("address").GetString(), account.GetProperty("hasKeystore").GetBoolean()));
        using var opened = Keystore.Decrypt((await client.TakeAsync(await client.GetAsync("account/keystore"))).ToString(), "the key's own secret");
        Assert.Equal(_key.Address, opened.Address);
        using var wallet = await _host.WalletAsync(_key);
        Assert.Equal(account.GetProperty("id").GetString(), (await wallet.SessionAsync()).GetProperty("account").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Create_ProofByAnotherKey_WrongProofAndInvitationStillGood()
    {
        using var other = PrivateKey.FromSeed("another key"u8);
        using var client = _host.Client();
        var code = await CodeAsync();

        Assert.Equal((403, "WrongProof"), await AccessClient.RefusalAsync(await CreateAsync(client, _key.Address, null, other, code)));

        await client.TakeAsync(await CreateAsync(client, _key.Address, null, _key, code));
    }

    [Fact]
    public async Task Create_AddressOrNameTaken_Refused()
    {
        using var wallet = await _host.WalletAsync(_key);
        using var client = _host.Client();
        Assert.Equal((409, "AddressTaken"), await AccessClient.RefusalAsync(await CreateAsync(client, _key.Address, null, _key)));
        using var first = await _host.InvitedAsync(InvitationKind.Household, "ravi");

        var answer = await client.PostAsync("accounts", new { invitation = await CodeAsync(), name = "RAVI", password = AccessHost.Password });

        Assert.Equal((409, "NameTaken"), await AccessClient.RefusalAsync(answer));
    }

    [Fact]
    public async Task Create_TwoAtOnceWithOneInvitation_OneAccount()
    {
        var code = await CodeAsync();
        using var one = _host.Client();
        using var two = _host.Client();

        var answers = await Task.WhenAll(
            one.PostAsync("accounts", new { invitation = code, name = "one", password = AccessHost.Password }),
            two.PostAsync("accounts", new { invitation = code, name = "two", password = AccessHost.Password }));

        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Single(_host.Desk.Accounts.All);
    }

    [Fact]
    public async Task Keystore_PutToAGuestsAccount_AddressIsItsOwnFromNowOn()
    {
        using var client = await _host.InvitedAsync(InvitationKind.Household, "ravi");
        Assert.Equal((404, "NoKeystore"), await AccessClient.RefusalAsync(await client.GetAsync("account/keystore")));
        var keystore = JsonSerializer.Deserialize<JsonElement>(Keystore.Encrypt(_key, "the key's own secret", KeystoreCost.Light));

        var account = await client.TakeAsync(await client.PutAsync("account/keystore", new { address = _key.Address.ToString(), keystore, proof = await ProofAsync(client, _key) }));

        Assert.Equal(_key.Address.ToString(), account.GetProperty("address").GetString());
        Assert.Equal("ravi", _host.Desk.Accounts.FindByAddress(_key.Address)?.Name);
    }

    [Theory]
    [InlineData("version", "4")]
    [InlineData("version", "\"3\"")]
    [InlineData("crypto", "null")]
    [InlineData("address", "\"00000000000000000000000000000000000000aa\"")]
    [InlineData("padding", "PADDING")]
    public async Task Keystore_OfAnotherShape_WrongKeystore(string member, string value)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(Keystore.Encrypt(_key, "the key's own secret", KeystoreCost.Light))!.AsObject();
        json[member] = System.Text.Json.Nodes.JsonNode.Parse(value == "PADDING" ? $"\"{new string('x', KeystoreShape.MostCharacters)}\"" : value);
        using var client = _host.Client();

        var answer = await CreateAsync(client, _key.Address, JsonSerializer.SerializeToElement(json), _key);

        Assert.Equal((400, "WrongKeystore"), await AccessClient.RefusalAsync(answer));
    }

    [Fact]
    public async Task Settings_KnownFieldsAlone()
    {
        using var client = await _host.InvitedAsync(InvitationKind.Household, "ravi");
        await client.TakeAsync(await client.PutAsync("account/settings", new { language = "hi", theme = "dark" }));
        await _host.Store.BackupToAsync(Path.Combine(_host.Folder, "copy"), default);

        Assert.Equal("""{"language":"hi","theme":"dark"}""", (await client.TakeAsync(await client.GetAsync("account/settings"))).ToString());
        Assert.Equal((400, "InvalidField"), await AccessClient.RefusalAsync(await client.PutAsync("account/settings", new { language = "xx" })));
        Assert.Equal((400, "MalformedBody"), await AccessClient.RefusalAsync(await client.PutAsync("account/settings", new { colour = "red" })));
    }

    [Theory]
    [InlineData("ravi", true)]
    [InlineData("Ravi Kumar-Singh_2", true)]
    [InlineData("\u0906\u0936\u093E \u0936\u0930\u094D\u092E\u093E", true)]
    [InlineData("r", false)]
    [InlineData(" ravi", false)]
    [InlineData("ravi ", false)]
    [InlineData("ravi  kumar", false)]
    [InlineData("ravi\nkumar", false)]
    [InlineData("ravi\u202Ekumar", false)]
    [InlineData("<b>ravi</b>", false)]
    [InlineData("0xravi", false)]
    [InlineData("ravi\uD800", false)]
    public void Name_OfLettersOfAnyScript(string name, bool allowed) => Assert.Equal(allowed, AccountName.IsAllowed(name));

    private async Task<string> CodeAsync() => (await _host.Desk.Invitations.MakeAsync(new(InvitationKind.Household, "x"), [], default)).Value!.Code;

    private async Task<object> ProofAsync(AccessClient client, PrivateKey key, Address? address = null)
    {
        var nonce = (await client.NonceAsync()).GetProperty("nonce").GetString()!;
        var text = $"{_host.Address.Authority}: bind this key to a Busbar account.\nAddress: {address ?? key.Address}\nNonce: {nonce}";
        return new { nonce, signature = key.Sign(PersonalMessage.HashOf(text)).ToString() };
    }

    private async Task<HttpResponseMessage> CreateAsync(AccessClient client, Address address, JsonElement? keystore, PrivateKey signer, string? code = null) =>
        await client.PostAsync("accounts", new
        {
            invitation = code ?? await CodeAsync(),
            name = "meera",
            password = AccessHost.Password,
            address = address.ToString(),
            keystore,
            proof = await ProofAsync(client, signer, address),
        });
}
