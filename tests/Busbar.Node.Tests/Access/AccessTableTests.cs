using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;
using Busbar.Node.Access;
using Busbar.Store.Accounts;
using Microsoft.AspNetCore.Builder;

namespace Busbar.Node.Tests.Access;

/// <summary>The table of roles and endpoints: the same in the docs, and every cell tried with a real session of the role.</summary>
public sealed partial class AccessTableTests : IAsyncLifetime
{
    private static readonly Role[] Roles = Enum.GetValues<Role>();

    private readonly PremisesId _house = new(Keccak256.Hash("a house"u8));
    private readonly List<PrivateKey> _keys = [];
    private AccessHost _host = null!;

    public static TheoryData<string> RoleNames => [.. Roles.Select(role => role.ToString())];

    public async Task InitializeAsync() => _host = await AccessHost.StartAsync(more: api =>
    {
        // Those whose handlers stand elsewhere are tried by an address that only tells what the gate found.
        foreach (var name in AccessTable.Rows.Keys)
        {
            api.MapGet($"/probe/{name}", (RequestAccess access) => access.Grant.ToString()).Guard(name);
            api.MapGet($"/covers/{name}/{{id}}", (RequestAccess access, string id) => access.Covers(new(Hash256.Parse(id)))).Guard(name);
        }

        api.MapGet("/unguarded", () => "open");
    });

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _keys.ForEach(key => key.Dispose());
    }

    [Fact]
    public void Docs_ShowTheSameTable()
    {
        var documented = DocumentedRows();

        Assert.Equal(AccessTable.Rows.Keys.Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, cells) in documented)
            Assert.Equal(string.Join(' ', Roles.Select(role => AccessTable.Rows[name][role])), string.Join(' ', cells));
    }

    [Theory]
    [MemberData(nameof(RoleNames))]
    public async Task EveryCell_TriedBySomebodyOfTheRole(string name)
    {
        var role = Enum.Parse<Role>(name);
        using var client = await ClientOfAsync(role);
        var held = (await client.SessionAsync()).GetProperty("roles").EnumerateArray().Select(one => Enum.Parse<Role>(one.GetString()!)).ToFrozenSet();
        Assert.True(held.SetEquals(new HashSet<Role> { Role.Anyone, role }.Union(role == Role.Anyone ? [] : [Role.Account])), string.Join(' ', held));
        foreach (var row in AccessTable.Rows.Values)
        {
            var expected = held.Max(one => row[one]);
            var answer = await client.GetAsync($"probe/{row.Endpoint}");
            if (expected == Grant.None)
                Assert.Equal(role == Role.Anyone ? (401, "SignInFirst") : (403, "NotAllowed"), await AccessClient.RefusalAsync(answer));
            else
                Assert.Equal(expected.ToString(), await answer.Content.ReadAsStringAsync());
            answer.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(RoleNames))]
    public async Task EveryEndpointOfAccess_LetsInWhomTheTableLetsIn(string name)
    {
        var role = Enum.Parse<Role>(name);
        using var client = await ClientOfAsync(role);
        var caller = new Caller { Roles = [Role.Anyone, role, .. role == Role.Anyone ? Array.Empty<Role>() : [Role.Account]] };
        // Signing out comes last, or it would be the end of the trial.
        foreach (var (method, path, row) in _host.Endpoints().Where(one => !one.Path.Contains("/probe/", StringComparison.Ordinal)
            && !one.Path.Contains("/covers/", StringComparison.Ordinal)).OrderBy(one => one.Row.Endpoint.StartsWith("session.end", StringComparison.Ordinal)))
        {
            var answer = await client.SendAsync(new HttpMethod(method), path.Replace("/api/v1/", "", StringComparison.Ordinal).Replace("{id}", "none", StringComparison.Ordinal), method == "GET" ? null : "{}");
            var text = await answer.Content.ReadAsStringAsync();
            var refused = text.Contains("\"SignInFirst\"", StringComparison.Ordinal) || text.Contains("\"NotAllowed\"", StringComparison.Ordinal);
            if (row.Endpoint == "session.endAll" && role != Role.Anyone)
                Assert.Equal(401, (int)answer.StatusCode);
            else
                Assert.True(refused == (row.For(caller) == Grant.None), $"{role}: {method} {path}: {(int)answer.StatusCode} {text}");
            Assert.NotEqual(500, (int)answer.StatusCode);
            answer.Dispose();
        }
    }

    [Theory]
    [InlineData(Role.Household, "houses.list", true)]
    [InlineData(Role.Household, "members.list", true)]
    [InlineData(Role.Guest, "houses.list", true)]
    public async Task Own_TheCallersPremisesAndNoOther(Role role, string endpoint, bool covers)
    {
        using var client = await ClientOfAsync(role);
        var other = new PremisesId(Keccak256.Hash("another house"u8));

        Assert.Equal(covers ? "true" : "false", (await client.TakeAsync(await client.GetAsync($"covers/{endpoint}/{_house}"))).ToString().ToLowerInvariant());
        Assert.Equal("false", (await client.TakeAsync(await client.GetAsync($"covers/{endpoint}/{other}"))).ToString().ToLowerInvariant());
    }

    [Fact]
    public async Task Own_OfAHouseholdThatIsAGuestElsewhere_NotWhereGuestsMayNot()
    {
        using var guest = await ClientOfAsync(Role.Guest);
        var account = _host.Desk.Accounts.Find((await guest.SessionAsync()).GetProperty("account").GetProperty("id").GetString()!)!;
        _host.Ledger.Say(account.Address!.Value, [Role.Household], new PremisesId(Keccak256.Hash("its own house"u8)));

        Assert.Equal("True", (await guest.TakeAsync(await guest.GetAsync($"covers/houses.list/{_house}"))).ToString());
        Assert.Equal("False", (await guest.TakeAsync(await guest.GetAsync($"covers/members.list/{_house}"))).ToString());
    }

    [Fact]
    public async Task Endpoint_WithoutARow_Closed()
    {
        using var client = await ClientOfAsync(Role.Operator);

        Assert.Equal((404, "NotFound"), await AccessClient.RefusalAsync(await client.GetAsync("unguarded")));
        Assert.Equal((405, "MethodNotAllowed"), await AccessClient.RefusalAsync(await client.PutAsync("session", new { })));
    }

    [Fact]
    public void Guard_OfANameWithoutARow_StopsTheNode() => Assert.Throws<InvalidOperationException>(() => AccessGate.Guard(new NoEndpoint(), "houses.lost"));

    private static Dictionary<string, Grant[]> DocumentedRows() => File.ReadLines(Path.Combine(Root(), "docs", "api.md"))
        .Select(line => Row().Match(line))
        .Where(match => match.Success)
        .ToDictionary(
            match => match.Groups["name"].Value,
            match => match.Groups["cells"].Value.Split('|', StringSplitOptions.TrimEntries).SkipLast(1).Select(Cell).ToArray(),
            StringComparer.Ordinal);

    private static Grant Cell(string text) => text == "-" ? Grant.None : Enum.Parse<Grant>(CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Busbar.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not run inside the repository");
        return folder;
    }

    [GeneratedRegex(@"^\| `(?<name>[a-zA-Z.]+)` \|(?<cells>( (all|own|-) \|){9})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    private async Task<AccessClient> ClientOfAsync(Role role)
    {
        switch (role)
        {
            case Role.Anyone:
                return _host.Client();
            case Role.Operator:
                return await _host.InvitedAsync(InvitationKind.Operator, "operator");
            case Role.Auditor:
                return await _host.InvitedAsync(InvitationKind.Auditor, "auditor");
        }

        var key = PrivateKey.FromSeed(System.Text.Encoding.ASCII.GetBytes($"a {role}"));
        _keys.Add(key);
        if (role is not (Role.Account or Role.Guest))
            _host.Ledger.Say(key.Address, [role], role == Role.Household ? [_house] : []);
        var client = await _host.WalletAsync(key);
        if (role == Role.Guest)
        {
            using var holder = await ClientOfAsync(Role.Household);
            var made = await holder.TakeAsync(await holder.PostAsync("guests", new { premises = _house.ToString(), name = "a friend", canSwitch = false }));
            await client.TakeAsync(await client.PostAsync("invitations/accept", new { code = made.GetProperty("invitation").GetString() }));
        }

        return client;
    }

    private sealed class NoEndpoint : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention)
        {
        }
    }
}
