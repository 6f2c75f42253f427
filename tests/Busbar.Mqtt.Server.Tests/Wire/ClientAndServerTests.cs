using System.Text;

namespace Busbar.Mqtt.Server.Tests.Wire;

/// <summary>Our client against our server over a real socket.</summary>
public sealed class ClientAndServerTests
{
    [Fact]
    public async Task Publish_ManyQos1_AllAcknowledgedInOrder()
    {
        await using var server = await KestrelServer.StartAsync();
        await using var subscriber = await MqttClient.ConnectAsync(server.ClientOptions("s") with { IncomingCapacity = 5000 }, TimeProvider.System);
        Assert.Equal([MqttSubscribeCode.GrantedAtLeastOnce], await subscriber.SubscribeAsync([new("m/#")]));
        await using var publisher = await MqttClient.ConnectAsync(server.ClientOptions("p") with { MaxInFlight = 7 }, TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => publisher.PublishAsync("m/1", Encoding.UTF8.GetBytes($"{i}")))).WaitAsync(Harness.Patience);

        for (var i = 0; i < 500; i++)
        {
            var message = await subscriber.Messages.ReadAsync().AsTask().WaitAsync(Harness.Patience);
            Assert.Equal(("m/1", $"{i}", MqttQos.AtLeastOnce), (message.Topic, Encoding.UTF8.GetString(message.Payload.Span), message.Qos));
        }
    }

    [Fact]
    public async Task Publish_LargeMessages_WholeAcrossSegments()
    {
        await using var server = await KestrelServer.StartAsync(new MqttServerOptions { MaxPacketSize = 1024 * 1024 });
        await using var client = await MqttClient.ConnectAsync(server.ClientOptions("c") with { MaxPacketSize = 1024 * 1024 }, TimeProvider.System);
        await client.SubscribeAsync([new("big", MqttQos.AtMostOnce)]);
        var payload = new byte[700_000];
        new Random(1).NextBytes(payload);

        await client.PublishAsync("big", payload).WaitAsync(Harness.Patience);

        var back = await client.Messages.ReadAsync().AsTask().WaitAsync(Harness.Patience);
        Assert.True(back.Payload.Span.SequenceEqual(payload));
    }

    [Fact]
    public async Task Publish_AboveTheServersPacketLimit_ConnectionLostIsTransient()
    {
        await using var server = await KestrelServer.StartAsync(new MqttServerOptions { MaxPacketSize = 1024 });
        await using var client = await MqttClient.ConnectAsync(server.ClientOptions("c"), TimeProvider.System);

        var thrown = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("a", new byte[2000])).WaitAsync(Harness.Patience);

        Assert.Equal(MqttFailure.ConnectionLost, thrown.Failure);
        Assert.True(thrown.IsTransient);
        Assert.Equal(1, server.Harness.Server.Statistics.ProtocolErrors);
    }

    [Fact]
    public async Task Publish_SinkNeverAcknowledges_CancellationStopsTheWait()
    {
        await using var server = await KestrelServer.StartAsync();
        server.Harness.Sink.Decide = _ => PublishOutcome.Accepted;
        await using var client = await MqttClient.ConnectAsync(server.ClientOptions("c"), TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        var publishing = client.PublishAsync("a", "1"u8.ToArray(), cancellationToken: cancel.Token);
        var taken = await server.Harness.Sink.NextAsync();
        Assert.False(publishing.IsCompleted);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
        MqttServer.Acknowledge([taken.Token]);
        server.Harness.Sink.Decide = _ => PublishOutcome.Drop;
        await client.PublishAsync("a", "2"u8.ToArray()).WaitAsync(Harness.Patience);
    }

    [Fact]
    public async Task Connect_Refused_NamedAndNotTransient()
    {
        await using var server = await KestrelServer.StartAsync();
        server.Harness.Authenticate = _ => ValueTask.FromResult<MqttAuthentication>(new MqttAuthentication.Refused(MqttConnectCode.BadCredentials, "test"));

        var thrown = await Assert.ThrowsAsync<MqttException>(() => MqttClient.ConnectAsync(server.ClientOptions("c"), TimeProvider.System));

        Assert.Equal((MqttFailure.Refused, MqttConnectCode.BadCredentials, false), (thrown.Failure, thrown.ConnectCode, thrown.IsTransient));
    }

    [Fact]
    public async Task Connect_NobodyListens_UnreachableIsTransient()
    {
        var thrown = await Assert.ThrowsAsync<MqttException>(
            () => MqttClient.ConnectAsync(new MqttClientOptions { ClientId = "c", Port = 1 }, TimeProvider.System));

        Assert.Equal((MqttFailure.Unreachable, true), (thrown.Failure, thrown.IsTransient));
    }

    [Fact]
    public async Task TakenOver_Client_HearsThatItsServerClosed()
    {
        await using var server = await KestrelServer.StartAsync();
        await using var old = await MqttClient.ConnectAsync(server.ClientOptions("c"), TimeProvider.System);
        await using var fresh = await MqttClient.ConnectAsync(server.ClientOptions("c"), TimeProvider.System);

        var end = await old.Ended.WaitAsync(Harness.Patience);

        Assert.Contains(end.Reason, new[] { MqttDisconnectReason.ServerClosed, MqttDisconnectReason.NetworkFailed });
        await Assert.ThrowsAsync<MqttException>(() => old.PublishAsync("a", default));
        Assert.False(fresh.Ended.IsCompleted);
    }

    [Fact]
    public async Task Dispose_Client_GoodbyeReachesTheServer()
    {
        await using var server = await KestrelServer.StartAsync();
        var client = await MqttClient.ConnectAsync(server.ClientOptions("c") with { Will = new MqttWill("w", default) }, TimeProvider.System);

        await client.DisposeAsync();
        await client.DisposeAsync();

        Assert.Equal("+c", await server.Harness.NextEventAsync());
        Assert.Equal("-c ClientDisconnected", await server.Harness.NextEventAsync());
        Assert.Equal(MqttDisconnectReason.Closed, (await client.Ended).Reason);
    }

    [Fact]
    public async Task Subscribe_Forbidden_AnswerSaysSo()
    {
        await using var server = await KestrelServer.StartAsync();
        server.Harness.Authenticate = _ => ValueTask.FromResult<MqttAuthentication>(
            new MqttAuthentication.Accepted(new TestPrincipal("p") { Subscribing = filter => filter is "mine" }));
        await using var client = await MqttClient.ConnectAsync(server.ClientOptions("c"), TimeProvider.System);

        Assert.Equal([MqttSubscribeCode.Refused, MqttSubscribeCode.GrantedAtLeastOnce], await client.SubscribeAsync([new("theirs"), new("mine")]));
        await client.UnsubscribeAsync(["mine"]);
        Assert.Equal(0, server.Harness.Server.Publish("mine", "x"u8));
    }

    [Fact]
    public async Task Crowd_AcknowledgedInGroupsFromAnotherThread_EveryMessageOnce()
    {
        await using var server = await KestrelServer.StartAsync();
        server.Harness.Sink.Decide = _ => PublishOutcome.Accepted;
        using var stop = new CancellationTokenSource();
        var acknowledging = Task.Run(async () =>
        {
            var group = new List<AckToken>();
            var taken = server.Harness.Sink.Taken.Reader;
            while (await taken.WaitToReadAsync(stop.Token))
            {
                group.Clear();
                while (group.Count < 50 && taken.TryRead(out var one))
                    group.Add(one.Token);
                MqttServer.Acknowledge([.. group]);
            }
        });
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => MqttClient.ConnectAsync(server.ClientOptions($"c{i}"), TimeProvider.System)));

        await Task.WhenAll(clients.SelectMany(client => Enumerable.Range(0, 100).Select(_ => client.PublishAsync("a", new byte[50])))).WaitAsync(Harness.Patience);

        Assert.Equal(2000, server.Harness.Server.Statistics.Acknowledged);
        Assert.Equal(2000, server.Harness.Server.Statistics.Received);
        foreach (var client in clients)
            await client.DisposeAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => acknowledging);
    }
}
