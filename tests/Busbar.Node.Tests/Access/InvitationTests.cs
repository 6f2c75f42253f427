using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;
using Busbar.Node.Access.Invitations;
using Busbar.Store.Accounts;

namespace Busbar.Node.Tests.Access;

public sealed class InvitationTests : IAsyncLifetime
{
    private readonly PrivateKey _key = PrivateKey.FromSeed("a household"u8);
    private readonly PremisesId _house = new(Keccak256.Hash("a house"u8));
    private AccessHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _host.Ledger.Say(_key.Address, [Role.Household], _house);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task SetUpCode_FirstOperator_OnceAndNeverAgain()
    {
        var old = await _host.Desk.SetUpCodeAsync(default);
        var code = await _host.Desk.SetUpCodeAsync(default);
        using var client = _host.Client();
        Assert.Equal((403, "InvitationUnknown"), await AccessClient.RefusalAsync(await AcceptAccountAsync(client, old!, "first")));

        var session = await client.TakeAsync(await AcceptAccountAsync(client, code!.ToLowerInvariant().Replace('0', 'o'), "first"));

        Assert.Contains("Operator", session.GetProperty("roles").ToString(), StringComparison.Ordinal);
        Assert.Null(await _host.Desk.SetUpCodeAsync(default));
        using var thief = _host.Client();
        Assert.Equal((403, "InvitationUnknown"), await AccessClient.RefusalAsync(await AcceptAccountAsync(thief, code, "second")));
        await _host.CloseAsync();
        await _host.OpenAsync();
        Assert.Null(await _host.Desk.SetUpCodeAsync(default));
    }

    [Fact]
    public async Task SetUpCode_ADayOld_Unknown()
    {
        var code = await _host.Desk.SetUpCodeAsync(default);
        _host.Time.Advance(TimeSpan.FromDays(1));
        using var client = _host.Client();

        Assert.Equal((403, "InvitationUnknown"), await AccessClient.RefusalAsync(await AcceptAccountAsync(client, code!, "first")));
    }

