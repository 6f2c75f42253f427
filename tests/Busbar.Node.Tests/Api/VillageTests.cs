using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Api;

/// <summary>What the village's people are told of places, devices, refusals, members and the ledger, and what the operator may write.</summary>
[Collection(VillageRoom.Name)]
public sealed class VillageTests(Village shared)
{
    private const string FirstHour = "from=2026-06-21T00:00:00Z&to=2026-06-21T01:00:00Z&step=hour";

    [EngineFact]
    public async Task Load_ByDistrict_SumsOfThreeAndMore_TheSmallOnesTogether()
    {
        var community = await shared.CommunityAsync();
        var rows = (await Village.TakeAsync(shared.Operator, $"load?by=district&{FirstHour}")).GetProperty("rows").EnumerateArray().ToList();

        Assert.Equal(["North", null], rows.Select(row => row.GetProperty("place").GetString()).ToList());
        Assert.Equal([3, 3], rows.Select(row => row.GetProperty("premises").GetInt32()));
        Assert.Equal(Used(community, 0, 3), long.Parse(rows[0].GetProperty("importMwh").GetString()!, CultureInfo.InvariantCulture));
        Assert.Equal(Used(community, 3, 3), long.Parse(rows[1].GetProperty("importMwh").GetString()!, CultureInfo.InvariantCulture));
    }

    [EngineFact]
    public async Task Load_ByFeeder_PlacesTooSmallEvenTogetherLeftOut()
    {
        var community = await shared.CommunityAsync();
        var rows = (await Village.TakeAsync(shared.Operator, $"load?by=feeder&{FirstHour}")).GetProperty("rows").EnumerateArray().ToList();

        var only = Assert.Single(rows);
        Assert.Equal(("A", 4), (only.GetProperty("place").GetString(), only.GetProperty("premises").GetInt32()));
        Assert.Equal(Used(community, 0, 4), long.Parse(only.GetProperty("importMwh").GetString()!, CultureInfo.InvariantCulture));
    }

    [EngineTheory]
    [InlineData("by=street&from=2026-06-21T00:00:00Z&to=2026-06-21T01:00:00Z")]
    [InlineData("by=district&from=2026-06-21T00:00:00Z&to=2026-07-21T01:00:00Z&step=interval")]
    [InlineData("by=district&from=2026-06-21T00:00:00Z&to=2026-06-21T00:00:00Z")]
    [InlineData("by=district&from=9999-12-31T23:59:59-18:00&to=2026-06-21T00:00:00Z")]
    [InlineData("by=district&from=2026-06-21T00:00:00Z&to=2026-06-21T01:00:00Z&step=2")]
    public async Task Load_OfWhatIsNone_RefusedByName(string query)
    {
        await shared.CommunityAsync();
        Assert.Equal((400, "BadRequest"), await Village.RefusalAsync(shared.Operator, $"load?{query}"));
        Assert.Equal((403, "NotAllowed"), await Village.RefusalAsync(shared.Household, $"load?{query}"));
    }

