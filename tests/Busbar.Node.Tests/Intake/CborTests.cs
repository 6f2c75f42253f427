using System.Net;
using System.Net.Http.Headers;
using Busbar.Domain.Tests.Testing;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Intake;

/// <summary>Readings in CBOR, over MQTT and over HTTP, and what else begins like one.</summary>
public sealed class CborTests : IClassFixture<CborTests.Community>
{
    private readonly Community _shared;

    public CborTests(Community shared) => _shared = shared;

    public static TheoryData<string, byte[]> Hostile => new()
    {
        { "a map of 2^64 - 1 pairs", [0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff] },
        { "a name of 2^64 - 1 bytes", [0xa1, 0x7b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff] },
        { "a signature of 4 GiB", [0xa1, 0x69, .. "signature"u8, 0x5a, 0xff, 0xff, 0xff, 0xff] },
        { "maps in maps in maps", [.. Enumerable.Repeat((byte)0xa1, 1_500)] },
        { "a map without an end", [0xbf, 0x65, .. "meter"u8, 0xff] },
        { "a reserved length", [0xbc, 0x00] },
        { "bands of bands", [0xa1, 0x65, .. "bands"u8, 0x84, 0x84, 0x84, 0x84] },
        { "an empty map", [0xa0] },
        { "text that is no UTF-8", [0xa1, 0x62, 0xc3, 0x28, 0x00] },
    };

    [EngineFact]
    public async Task Reading_InCborOverMqttAndHttp_AcceptedAndProvable()
    {
        await using var community = await TestCommunity.StartAsync(new("house 1"), new("house 2"));
        var (mqtt, http) = (community.Meters[0], community.Meters[1]);
        for (var boundary = 0; boundary < 2; boundary++)
        {
            community.Node.MoveClock(TestCommunity.At(boundary));
            await (await community.ConnectionOfAsync(mqtt)).SendAsync(CborWriter.Write(mqtt.Sign(mqtt.Read(boundary), community.Domain)));
            Assert.Equal(HttpStatusCode.OK, await PostAsync(community, http, CborWriter.Write(http.Sign(http.Read(boundary), community.Domain))));
        }

        await community.MoveToAsync(TestCommunity.At(1));
        Assert.Empty(await community.QuarantineAsync());
        foreach (var meter in community.Meters)
        {
            var proof = await community.ProofAsync(meter, 0);
            Assert.Equal(meter.RegistersAt(1), proof.Leaf.Closing);
            Assert.Equal(new Ledger.Proofs.ProofOutcome.Genuine(1, IsEstimated: false), await community.VerifyAsync(proof));
        }
    }

    [EngineTheory]
    [MemberData(nameof(Hostile))]
    public async Task Reading_HostileCbor_MalformedOverBothAndOthersGoOn(string what, byte[] payload)
    {
        var community = await _shared.CommunityAsync();
        using var stranger = new TestMeter(what);
        await using var connection = await TestConnection.OpenAsync(stranger, community);

        await connection.SendAsync(payload);
        var notice = await connection.RefusalAsync();
        Assert.Equal(HttpStatusCode.OK, await PostAsync(community, stranger, payload));
        var again = await connection.RefusalAsync();

        Assert.Equal(("Malformed", "Malformed"), (notice.Reason, again.Reason));
        Assert.Equal(notice.Detail, again.Detail);
        Assert.NotEmpty(notice.Detail);
        Assert.Equal(2, (await community.QuarantineAsync()).Count(row => row.Topic == stranger.Topic("reading") && row.Reason == "Malformed"));
    }

    private static async Task<HttpStatusCode> PostAsync(TestCommunity community, TestMeter meter, byte[] payload)
    {
        using var client = new HttpClient { BaseAddress = community.Node.Page, Timeout = TestConnection.Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", community.Node.Tokens.For(meter.Id));
        using var content = new ByteArrayContent(payload);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
        using var answer = await client.PostAsync($"api/v1/meters/{meter.Id}/reading", content);
        return answer.StatusCode;
    }

    public sealed class Community : SharedCommunity
    {
        protected override Task<TestCommunity> BeginAsync() => TestCommunity.StartAsync(new TestMeter("house 1"));
    }
}