    [Theory]
    [InlineData("household", "Account")]
    [InlineData("authority", "Account")]
    [InlineData("auditor", "Auditor")]
    [InlineData("operator", "Operator")]
    public async Task Invitation_ByAnOperator_RolesOfItsKind(string kind, string role)
    {
        using var boss = await _host.InvitedAsync(InvitationKind.Operator, "boss");
        var made = await boss.TakeAsync(await boss.PostAsync("invitations", new { kind, name = "Ravi" }));
        using var client = _host.Client();

        var session = await client.TakeAsync(await AcceptAccountAsync(client, Text(made, "code"), "ravi"));

        Assert.Equal(role, session.GetProperty("roles").EnumerateArray().Last().GetString());
        var listed = (await boss.TakeAsync(await boss.GetAsync("invitations"))).GetProperty("items").EnumerateArray().Single(one => Text(one, "name") == "Ravi");
        Assert.Equal((Text(made, "id"), kind, "used", "ravi", "boss"), (Text(listed, "id"), Text(listed, "kind"), Text(listed, "state"), Text(listed, "usedBy"), Text(listed, "maker")));
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("code").ValueKind);
        Assert.Equal((409, "AlreadyUsed"), await AccessClient.RefusalAsync(await boss.DeleteAsync($"invitations/{Text(made, "id")}")));
    }

    [Fact]
    public async Task Invitation_TakenBack_Unknown()
    {
        using var boss = await _host.InvitedAsync(InvitationKind.Operator, "boss");
        var made = await boss.TakeAsync(await boss.PostAsync("invitations", new { kind = "operator", name = "Ravi" }));
        await boss.TakeAsync(await boss.DeleteAsync($"invitations/{Text(made, "id")}"));
        using var client = _host.Client();

        Assert.Equal((403, "InvitationUnknown"), await AccessClient.RefusalAsync(await AcceptAccountAsync(client, Text(made, "code"), "ravi")));
        Assert.Equal((404, "NotFound"), await AccessClient.RefusalAsync(await boss.DeleteAsync($"invitations/{Text(made, "id")}")));
    }

    [Fact]
    public async Task Invitation_AcceptedByAWallet_RoleAndNewSecret()
    {
        using var boss = await _host.InvitedAsync(InvitationKind.Operator, "boss");
        var made = await boss.TakeAsync(await boss.PostAsync("invitations", new { kind = "auditor", name = "Ravi" }));
        using var wallet = await _host.WalletAsync(_key);
        var before = wallet.Cookies.GetCookies(_host.Address).Single().Value;

        var session = await wallet.TakeAsync(await wallet.PostAsync("invitations/accept", new { code = Text(made, "code") }));

        Assert.Contains("Auditor", session.GetProperty("roles").ToString(), StringComparison.Ordinal);
        Assert.Null(_host.Desk.Sessions.Find(before));
        Assert.Equal((403, "InvitationUnknown"), await AccessClient.RefusalAsync(await wallet.PostAsync("invitations/accept", new { code = Text(made, "code") })));
        await _host.CloseAsync();
        await _host.OpenAsync();
        Assert.Equal(Role.Auditor, Assert.Single(_host.Desk.Accounts.FindByAddress(_key.Address)!.NodeRoles));
    }

    [Fact]
    public async Task Guest_InvitedAndTakenBack_SeesTheHouseUntilThen()
    {
        using var holder = await _host.WalletAsync(_key);
        var made = await InviteGuestAsync(holder, canSwitch: true);
        Assert.Equal("invited", Text(made, "state"));
        using var guest = _host.Client();

        var session = await guest.TakeAsync(await AcceptAccountAsync(guest, Text(made, "invitation"), "friend"));

        Assert.Equal("""["Anyone","Account","Guest"]""", session.GetProperty("roles").ToString());
        var premises = Assert.Single(session.GetProperty("premises").EnumerateArray());
        Assert.Equal((_house.ToString(), false, true), (Text(premises, "id"), premises.GetProperty("held").GetBoolean(), premises.GetProperty("canSwitch").GetBoolean()));
        Assert.Equal("active", Text(Assert.Single((await holder.TakeAsync(await holder.GetAsync("guests"))).GetProperty("items").EnumerateArray()), "state"));

        await holder.TakeAsync(await holder.DeleteAsync($"guests/{Text(made, "id")}"));

        Assert.Equal("""["Anyone","Account"]""", (await guest.SessionAsync()).GetProperty("roles").ToString());
        Assert.Empty((await guest.SessionAsync()).GetProperty("premises").EnumerateArray());
    }

    [Fact]
    public async Task Guest_OfAHouseholdThatLeavesTheHouse_SeesItNoMore()
    {
        using var holder = await _host.WalletAsync(_key);
        var made = await InviteGuestAsync(holder);
        using var guest = _host.Client();
        await guest.TakeAsync(await AcceptAccountAsync(guest, Text(made, "invitation"), "friend"));

        _host.Ledger.Say(_key.Address, [Role.Household]);

        Assert.Empty((await guest.SessionAsync()).GetProperty("premises").EnumerateArray());
        Assert.Empty((await holder.TakeAsync(await holder.GetAsync("guests"))).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Guest_UntilADate_EndsThen()
    {
        using var holder = await _host.WalletAsync(_key);
        var made = await InviteGuestAsync(holder, until: "2026-01-03T00:00:00Z");
        using var guest = _host.Client();
        await guest.TakeAsync(await AcceptAccountAsync(guest, Text(made, "invitation"), "friend"));
        _host.Time.Advance(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1));
        Assert.Contains("Guest", (await guest.SessionAsync()).GetProperty("roles").ToString(), StringComparison.Ordinal);
        _host.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.DoesNotContain("Guest", (await guest.SessionAsync()).GetProperty("roles").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guest_OfOneHouse_InvitesNobodyToIt()
    {
        using var otherKey = PrivateKey.FromSeed("another household"u8);
        _host.Ledger.Say(otherKey.Address, [Role.Household], new PremisesId(Keccak256.Hash("another house"u8)));
        using var holder = await _host.WalletAsync(_key);
        var made = await InviteGuestAsync(holder);
        using var other = await _host.WalletAsync(otherKey);
        await other.TakeAsync(await other.PostAsync("invitations/accept", new { code = Text(made, "invitation") }));

        var answer = await other.PostAsync("guests", new { premises = _house.ToString(), name = "a friend", canSwitch = false });

        Assert.Equal((403, "NotYourPremises"), await AccessClient.RefusalAsync(answer));
        Assert.Empty((await other.TakeAsync(await other.GetAsync("guests"))).GetProperty("items").EnumerateArray());
        Assert.Equal((404, "NotFound"), await AccessClient.RefusalAsync(await other.DeleteAsync($"guests/{Text(made, "id")}")));
    }

    [Fact]
    public async Task Invitations_MoreThanAPage_EachOnceByItsCursor()
    {
        using var boss = await _host.InvitedAsync(InvitationKind.Operator, "boss");
        for (var i = 0; i < 5; i++)
        {
            _host.Time.Advance(TimeSpan.FromSeconds(1));
            await boss.TakeAsync(await boss.PostAsync("invitations", new { kind = "household", name = $"house {i}" }));
        }

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await boss.TakeAsync(await boss.GetAsync($"invitations?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}"));
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(one => Text(one, "name")));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal("house 4|house 3|house 2|house 1|house 0|boss", string.Join('|', names));
    }

    [Theory]
    [InlineData("invitations", """{"kind":"king","name":"x"}""", "InvalidField")]
    [InlineData("invitations", """{"kind":"auditor"}""", "InvalidField")]
    [InlineData("invitations", """{"kind":"auditor","name":"a\nb"}""", "InvalidField")]
    [InlineData("invitations", """{"kind":"auditor","name":"x","role":"owner"}""", "MalformedBody")]
    [InlineData("invitations", """{"kind":"auditor","kind":"operator","name":"x"}""", "MalformedBody")]
    [InlineData("invitations", """{"kind":7,"name":"x"}""", "MalformedBody")]
    [InlineData("invitations", "[]", "MalformedBody")]
    [InlineData("invitations", "null", "MalformedBody")]
    [InlineData("invitations", "", "MalformedBody")]
    [InlineData("accounts", """{"invitation":"AAAA-AAAA-AAAA-AAAA","name":"0xabc","password":"1234567890"}""", "InvalidField")]
    [InlineData("accounts", """{"invitation":"AAAA-AAAA-AAAA-AAAA","name":"a","password":"1234567890"}""", "InvalidField")]
    [InlineData("accounts", """{"invitation":"AAAA-AAAA-AAAA-AAAA","name":"ravi","password":"1234567890","keystore":{}}""", "InvalidField")]
    [InlineData("accounts", """{"invitation":"AAAA-AAAA-AAAA","name":"ravi","password":"1234567890"}""", "InvalidField")]
    public async Task Body_OutOfItsRules_RefusedByName(string path, string body, string code)
    {
        using var boss = await _host.InvitedAsync(InvitationKind.Operator, "boss");

        Assert.Equal((400, code), await AccessClient.RefusalAsync(await boss.PostAsync(path, body)));
    }

    [Fact]
    public async Task Body_TooLargeOrNotJson_Refused()
    {
        using var client = _host.Client();

        Assert.Equal((413, "Oversized"), await AccessClient.RefusalAsync(await client.PostAsync("session/password", new string(' ', 5000))));
        var answer = await client.SendAsync(HttpMethod.Post, "session/password", null, request => request.Content = new StringContent("{}"));
        Assert.Equal((415, "NotJson"), await AccessClient.RefusalAsync(answer));
    }

    [Theory]
    [InlineData("0123-4567-89AB-CDEF", "0123456789ABCDEF")]
    [InlineData(" o1il 4567 89ab cdef", "0111456789ABCDEF")]
    [InlineData("0123-4567-89AB-CDE", null)]
    [InlineData("0123-4567-89AB-CDEFG", null)]
    [InlineData("0123-4567-89AB-CDEU", null)]
    public void Code_AsPeopleTypeIt_OneForm(string typed, string? form) => Assert.Equal(form, InvitationCode.Normalize(typed));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static Task<HttpResponseMessage> AcceptAccountAsync(AccessClient client, string invitation, string name) =>
        client.PostAsync("accounts", new { invitation, name, password = AccessHost.Password });

    private async Task<JsonElement> InviteGuestAsync(AccessClient holder, bool canSwitch = false, string? until = null) => await holder.TakeAsync(
        await holder.PostAsync("guests", new { premises = _house.ToString(), name = "a friend", canSwitch, until }));
}
