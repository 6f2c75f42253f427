using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Busbar.Mqtt;
using Busbar.Node.Intake;
using Busbar.Node.Tests.Access;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Intake;

/// <summary>A device's token that is renewed: the old one opens nothing any more, at once and after a restart.</summary>
public sealed class TokenRenewalTests
{
    [Fact]
    public void First_IsWhatDevicesHaveFromBeforeTokensCouldBeRenewed()
    {
        using var meter = new TestMeter("house 1");
        byte[] form = [.. "Busbar Device Token v1 "u8, .. Convert.FromHexString(meter.Id.ToString()[2..])];
        var expected = Base64Url.EncodeToString(HMACSHA256.HashData("a key"u8, form));

        Assert.Equal(expected, new DeviceTokens("a key"u8.ToArray()).For(meter.Id));
    }

    [EngineFact]
    public async Task Renewed_OldTokenAndItsConnectionEnd_NewOneStaysAfterARestart()
    {
        await using var community = await TestCommunity.StartAsync(new TestMeter("house 1"), new TestMeter("house 2"));
        var (meter, other) = (community.Meters[0], community.Meters[1]);
        var old = TestConnection.OptionsFor(meter, community);
        var connection = await community.ConnectionOfAsync(meter);
        var bystander = await community.ConnectionOfAsync(other);
        using (var client = await OperatorAsync(community))
        {
            var told = await client.TakeAsync(await client.PostAsync($"devices/{meter.Id}/token", new { }));
            Assert.Equal(community.Node.Tokens.For(meter.Id), told.GetProperty("token").GetString());
            Assert.Equal((404, "NotFound"), await AccessClient.RefusalAsync(await client.PostAsync($"devices/{community.Node.Contracts.Anchors}/token", new { })));
        }

        Assert.False(Encoding.ASCII.GetString(old.Password!) == community.Node.Tokens.For(meter.Id));
        await connection.Client.Ended.WaitAsync(TestConnection.Patience);
        await bystander.ReadAsync(0);
        await AssertOnlyTheNewOneOpensAsync(community, meter, old);

        await community.CloseAsync();
        await community.OpenAsync();

        await AssertOnlyTheNewOneOpensAsync(community, meter, old);
        Assert.Equal(community.Node.Tokens.For(meter.Id), DeviceTokens.Of(community.Keys, community.Folder).For(meter.Id));
    }

    [Fact]
    public async Task Renewed_WhileSomebodyIsIn_MayNotPublishOrSubscribeAnyMore()
    {
        using var meter = new TestMeter("house 1");
        var tokens = new DeviceTokens("a key"u8.ToArray());
        var password = Encoding.ASCII.GetBytes(tokens.For(meter.Id));
        var answer = await new MeterAuthenticator(tokens).AuthenticateAsync(new("a client", meter.Id.ToString(), password, null), default);
        var principal = Assert.IsType<Mqtt.Server.MqttAuthentication.Accepted>(answer).Principal;
        Assert.True(principal.MayPublish(meter.Topic("reading")));

        tokens.Renew(meter.Id, 1);

        Assert.False(principal.MayPublish(meter.Topic("reading")));
        Assert.False(principal.MaySubscribe(meter.Topic("command")));
        Assert.False(principal.MaySubscribe("busbar/v1/time"));
    }

    private static async Task AssertOnlyTheNewOneOpensAsync(TestCommunity community, TestMeter meter, MqttClientOptions old)
    {
        var refused = await Assert.ThrowsAsync<MqttException>(
            () => MqttClient.ConnectAsync(old with { Port = community.Node.MqttPort }, TimeProvider.System));
        Assert.Equal(MqttConnectCode.BadCredentials, refused.ConnectCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(community, meter, Encoding.ASCII.GetString(old.Password!)));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(community, meter, community.Node.Tokens.For(meter.Id)));
        await using var again = await TestConnection.OpenAsync(meter, community);
    }

    private static async Task<HttpStatusCode> PostAsync(TestCommunity community, TestMeter meter, string token)
    {
        using var client = new HttpClient { BaseAddress = community.Node.Page };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.PostAsync($"api/v1/meters/{meter.Id}/reading", new StringContent("{}", Encoding.UTF8, "application/json"));
        return answer.StatusCode;
    }

    private static async Task<AccessClient> OperatorAsync(TestCommunity community)
    {
        var client = new AccessClient(community.Node.Page);
        var code = await community.Node.SetUpCodeAsync(default);
        await client.TakeAsync(await client.PostAsync("accounts", new { invitation = code, name = "operator", password = AccessHost.Password }));
        return client;
    }
}
