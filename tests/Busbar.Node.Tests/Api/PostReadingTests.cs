using System.Net;
using System.Net.Http.Headers;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Api;

/// <summary>Readings by HTTP POST: the device's token opens its own door and no other.</summary>
public sealed class PostReadingTests : IClassFixture<PostReadingTests.Community>
{
    private readonly Community _shared;

    public PostReadingTests(Community shared) => _shared = shared;

    [EngineFact]
    public async Task Post_RightToken_StoredWhenAnswered()
    {
        var community = await _shared.CommunityAsync();
        var meter = community.Meters[0];
        using var answer = await PostAsync(community, meter, community.Node.Tokens.For(meter.Id), meter.Seal(meter.Read(0), community.Domain));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await community.MoveToAsync(TestCommunity.At(0));
        Assert.Equal(
            meter.RegistersAt(0),
            (await community.Node.Store.Readings.ReadingAsync(meter.Id, TestCommunity.At(0), default))?.Reading.Registers);
    }

    [EngineFact]
    public async Task Post_BadReading_TakenAndQuarantined()
    {
        var community = await _shared.CommunityAsync();
        var meter = community.Meters[1];
        using var answer = await PostAsync(community, meter, community.Node.Tokens.For(meter.Id), "{}"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await community.MoveToAsync(TestCommunity.At(0));
        Assert.Equal("Malformed", Assert.Single(await community.QuarantineAsync(), row => row.Topic == meter.Topic("reading")).Reason);
    }

    [EngineTheory]
    [InlineData("another's")]
    [InlineData("empty")]
    [InlineData("short")]
    [InlineData("none")]
    public async Task Post_WrongToken_RefusedAndNothingTaken(string token)
    {
        var community = await _shared.CommunityAsync();
        var meter = community.Meters[2];
        var right = community.Node.Tokens.For(meter.Id);
        var given = token switch
        {
            "another's" => community.Node.Tokens.For(community.Meters[0].Id),
            "empty" => "",
            "short" => right[..42],
            _ => null,
        };
        using var answer = await PostAsync(community, meter, given, meter.Seal(meter.Read(0) with { Sequence = 1 }, community.Domain));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("WrongToken", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await community.MoveToAsync(TestCommunity.At(0));
        Assert.Null(await community.Node.Store.Readings.ReadingAsync(meter.Id, TestCommunity.At(0), default));
    }

    [EngineTheory]
    [InlineData(2049)]
    [InlineData(60_000)]
    [InlineData(200_000)]
    public async Task Post_AboveTwoKilobytes_TooLarge(int size)
    {
        var community = await _shared.CommunityAsync();
        var meter = community.Meters[3];
        using var answer = await PostAsync(community, meter, community.Node.Tokens.For(meter.Id), new byte[size]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        await community.MoveToAsync(TestCommunity.At(0));
        Assert.DoesNotContain(await community.QuarantineAsync(), row => row.Topic == meter.Topic("reading"));
    }

    [EngineFact]
    public async Task Post_ExactlyTwoKilobytes_Taken()
    {
        var community = await _shared.CommunityAsync();
        var meter = community.Meters[4];
        var json = meter.Seal(meter.Read(0), community.Domain);
        byte[] padded = [.. json, .. Enumerable.Repeat((byte)' ', 2048 - json.Length)];
        using var answer = await PostAsync(community, meter, community.Node.Tokens.For(meter.Id), padded);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await community.MoveToAsync(TestCommunity.At(0));
        Assert.NotNull(await community.Node.Store.Readings.ReadingAsync(meter.Id, TestCommunity.At(0), default));
    }

    private static async Task<HttpResponseMessage> PostAsync(TestCommunity community, TestMeter meter, string? token, byte[] body)
    {
        using var client = new HttpClient(new DescribedAnswers(new HttpClientHandler())) { BaseAddress = community.Node.Page };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/meters/{meter.Id}/reading") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await client.SendAsync(request);
    }

    public sealed class Community : SharedCommunity
    {
        protected override Task<TestCommunity> BeginAsync() =>
            TestCommunity.StartAsync([.. Enumerable.Range(1, 5).Select(number => new TestMeter($"house {number}"))]);
    }
}
