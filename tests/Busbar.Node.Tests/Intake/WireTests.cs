using System.Net.Sockets;
using Busbar.Mqtt;
using Busbar.Node.Tests.Testing;

namespace Busbar.Node.Tests.Intake;

/// <summary>Who may connect and speak where, and what one bad connection does to the others: nothing.</summary>
public sealed class WireTests : IClassFixture<WireTests.Community>
{
    private readonly Community _shared;

    public WireTests(Community shared) => _shared = shared;

    [EngineFact]
    public async Task Connect_AnothersToken_BadCredentials()
    {
        var community = await _shared.CommunityAsync();
        var options = TestConnection.OptionsFor(community.Meters[0], community) with { UserName = community.Meters[1].Id.ToString() };
        var refused = await Assert.ThrowsAsync<MqttException>(() => MqttClient.ConnectAsync(options, TimeProvider.System));
        Assert.Equal(MqttConnectCode.BadCredentials, refused.ConnectCode);
    }

    [EngineFact]
    public async Task Publish_AnothersTopic_ConnectionIsClosedAndNothingTaken()
    {
        var community = await _shared.CommunityAsync();
        var (meter, victim) = (community.Meters[0], community.Meters[1]);
        await using var connection = await TestConnection.OpenAsync(meter, community);
        var payload = victim.Seal(victim.Read(0) with { Sequence = 99 }, community.Domain);
        var before = await community.Node.TotalsAsync(default);

        await Assert.ThrowsAsync<MqttException>(() => connection.Client.PublishAsync(victim.Topic("reading"), payload));

        await connection.Client.Ended.WaitAsync(TestConnection.Patience);
        Assert.Equal(before, await community.Node.TotalsAsync(default));
    }

    [EngineFact]
    public async Task Subscribe_AnythingButItsOwn_Refused()
    {
        var community = await _shared.CommunityAsync();
        var (meter, victim) = (community.Meters[0], community.Meters[1]);
        await using var connection = await TestConnection.OpenAsync(meter, community);
        var codes = await connection.Client.SubscribeAsync(
        [
            new(victim.Topic("refused")), new("busbar/v1/+/refused"), new("#"), new(meter.Topic("reading")), new("$SYS/#"), new("busbar/v1/time"),
            new(meter.Topic("command")),
        ]);
        Assert.Equal(5, codes.Count(code => code == MqttSubscribeCode.Refused));
        Assert.DoesNotContain(MqttSubscribeCode.Refused, codes.Skip(5));
    }

    [EngineFact]
    public async Task Frames_HostileOnSomeConnections_AnotherMeterGoesOn()
    {
        var community = await _shared.CommunityAsync();
        var meter = community.Meters[2];
        await using var connection = await TestConnection.OpenAsync(meter, community);
        var random = new Random(20260621);
        for (var round = 0; round < 40; round++)
        {
            await AttackAsync(community, random, round);
            await connection.SendAsync(meter.Seal(meter.Read(-60 + round), community.Domain));
        }

        await community.MoveToAsync(TestCommunity.At(0));
        var points = await community.Node.Store.Readings.SeriesAsync(meter.Id, TestCommunity.At(-60), TestCommunity.At(0), default);
        Assert.Equal(40, points.Count);
        Assert.False(community.Node.Completion.IsCompleted);
    }

    // Waits until the node has closed the connection, which it must: every one of these breaks the protocol.
    private static async Task AttackAsync(TestCommunity community, Random random, int round)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", community.Node.MqttPort);
        var stream = socket.GetStream();
        var noise = new byte[random.Next(64, 4096)];
        random.NextBytes(noise);
        byte[] frames = (round % 5) switch
        {
            // A PUBLISH before any CONNECT, with a topic longer than its packet.
            0 => [0x30, 0x04, 0xff, 0xff, 0x61, 0x62],
            // A remaining length of five bytes.
            1 => [0x10, 0xff, 0xff, 0xff, 0xff, 0x7f],
            // A packet of 256 MB, announced.
            2 => [0x10, 0xff, 0xff, 0xff, 0x7f, .. noise],
            // A CONNECT of a protocol that does not exist.
            3 => [0x10, 0x0c, 0x00, 0x04, 0x4d, 0x51, 0x54, 0x54, 0x63, 0x02, 0x00, 0x3c, 0x00, 0x00],
            _ => [0xf0, .. noise],
        };
        using var late = new CancellationTokenSource(TestConnection.Patience);
        try
        {
            await stream.WriteAsync(frames, late.Token);
            var answer = new byte[256];
            while (await stream.ReadAsync(answer, late.Token) > 0)
            {
                // A CONNACK that says no may come before the end.
            }
        }
        catch (IOException)
        {
            // Closed while it was still being written to.
        }
    }

    public sealed class Community : SharedCommunity
    {
        protected override Task<TestCommunity> BeginAsync() => TestCommunity.StartAsync(new("house 1"), new("house 2"), new("house 3"));
    }
}
