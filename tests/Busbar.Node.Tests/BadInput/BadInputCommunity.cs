using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.BadInput;

/// <summary>A node with readings, one who may do everything, and a record of what was asked and answered.</summary>
public sealed class BadInputCommunity : SharedCommunity
{
    /// <summary>What the file has that lies outside of the page.</summary>
    public const string Outside = "outside 5b1e";

    private readonly PrivateKey _holder = PrivateKey.FromSeed("a household with much to do"u8);
    private RawConnection? _connection;

    internal NodeLog Log { get; } = new();

    internal TestCommunity Community { get; private set; } = null!;

    internal TestSession Session { get; private set; } = null!;

    internal IReadOnlyList<ApiOperation> Operations { get; private set; } = [];

    /// <summary>What is good where a parameter or member of a name is wanted.</summary>
    internal IReadOnlyDictionary<string, JsonNode> Samples { get; private set; } = new Dictionary<string, JsonNode>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks with the cookie and the token of the one who may do everything, or as nobody.</summary>
    internal async Task<RawAnswer> AskAsync(
        string method, string target, byte[]? body, bool isSignedIn, params IReadOnlyList<(string Name, string Value)> headers)
    {
        var all = new List<(string Name, string Value)> { ("Host", $"localhost:{Community.Node.Page.Port}") };
        if (isSignedIn)
            all.AddRange([("Cookie", $"busbar-session={Session.Secret}"), ("X-Busbar-Csrf", Session.Csrf)]);
        if (body is not null)
            all.AddRange([("Content-Type", "application/json"), ("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture))]);
        foreach (var header in headers)
        {
            all.RemoveAll(one => string.Equals(one.Name, header.Name, StringComparison.OrdinalIgnoreCase));
            all.Add(header);
        }

        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        foreach (var (name, value) in all)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return await _connection!.AskAsync((byte[])[.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body ?? []]);
    }

    /// <summary>A new connection, after one that is in an unknown state.</summary>
    internal void Reconnect()
    {
        _connection?.Dispose();
        _connection = new(Community.Node.Page.Port);
    }

    /// <summary>What must not have changed after something was refused.</summary>
    internal async Task<string> StateAsync()
    {
        var store = Community.Node.Store;
        var records = 0;
        foreach (var journal in await store.JournalsAsync(default))
        {
            await foreach (var _ in store.Journal.ReadAsync(journal, 0, default))
                records++;
        }

        return $"{records} records, {(await store.Accounts.AllAsync(default)).Count} accounts, {(await store.Invitations.AllAsync(default)).Count} invitations, "
            + $"{(await store.Houses.AllAsync(default)).Count} houses, head {(await Community.Node.Chain.HeadAsync(default)).Number}, {Quick()}";
    }

    /// <summary>As much of it as can be had after every request.</summary>
    internal string Quick()
    {
        var parts = Community.Node.Parts;
        return $"{parts.Access!.Accounts.All.Sum(one => one.GetHashCode())} {parts.Access.Invitations.All.Count()} "
            + string.Join('|', parts.Houses!.All().Select(house => house.ToString()));
    }

    /// <summary>Signs in anew after a request that ended the session.</summary>
    internal async Task KeepSignedInAsync()
    {
        if (Community.Node.Parts.Access!.Sessions.Find(Session.Secret) is null)
            Session = await TestSession.AgainAsync(Community, Session.Account);
    }

    protected override async Task<TestCommunity> BeginAsync()
    {
        Community = new TestCommunity(new("house 1") { Holder = _holder }, new("house 2")) { IsOpen = false, Logs = Log };
        await Community.OpenAsync(0, options => options with { WebRoot = WebRoot() });
        await Community.RunAsync(0, 3);
        Session = await TestSession.BeginAsync(Community, "everything", _holder.Address, Role.Operator, Role.Auditor);
        Reconnect();
        Samples = Good();
        var document = JsonElement.Parse((await AskAsync("GET", "/openapi/v1.json", null, isSignedIn: false)).Text);
        Operations = ApiOperation.Read(document, Samples);
        return Community;
    }

    // A page with a file outside of it that nobody may have.
    private string WebRoot()
    {
        var page = Directory.CreateDirectory(Path.Combine(Community.Folder, "page", "root")).FullName;
        File.WriteAllText(Path.Combine(page, "index.html"), "<!doctype html><title>the page</title>");
        Directory.CreateDirectory(Path.Combine(page, "assets"));
        File.WriteAllText(Path.Combine(page, "..", "secret.txt"), Outside);
        File.WriteAllText(Path.Combine(page, ".hidden"), Outside);
        return page;
    }

    private Dictionary<string, JsonNode> Good()
    {
        var meter = Community.Meters[0];
        var address = _holder.Address.ToString();
        JsonObject Hex(params (string Name, int Bytes)[] members) => new(members.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)new string('a', 2 * one.Bytes))));
        var crypto = Hex(("ciphertext", 32), ("mac", 32));
        (crypto["cipher"], crypto["kdf"], crypto["cipherparams"], crypto["kdfparams"]) = ("aes-128-ctr", "scrypt", Hex(("iv", 16)), new JsonObject { ["n"] = 8192 });
        return new(StringComparer.OrdinalIgnoreCase)
        {
            ["meter"] = meter.Id.ToString(),
            ["address"] = address,
            ["kind"] = "premises",
            ["name"] = "a name",
            ["premises"] = Community.Keys.PremisesOf(meter.Id).ToString(),
            ["from"] = "2026-06-21T00:00:00Z",
            ["to"] = "2026-06-22T00:00:00Z",
            ["until"] = "2030-01-01T00:00:00Z",
            ["step"] = "hour",
            ["by"] = "district",
            ["start"] = "1782000000",
            ["microgrid"] = 1,
            ["cursor"] = "1",
            ["limit"] = 2,
            ["version"] = 1,
            ["block"] = "1",
            ["than"] = "1",
            ["q"] = "1",
            ["id"] = "1",
            ["hash"] = "0x" + new string('1', 64),
            ["language"] = "en",
            ["channel"] = "Email",
            ["topic"] = "MeterSilent",
            ["code"] = "0000-0000-0000-0000",
            ["invitation"] = "0000-0000-0000-0000",
            ["password"] = "a pass phrase " + BadValues.Mark,
            ["current"] = "a pass phrase " + BadValues.Mark,
            ["next"] = "a pass phrase " + BadValues.Mark,
            ["signature"] = "0x" + new string('1', 130),
            ["nonce"] = "0123456789abcdef",
            ["message"] = "localhost wants you to sign in " + BadValues.Mark,
            ["quietHours"] = new JsonObject { ["from"] = "22:00", ["to"] = "07:00" },
            ["keystore"] = new JsonObject { ["version"] = 3, ["address"] = address[2..], ["crypto"] = crypto },
            ["credential"] = new JsonObject
            {
                ["id"] = "AAAA",
                ["rawId"] = "AAAA",
                ["type"] = "public-key",
                ["clientExtensionResults"] = new JsonObject(),
                ["response"] = new JsonObject
                {
                    ["clientDataJSON"] = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
                    ["authenticatorData"] = "AAAA",
                    ["signature"] = "AAAA",
                    ["userHandle"] = "AAAA",
                    ["attestationObject"] = "oA",
                },
            },
        };
    }
}
