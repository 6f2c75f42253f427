using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Busbar.Domain.Access;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Api;

/// <summary>The live stream: whose houses it tells of, how it goes on after a break, and when it ends.</summary>
[Collection(VillageRoom.Name)]
public sealed class LiveTests(Village shared)
{
    [EngineFact]
    public async Task Stream_OfAHousehold_ItsOwnHouseAlone_OfNobody_None()
    {
        await shared.CommunityAsync();
        var own = await FirstAsync(shared.Household, null, "houses");
        Assert.Equal(["house 1"], JsonElement.Parse(own).EnumerateArray().Select(house => house.GetProperty("name").GetString()).ToList());
        Assert.True(JsonElement.Parse(await FirstAsync(shared.Operator, null, "houses")).GetArrayLength() >= 7);
        using var nobody = new HttpClient { BaseAddress = shared.Household.BaseAddress, Timeout = TestConnection.Patience };
        Assert.False((await NamesAsync(nobody, null, until: "now", count: 0)).Exists(name => name == "houses"));
    }

    [EngineTheory]
    [InlineData("0", false)]
    [InlineData("{ahead}", true)]
    [InlineData("18446744073709551615", true)]
    [InlineData("18446744073709551616", false)]
    [InlineData("-1", false)]
    [InlineData("yesterday", false)]
    public async Task Stream_GoneOnWith_ResetWhereThatIsUnknown(string id, bool isReset)
    {
        var community = await shared.CommunityAsync();
        var ahead = ((await community.Node.Chain.HeadAsync(default)).Number + 1_000).ToString(CultureInfo.InvariantCulture);
        var names = await NamesAsync(shared.Household, id.Replace("{ahead}", ahead, StringComparison.Ordinal), until: "now", count: 0);
        Assert.Equal(isReset, names.Contains("reset"));
        Assert.Equal(!isReset, names.Contains("block"));
    }

    [EngineFact]
    public async Task Stream_OfASessionThatWasEnded_SaysSoAndEnds()
    {
        var session = await TestSession.AgainAsync(await shared.CommunityAsync(), shared.HouseholdSession.Account);

        Assert.Equal("event: session", await LastEventAsync(session, client => client.DeleteAsync("session")));
    }

    [EngineFact]
    public async Task Stream_OfAnAccountWhoseRolesAreTaken_SaysSoAndEnds()
    {
        var session = await TestSession.BeginAsync(await shared.CommunityAsync(), "an auditor for a while", address: null, Role.Auditor);

        Assert.Equal(
            "event: session",
            await LastEventAsync(session, _ => shared.Operator.PutAsJsonAsync($"accounts/{session.Account}/roles", new { roles = Array.Empty<string>() })));
    }

    private async Task<string> LastEventAsync(TestSession session, Func<HttpClient, Task<HttpResponseMessage>> end)
    {
        var community = await shared.CommunityAsync();
        using var client = session.Client(community);
        using var late = new CancellationTokenSource(TestConnection.Patience);
        await using var stream = await client.GetStreamAsync("live", late.Token);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(late.Token) != "event: now")
            continue;
        using var ended = await end(client);
        Assert.True(ended.IsSuccessStatusCode);
        // Something happens, so that there is something to tell.
        var meter = community.Meters[2];
        await (await community.ConnectionOfAsync(meter)).Client.PublishAsync(meter.Topic("telemetry"), "{\"power\":1}"u8.ToArray());

        var rest = (await reader.ReadToEndAsync(late.Token)).Split('\n');
        return rest.Last(line => line.StartsWith("event: ", StringComparison.Ordinal));
    }

    private static async Task<string> FirstAsync(HttpClient client, string? id, string name)
    {
        var data = "";
        await ReadAsync(client, id, (told, line) =>
        {
            data = line;
            return told == name;
        });
        return data;
    }

    private static async Task<List<string>> NamesAsync(HttpClient client, string? id, string until, int count)
    {
        var names = new List<string>();
        await ReadAsync(client, id, (name, _) =>
        {
            names.Add(name);
            return names.Count(one => one == until) > count;
        });
        return names;
    }

    private static async Task ReadAsync(HttpClient client, string? id, Func<string, string, bool> isEnough)
    {
        using var late = new CancellationTokenSource(TestConnection.Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, "live");
        if (id is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", id);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(late.Token));
        var name = "";
        while (await reader.ReadLineAsync(late.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            if (line.StartsWith("data: ", StringComparison.Ordinal) && isEnough(name, line[6..]))
                return;
        }

        Assert.Fail("the stream ended");
    }
}