    [EngineFact]
    public async Task Directory_AListWithFaults_EachToldByItsLineAndNothingWritten()
    {
        var community = await shared.CommunityAsync();
        var before = (await Village.TakeAsync(shared.Operator, "directory")).ToString();
        using var answer = await shared.Operator.PostAsJsonAsync("directory", new object?[]
        {
            new { meter = Meter(1), name = "a good one", kind = "plant" },
            new { meter = "0x12", name = "no address" },
            new { meter = Meter(2), name = "HOUSE 2" },
            null,
            new { meter = Meter(1), name = "the same meter" },
            new { meter = Meter(3), name = "\u202e\u0007" },
            new { meter = Meter(4), name = "elsewhere", microgrid = 9 },
            new { meter = Meter(5), name = "an ordinal", kind = "2" },
        });
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((400, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(["2 BadValue", "4 BadValue", "8 BadValue"], Lines(problem));

        using var readable = await shared.Operator.PostAsJsonAsync("directory", new object?[]
        {
            new { meter = Meter(1), name = "a good one", kind = "plant" },
            new { meter = Meter(2), name = "HOUSE 2" },
            new { meter = Meter(1), name = "the same meter" },
            new { meter = Meter(3), name = "\u0007" },
            new { meter = Meter(4), name = "elsewhere", microgrid = 9 },
            new { meter = community.Meters[6].Id.ToString(), name = "transformer", kind = "premises" },
        });
        Assert.Equal(
            ["2 NameTaken", "3 MeterTwice", "4 BadName", "5 UnknownMicrogrid", "6 RegisteredOtherwise"],
            Lines(await readable.Content.ReadFromJsonAsync<JsonElement>()));
        Assert.Equal(before, (await Village.TakeAsync(shared.Operator, "directory")).ToString());
        Assert.Equal((403, "NotAllowed"), await Village.RefusalAsync(shared.Household, "directory"));
    }

    [EngineFact]
    public async Task Directory_TheLongestList_ReadToItsLastLine()
    {
        await shared.CommunityAsync();
        var name = string.Concat(Enumerable.Repeat("\u0918", 70));
        var list = Enumerable.Range(1, 2_000).Select(line => new { meter = line < 2_000 ? Meter(line) : "none", name = $"{name} {line}", district = name, feeder = name });
        using var body = new StringContent(
            JsonSerializer.Serialize(list, new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }),
            System.Text.Encoding.UTF8,
            "application/json");
        using var answer = await shared.Operator.PostAsync("directory", body);
        Assert.True(body.Headers.ContentLength > 1_000_000);
        Assert.Equal(["2000 BadValue"], Lines(await answer.Content.ReadFromJsonAsync<JsonElement>()));
    }

    [EngineFact]
    public async Task Directory_NamesExchangedInOneList_Written()
    {
        var community = await shared.CommunityAsync();
        object Named(int meter, string name, string district) => new { meter = community.Meters[meter].Id.ToString(), name, district, feeder = meter < 4 ? "A" : "B" };
        using var there = await shared.Operator.PostAsJsonAsync("directory", new[] { Named(4, "house 6", "South"), Named(5, "house 5", "") });
        Assert.True(there.IsSuccessStatusCode, await there.Content.ReadAsStringAsync());
        using var back = await shared.Operator.PostAsJsonAsync("directory", new[] { Named(4, "house 5", "South"), Named(5, "house 6", "") });
        var written = (await back.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("houses").EnumerateArray().Select(one => one.GetProperty("name").GetString()).ToList();
        Assert.Equal(["house 5", "house 6"], written);
    }

    [EngineFact]
    public async Task Devices_Listed_OnlineTelemetryAndTheirOwnPeopleAlone()
    {
        var community = await shared.CommunityAsync();
        var meter = community.Meters[0];
        await (await community.ConnectionOfAsync(meter)).Client.PublishAsync(meter.Topic("telemetry"), "{\"power\":421.5,\"voltage\":230,\"soc\":\"x\"}"u8.ToArray());
        var own = Assert.Single((await Village.TakeAsync(shared.Household, "devices")).EnumerateArray());
        var all = (await Village.TakeAsync(shared.Operator, "devices")).EnumerateArray().ToList();

        Assert.Equal((meter.Id.ToString().ToLowerInvariant(), true), (own.GetProperty("meter").GetString()!.ToLowerInvariant(), own.GetProperty("online").GetBoolean()));
        Assert.Equal((421.5, 230.0), (own.GetProperty("telemetry").GetProperty("powerW").GetDouble(), own.GetProperty("telemetry").GetProperty("voltageV").GetDouble()));
        Assert.Equal(JsonValueKind.Null, own.GetProperty("telemetry").GetProperty("stateOfCharge").ValueKind);
        Assert.Equal((2u, 7), (own.GetProperty("boot").GetUInt32(), all.Count(one => one.GetProperty("lastSeen").ValueKind == JsonValueKind.String)));
        Assert.Equal(community.Node.Tokens.For(meter.Id), (await Village.TakeAsync(shared.Operator, $"devices/{meter.Id}/token")).GetProperty("token").GetString());
        Assert.Equal((403, "NotAllowed"), await Village.RefusalAsync(shared.Household, $"devices/{meter.Id}/token"));
    }

    [EngineFact]
    public async Task Quarantine_Listed_NewestFirstByPages_OfOneselfAlone()
    {
        var community = await shared.CommunityAsync();
        foreach (var meter in (TestMeter[])[community.Meters[0], community.Meters[1], community.Meters[0], community.Meters[1]])
            await (await community.ConnectionOfAsync(meter)).SendAsync("{}"u8.ToArray());
        await community.MoveToAsync(TestCommunity.At(Village.Last));
        var all = await ItemsAsync(shared.Operator, "quarantine");
        var own = await ItemsAsync(shared.Household, "quarantine");

        Assert.Equal(4, all.Count);
        Assert.Equal(all.ConvertAll(Id), (await PagesAsync(shared.Operator, "quarantine?limit=3")).ConvertAll(Id));
        Assert.Equal(all.ConvertAll(Id).OrderDescending(), all.ConvertAll(Id));
        Assert.Equal([community.Meters[0].Id.Key.ToString(), community.Meters[0].Id.Key.ToString()], own.ConvertAll(one => one.GetProperty("meter").GetString()));
        Assert.All(all, one => Assert.Equal("Malformed", one.GetProperty("reason").GetString()));
        var counted = (await Village.TakeAsync(shared.Operator, "devices")).EnumerateArray().Select(one => one.GetProperty("refused24h").GetInt32());
        Assert.Equal([0, 0, 0, 0, 0, 2, 2], counted.Order());
    }

    [EngineFact]
    public async Task TestWallets_OfANodeThatIsNoDemonstration_None()
    {
        await shared.CommunityAsync();
        foreach (var caller in new[] { shared.Operator, shared.Household })
            Assert.Equal((404, "NotFound"), await Village.RefusalAsync(caller, "demo/wallets"));
    }

    [EngineFact]
    public async Task Council_Asked_WhatTheContractsSay()
    {
        var community = await shared.CommunityAsync();
        var council = await Village.TakeAsync(shared.Household, "council");
        Assert.Equal(community.Keys.Owner.Address.ToString(), council.GetProperty("owner").GetString());
        Assert.Equal(community.Keys.Regulator.Address.ToString(), Assert.Single(council.GetProperty("regulators").EnumerateArray()).GetProperty("address").GetString());
        Assert.NotEmpty(council.GetProperty("rules").EnumerateArray());
        Assert.All(council.GetProperty("rules").EnumerateArray(), rule => Assert.True(
            System.Numerics.BigInteger.Parse(rule.GetProperty("min").GetString()!, CultureInfo.InvariantCulture)
            <= System.Numerics.BigInteger.Parse(rule.GetProperty("value").GetString()!, CultureInfo.InvariantCulture)));
        Assert.Equal(6, (await Village.TakeAsync(shared.Operator, "members")).GetArrayLength());
        var own = Assert.Single((await Village.TakeAsync(shared.Household, "members")).EnumerateArray());
        Assert.Equal([community.Keys.PremisesOf(community.Meters[0].Id).ToString()], own.GetProperty("premises").EnumerateArray().Select(one => one.GetString()).ToList());
    }

    [EngineFact]
    public async Task Explorer_PagedThrough_EachOnceAndFoundByNumberHashAndAddress()
    {
        var community = await shared.CommunityAsync();
        var blocks = await PagesAsync(shared.Household, "explorer/blocks?limit=7");
        var head = (await community.Node.Chain.HeadAsync(default)).Number;
        Assert.Equal(Enumerable.Range(0, blocks.Count).Select(back => head - (ulong)back), blocks.Select(block => block.GetProperty("number").GetUInt64()));
        var transactions = await PagesAsync(shared.Household, "explorer/transactions?limit=7");
        Assert.Equal(blocks.Sum(block => block.GetProperty("transactions").GetInt32()), transactions.Select(one => one.GetProperty("hash").GetString()).ToHashSet(StringComparer.Ordinal).Count);

        var (block, one) = (blocks[3], transactions[0]);
        Assert.Equal("block", (await LookupAsync(block.GetProperty("number").ToString())).GetProperty("kind").GetString());
        Assert.Equal("block", (await LookupAsync(block.GetProperty("hash").GetString()!)).GetProperty("kind").GetString());
        Assert.Equal("transaction", (await LookupAsync(one.GetProperty("hash").GetString()!)).GetProperty("kind").GetString());
        Assert.Equal("address", (await LookupAsync(one.GetProperty("from").GetString()!)).GetProperty("kind").GetString());
        Assert.Equal((404, "NotFound"), await Village.RefusalAsync(shared.Household, "explorer/lookup?q=999999"));
        Assert.Equal((400, "BadRequest"), await Village.RefusalAsync(shared.Household, "explorer/lookup?q=somebody"));
        var newer = await Village.TakeAsync(shared.Household, $"explorer/newer?than={head - 3}");
        Assert.Equal((3, transactions.Count(row => row.GetProperty("block").GetUInt64() > head - 3)), (newer.GetProperty("blocks").GetInt32(), newer.GetProperty("transactions").GetInt32()));
        var whole = await Village.TakeAsync(shared.Household, $"explorer/transactions/{one.GetProperty("hash").GetString()}");
        Assert.Equal(("Anchors", JsonValueKind.Object), (whole.GetProperty("contract").GetString(), whole.GetProperty("call").ValueKind));
        Assert.NotEmpty(whole.GetProperty("events").EnumerateArray());
    }

    [EngineTheory]
    [InlineData("{0}", 304)]
    [InlineData("W/{0}", 304)]
    [InlineData("\"other\", {0}", 304)]
    [InlineData("*", 304)]
    [InlineData("\"other\"", 200)]
    public async Task Tag_AskedWith_ToldWhetherItIsStillSo(string form, int status)
    {
        await shared.CommunityAsync();
        using var first = await shared.Operator.GetAsync("council");
        using var request = new HttpRequestMessage(HttpMethod.Get, "council");
        request.Headers.TryAddWithoutValidation("If-None-Match", string.Format(CultureInfo.InvariantCulture, form, first.Headers.ETag));
        using var again = await shared.Operator.SendAsync(request);
        Assert.Equal((status, first.Headers.ETag), ((int)again.StatusCode, again.Headers.ETag));
        Assert.Equal(status == 304, (await again.Content.ReadAsByteArrayAsync()).Length == 0);
        Assert.True(again.Headers.CacheControl?.Private);
    }

    private static long Used(TestCommunity community, int first, int count) => community.Meters.Skip(first).Take(count)
        .Sum(meter => (meter.RegistersAt(4).Import - meter.RegistersAt(0).Import).MilliwattHours);

    private static long Id(JsonElement row) => long.Parse(row.GetProperty("id").GetString()!, CultureInfo.InvariantCulture);

    private static string Meter(int number) => $"0x{number:x40}";

    private static List<string> Lines(JsonElement problem) => [.. problem.GetProperty("problems").EnumerateArray()
        .Select(one => $"{one.GetProperty("line").GetInt32()} {one.GetProperty("reason").GetString()}")];

    private Task<JsonElement> LookupAsync(string text) => Village.TakeAsync(shared.Household, $"explorer/lookup?q={text}");

    private static async Task<List<JsonElement>> ItemsAsync(HttpClient client, string path) =>
        [.. (await Village.TakeAsync(client, path)).GetProperty("items").EnumerateArray()];

    private static async Task<List<JsonElement>> PagesAsync(HttpClient client, string path)
    {
        var (items, next) = (new List<JsonElement>(), (string?)"");
        while (next is not null)
        {
            var page = await Village.TakeAsync(client, next.Length == 0 ? path : $"{path}&cursor={next}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }

        return items;
    }
}
