using System.Globalization;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Store.Accounts;

namespace Busbar.Node.Tests.Access;

/// <summary>The accounts of a node, and what the node makes of them.</summary>
public sealed class NodeAccountsTests : IAsyncLifetime
{
    private AccessHost _host = null!;
    private AccessClient _boss = null!;

    public async Task InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _boss = await _host.InvitedAsync(InvitationKind.Operator, "boss");
    }

    public async Task DisposeAsync()
    {
        _boss.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task List_MoreThanAPage_EachOnceNewestFirstAndNothingSecret()
    {
        for (var i = 0; i < 4; i++)
        {
            _host.Time.Advance(TimeSpan.FromSeconds(1));
            (await _host.InvitedAsync(InvitationKind.Household, $"house {i}")).Dispose();
        }

        var rows = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await _boss.TakeAsync(await _boss.GetAsync($"accounts?limit=2{(cursor is null ? "" : "&cursor=" + cursor)}"));
            rows.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal("house 3|house 2|house 1|house 0|boss", string.Join('|', rows.Select(row => Text(row, "name"))));
        Assert.All(rows, row => Assert.Equal(
            "id name kind address roles created lastSeen", string.Join(' ', row.EnumerateObject().Select(member => member.Name))));
        Assert.Equal((400, "InvalidField"), await AccessClient.RefusalAsync(await _boss.GetAsync("accounts?cursor=nobody")));
    }

    [Fact]
    public async Task List_AWalletWithRolesOfTheLedger_AddressAndLastUseButTheNodesRolesAlone()
    {
        using var key = PrivateKey.FromSeed("a regulator"u8);
        _host.Ledger.Say(key.Address, [Role.Regulator]);
        using var wallet = await _host.WalletAsync(key);
        _host.Time.Advance(TimeSpan.FromMinutes(5));
        await wallet.SessionAsync();
        var seen = _host.Time.GetUtcNow();
        _host.Time.Advance(TimeSpan.FromMinutes(5));

        var row = await RowAsync(key.Address);

        Assert.Equal((key.Address.ToString(), "wallet", "[]"), (Text(row, "address"), Text(row, "kind"), row.GetProperty("roles").ToString()));
        Assert.Equal(seen, DateTimeOffset.Parse(Text(row, "lastSeen"), CultureInfo.InvariantCulture));
        await wallet.TakeAsync(await wallet.DeleteAsync("session"));
        Assert.Equal(JsonValueKind.Null, (await RowAsync(key.Address)).GetProperty("lastSeen").ValueKind);
    }

    [Fact]
    public async Task Roles_GivenAndTaken_HoldAtTheNextRequestAndAfterARestart()
    {
        using var ravi = await _host.InvitedAsync(InvitationKind.Household, "ravi");
        var id = await IdAsync(ravi);
        Assert.Equal((403, "NotAllowed"), await AccessClient.RefusalAsync(await ravi.GetAsync("accounts")));

        var given = await _boss.TakeAsync(await SetAsync(id, "Auditor", "Operator"));

        Assert.Equal("""["Auditor","Operator"]""", given.GetProperty("roles").ToString());
        Assert.Equal("""["Anyone","Account","Auditor","Operator"]""", (await ravi.SessionAsync()).GetProperty("roles").ToString());
        await _boss.TakeAsync(await SetAsync(id, "Auditor"));
        await ravi.TakeAsync(await ravi.GetAsync("accounts"));
        Assert.Equal((403, "NotAllowed"), await AccessClient.RefusalAsync(await ravi.PutAsync($"accounts/{id}/roles", new { roles = Array.Empty<string>() })));
        await ReopenAsync();
        Assert.Equal([Role.Auditor], _host.Desk.Accounts.Find(id)!.NodeRoles);

        Assert.True((await _host.Desk.Accounts.SetNodeRolesAsync(id, [], by: null, default)).IsGiven);
        await ReopenAsync();
        Assert.Empty(_host.Desk.Accounts.Find(id)!.NodeRoles);
    }

    [Theory]
    [InlineData("""{"roles":["Owner"]}""", "InvalidField")]
    [InlineData("""{"roles":["operator"]}""", "InvalidField")]
    [InlineData("""{"roles":["Auditor","Auditor"]}""", "InvalidField")]
    [InlineData("""{"roles":[null]}""", "InvalidField")]
    [InlineData("""{"roles":null}""", "InvalidField")]
    [InlineData("{}", "InvalidField")]
    [InlineData("""{"roles":"Auditor"}""", "MalformedBody")]
    [InlineData("""{"roles":[5]}""", "MalformedBody")]
    public async Task Roles_OutsideTheClosedSet_RefusedByNameAndNothingChanged(string body, string code)
    {
        using var auditor = await _host.InvitedAsync(InvitationKind.Auditor, "auditor");
        var id = await IdAsync(auditor);

        Assert.Equal((400, code), await AccessClient.RefusalAsync(await _boss.PutAsync($"accounts/{id}/roles", body)));
        Assert.Equal([Role.Auditor], _host.Desk.Accounts.Find(id)!.NodeRoles);
    }

    [Fact]
    public async Task Roles_OfNobodyOfTheLastOperatorOrOnesOwn_RefusedByName()
    {
        var boss = await IdAsync(_boss);
        Assert.Equal((404, "NotFound"), await AccessClient.RefusalAsync(await SetAsync("nobody", "Auditor")));
        Assert.Equal((409, "LastOperator"), await AccessClient.RefusalAsync(await SetAsync(boss)));
        Assert.Equal((409, "LastOperator"), await AccessClient.RefusalAsync(await SetAsync(boss, "Auditor")));
        Assert.Equal((409, "OwnRoles"), await AccessClient.RefusalAsync(await SetAsync(boss, "Auditor", "Operator")));

        using var second = await _host.InvitedAsync(InvitationKind.Operator, "second");
        Assert.Equal((409, "OwnRoles"), await AccessClient.RefusalAsync(await SetAsync(boss)));
        await second.TakeAsync(await second.PutAsync($"accounts/{boss}/roles", new { roles = Array.Empty<string>() }));
        Assert.Equal((403, "NotAllowed"), await AccessClient.RefusalAsync(await SetAsync(await IdAsync(second))));
    }

    [Fact]
    public async Task Roles_AnOperatorOfTheLedger_TakesTheLastOperatorOfTheNodeNotAway()
    {
        using var key = PrivateKey.FromSeed("an operator of the ledger"u8);
        _host.Ledger.Say(key.Address, [Role.Operator]);
        using var appointed = await _host.WalletAsync(key);
        var boss = await IdAsync(_boss);

        Assert.Equal((409, "LastOperator"), await AccessClient.RefusalAsync(await appointed.PutAsync($"accounts/{boss}/roles", new { roles = Array.Empty<string>() })));
        // An appointment that ends must not be made endless by its holder.
        Assert.Equal(
            (409, "OwnRoles"),
            await AccessClient.RefusalAsync(await appointed.PutAsync($"accounts/{await IdAsync(appointed)}/roles", new { roles = new[] { "Operator" } })));
    }

    [Fact]
    public async Task Roles_TwoOperatorsTakeEachOthersAtOnce_OneStays()
    {
        using var second = await _host.InvitedAsync(InvitationKind.Operator, "second");
        var (one, other) = (await IdAsync(_boss), await IdAsync(second));

        var answers = await Task.WhenAll(
            _host.Desk.Accounts.SetNodeRolesAsync(one, [], other, default), _host.Desk.Accounts.SetNodeRolesAsync(other, [], one, default));

        Assert.Equal("LastOperator", Assert.Single(answers, answer => !answer.IsGiven).Refused!.Code);
        Assert.True(_host.Desk.Accounts.HasOperator);
    }

    [Fact]
    public async Task Roles_TakenWhileAnInvitationIsBeingUsed_StayTaken()
    {
        using var second = await _host.InvitedAsync(InvitationKind.Operator, "second");
        var id = await IdAsync(second);
        var stored = new TaskCompletionSource<bool>();

        var accepting = _host.Desk.Accounts.AddNodeRolesAsync(id, [Role.Auditor], _ => stored.Task, default);
        var taking = _host.Desk.Accounts.SetNodeRolesAsync(id, [], await IdAsync(_boss), default);
        stored.SetResult(true);

        Assert.True(await accepting);
        Assert.True((await taking).IsGiven);
        Assert.Empty(_host.Desk.Accounts.Find(id)!.NodeRoles);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static async Task<string> IdAsync(AccessClient client) => Text((await client.SessionAsync()).GetProperty("account"), "id");

    private async Task<JsonElement> RowAsync(Address address) => (await _boss.TakeAsync(await _boss.GetAsync("accounts")))
        .GetProperty("items").EnumerateArray().Single(row => row.GetProperty("address").GetString() == address.ToString());

    private Task<HttpResponseMessage> SetAsync(string id, params string[] roles) => _boss.PutAsync($"accounts/{id}/roles", new { roles });

    private async Task ReopenAsync()
    {
        await _host.CloseAsync();
        await _host.OpenAsync();
    }
}
