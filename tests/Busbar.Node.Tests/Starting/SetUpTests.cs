using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;
using Busbar.Ledger.Contracts;
using Busbar.Node.Community;
using Busbar.Node.SetUp;
using Busbar.Node.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Busbar.Node.Tests.Starting;

/// <summary>From an empty data folder to a community, over the doors that a browser uses.</summary>
public sealed class SetUpTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("busbar-setup-").FullName;
    private readonly NodeKeys _keys = NodeKeys.ForDemonstration(11);
    private readonly PrivateKey _owner = PrivateKey.FromSeed("who sets it up"u8);
    private readonly HttpClient _client = new();
    private NodeSetUp? _setUp;

    private NodeOptions Options => new()
    {
        DataFolder = _folder,
        Community = new() { Name = "", Zone = DateTimeZone.Utc, Microgrids = [] },
        Genesis = Instant.FromUnixTimeSeconds(SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds()),
        SystemClock = SystemClock.Instance,
        HttpPort = 0,
        MqttPort = 0,
    };

    public async Task InitializeAsync() => await OpenAsync();

    public async Task DisposeAsync()
    {
        if (_setUp is not null)
            await _setUp.DisposeAsync();
        _client.Dispose();
        _owner.Dispose();
        _keys.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [EngineFact]
    public async Task SetUp_Chosen_NodeRunsBehindTheSameDoorsAndItsMakerRegulates()
    {
        var page = _setUp!.Page;
        Assert.False((await GetAsync("community")).GetProperty("setUp").GetBoolean());
        Assert.Equal("new", (await GetAsync("setup")).GetProperty("state").GetString());
        var starting = _setUp.StartAsync(progress: null, default);
        using (var accepted = await PostAsync(await FormAsync()))
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await using var node = await starting;

        Assert.Equal(page, node.Page);
        var community = await GetAsync("community");
        Assert.True(community.GetProperty("setUp").GetBoolean());
        Assert.Equal(("Hill village", "Asia/Kolkata", 30), (
            community.GetProperty("name").GetString(), community.GetProperty("zone").GetString(), community.GetProperty("intervalMinutes").GetInt32()));
        Assert.Equal("done", (await GetAsync("setup")).GetProperty("state").GetString());
        using var visitor = new HttpClient();
        using var signedIn = await visitor.PostAsJsonAsync(Api("session/password"), new { name = "Asha", password = "a long pass phrase" });
        var roles = (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("roles").ToString();
        Assert.Contains("Operator", roles, StringComparison.Ordinal);
        Assert.Contains("Regulator", roles, StringComparison.Ordinal);
        using var second = await PostAsync(await FormAsync());
        Assert.Equal("AlreadySetUp", await CodeAsync(second, HttpStatusCode.Conflict));
        await AppointAsync(node);
    }

    [EngineFact]
    public async Task SetUp_NodeStoppedAfterTheChoice_NextStartHasTheCommunity()
    {
        using (var accepted = await PostAsync(await FormAsync()))
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        using (var meanwhile = await _client.PostAsync(Api("session/nonce"), null))
            Assert.Equal("NotSetUp", await CodeAsync(meanwhile, HttpStatusCode.ServiceUnavailable));
        await _setUp!.DisposeAsync();

        _setUp = await NodeSetUp.OpenAsync(Options, _keys, NullLoggerFactory.Instance, default);

        Assert.Null(_setUp);
        var community = CommunityFile.Read(NodeSetUp.FileIn(_folder));
        Assert.Equal([_owner.Address], community.Regulators);
        Assert.Equal(("Hill village", 30), (community.Name, community.Rules.Length.Minutes));
        Assert.Equal([(new MicrogridId(1), "Upper street"), (new(2), "Lower street")], community.Microgrids.Select(one => (one.Id, one.Name)));
    }

    [EngineFact]
    public async Task SetUp_CrashBetweenAccountAndDescription_NextStartEndsIt()
    {
        using (var accepted = await PostAsync(await FormAsync()))
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await _setUp!.DisposeAsync();
        var file = NodeSetUp.FileIn(_folder);
        File.Move(file, file + ".new");

        _setUp = await NodeSetUp.OpenAsync(Options, _keys, NullLoggerFactory.Instance, default);

        Assert.Null(_setUp);
        Assert.Equal("Hill village", CommunityFile.Read(file).Name);
    }

    [EngineFact]
    public async Task SetUp_CrashBeforeTheAccount_BeginsAnew()
    {
        await _setUp!.DisposeAsync();
        await File.WriteAllTextAsync(NodeSetUp.FileIn(_folder) + ".new", "name: half");

        await OpenAsync();

        Assert.Equal("new", (await GetAsync("setup")).GetProperty("state").GetString());
        using var accepted = await PostAsync(await FormAsync());
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }

    [EngineFact]
    public async Task SetUp_DescriptionLost_SaysSoInsteadOfBeginningAnew()
    {
        using (var accepted = await PostAsync(await FormAsync()))
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await _setUp!.DisposeAsync();
        _setUp = null;
        File.Delete(NodeSetUp.FileIn(_folder));

        var refused = await Assert.ThrowsAsync<NodeStartException>(() => NodeSetUp.OpenAsync(Options, _keys, NullLoggerFactory.Instance, default));

        Assert.Contains("is missing; restore it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetUp_WrongField_RefusedByNameAndNothingChanged()
    {
        (string Path, string Value, string Code)[] wrong =
        [
            ("name", "\"\"", "InvalidField"),
            ("name", "\"a\\nb\"", "InvalidField"),
            ("zone", "\"Mars/Olympus\"", "InvalidField"),
            ("intervalMinutes", "60", "InvalidField"),
            ("intervalMinutes", "7", "InvalidField"),
            ("intervalMinutes", "\"15\"", "MalformedBody"),
            ("microgrids", "[]", "InvalidField"),
            ("microgrids", "[null]", "InvalidField"),
            ("microgrids", "[{\"id\":0,\"name\":\"a\"}]", "InvalidField"),
            ("microgrids", "[{\"id\":1,\"name\":\"a\"},{\"id\":1,\"name\":\"b\"}]", "InvalidField"),
            ("microgrids", "[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"name\":\"A\"}]", "InvalidField"),
            ("owner", "null", "InvalidField"),
            ("code", "\"AAAA-AAAA-AAAA-AAAA\"", "InvitationUnknown"),
            ("more", "1", "MalformedBody"),
            ("owner.password", "\"short\"", "InvalidField"),
            ("owner.name", "\"0xAsha\"", "InvalidField"),
            ("owner.address", "\"0x0000000000000000000000000000000000000001\"", "WrongProof"),
            ("owner.proof", "null", "InvalidField"),
        ];
        foreach (var (path, value, code) in wrong)
        {
            var form = await FormAsync();
            var parts = path.Split('.');
            var place = parts.Length == 1 ? form : form[parts[0]]!;
            place[parts[^1]] = JsonNode.Parse(value);
            using var refused = await PostAsync(form);
            var said = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(said.GetProperty("code").GetString() == code, $"{path}: {said}");
        }

        Assert.Equal("new", (await GetAsync("setup")).GetProperty("state").GetString());
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder), file => file.Contains("community", StringComparison.Ordinal));
        using var accepted = await PostAsync(await FormAsync());
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }

    [Fact]
    public async Task SetUp_NodeCannotStart_PageTellsWhereAndWhyAndTheChoiceStays()
    {
        await _setUp!.DisposeAsync();
        _setUp = await NodeSetUp.OpenAsync(Options with { EngineBinary = "/nowhere/anvil" }, _keys, NullLoggerFactory.Instance, default);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using (var accepted = await PostAsync(await FormAsync()))
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        using var giveUp = new CancellationTokenSource();
        var starting = _setUp!.StartAsync(progress: null, giveUp.Token);

        JsonElement failed;
        while (StateOf(failed = await GetAsync("setup"), "engine") != "failed")
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);

        Assert.Equal(("running", "done", "waiting"), (failed.GetProperty("state").GetString(), StateOf(failed, "store"), StateOf(failed, "contracts")));
        Assert.Contains("/nowhere/anvil", failed.GetProperty("steps").ToString(), StringComparison.Ordinal);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Equal("Hill village", CommunityFile.Read(NodeSetUp.FileIn(_folder)).Name);

        static string? StateOf(JsonElement setUp, string step) => setUp.GetProperty("steps").EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == step).GetProperty("state").GetString();
    }

    [Fact]
    public async Task SetUp_AnythingElse_NotThereYet()
    {
        foreach (var address in new[] { "houses", "live", "council", "nowhere" })
        {
            using var answer = await _client.GetAsync(Api(address));
            Assert.Equal("NotSetUp", await CodeAsync(answer, HttpStatusCode.ServiceUnavailable));
        }
    }

    [Fact]
    public async Task SetUp_MqttPortTaken_SaidBeforeAnybodyFillsAnythingIn()
    {
        await _setUp!.DisposeAsync();
        _setUp = null;
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<NodeStartException>(
            () => NodeSetUp.OpenAsync(Options with { MqttPort = port }, _keys, NullLoggerFactory.Instance, default));

        Assert.Contains("--mqtt-port", refused.Message, StringComparison.Ordinal);
    }

    private async Task OpenAsync()
    {
        _setUp = await NodeSetUp.OpenAsync(Options, _keys, NullLoggerFactory.Instance, default);
        Assert.NotNull(_setUp);
    }

    private Uri Api(string address) => new(_setUp!.Page, $"/api/v1/{address}");

    private async Task<JsonElement> GetAsync(string address) => await _client.GetFromJsonAsync<JsonElement>(Api(address));

    private Task<HttpResponseMessage> PostAsync(JsonNode form) => _client.PostAsJsonAsync(Api("setup"), form);

    private async Task<JsonNode> FormAsync()
    {
        using var answer = await _client.PostAsync(Api("session/nonce"), null);
        var nonce = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("nonce").GetString()!;
        var text = $"{_setUp!.Page.Authority}: bind this key to a Busbar account.\nAddress: {_owner.Address}\nNonce: {nonce}";
        return JsonSerializer.SerializeToNode(new
        {
            code = _setUp.Code,
            name = "Hill village",
            zone = "Asia/Kolkata",
            intervalMinutes = 30,
            microgrids = new[] { new { id = 1, name = "Upper street" }, new { id = 2, name = "Lower street" } },
            owner = new
            {
                name = "Asha",
                password = "a long pass phrase",
                address = _owner.Address.ToString(),
                proof = new { nonce, signature = _owner.Sign(PersonalMessage.HashOf(text)).ToString() },
            },
        })!;
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
    }

    // Before it the node's anchors wait; the council's answer says whose appointment is missing.
    private async Task AppointAsync(BusbarNode node)
    {
        var operatorKey = (await GetAsync("council")).GetProperty("node");
        Assert.False(operatorKey.GetProperty("appointed").GetBoolean());
        Assert.Equal(_keys.Operator.Address.ToString(), operatorKey.GetProperty("operator").GetString());
        var transaction = new Transaction
        {
            ChainId = node.Contracts.ChainId,
            Nonce = 0,
            GasLimit = 1_000_000,
            To = node.Contracts.Council,
            Data = Council.EncodeAppoint(1, 0, _keys.Operator.Address, uint.MaxValue),
        };
        var chain = new EthereumClient(new JsonRpcClient(_client, new Uri(node.Page, "/rpc")));
        await chain.SendRawTransactionAsync(transaction.Sign(_owner).Raw);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await GetAsync("council")).GetProperty("node").GetProperty("appointed").GetBoolean())
            patience.Token.ThrowIfCancellationRequested();
    }
}
