using System.Buffers;
using System.Text;
using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Tests.Client;

public sealed class MqttClientTests
{
    [Fact]
    public async Task Connect_WithEverything_SaysItAll()
    {
        var server = new ScriptedServer();
        var connecting = MqttClient.ConnectAsync(
            server.Options with
            {
                CleanSession = false,
                KeepAlive = TimeSpan.FromSeconds(7),
                UserName = "user",
                Password = "word"u8.ToArray(),
                Will = new MqttWill("w", "gone"u8.ToArray(), MqttQos.AtLeastOnce, Retain: true),
            },
            server.Time);
        ConnectPacket.Decode((await server.ReadAsync()).Body, out var said);
        await server.SendAsync(to => PacketWriter.ConnAck(to, new ConnAckPacket(true, MqttConnectCode.Accepted)));
        await using var client = await connecting;

        Assert.True(client.SessionPresent);
        Assert.Equal(("c", false, (ushort)7, "user"), (said!.ClientId, said.CleanSession, said.KeepAliveSeconds, said.UserName));
        Assert.Equal("word"u8.ToArray(), said.Password);
        Assert.Equal(("w", MqttQos.AtLeastOnce, true), (said.Will!.Topic, said.Will.Qos, said.Will.Retain));
    }

    [Fact]
    public async Task Connect_NoAnswer_TimedOutByTheClock()
    {
        var server = new ScriptedServer();
        var connecting = MqttClient.ConnectAsync(server.Options, server.Time);
        await server.ReadAsync();

        server.Time.Advance(TimeSpan.FromSeconds(11));

        var thrown = await Assert.ThrowsAsync<MqttException>(() => connecting.WaitAsync(ScriptedServer.Patience));
        Assert.Equal((MqttFailure.TimedOut, true), (thrown.Failure, thrown.IsTransient));
    }

    [Fact]
    public async Task Connect_ServerUnavailable_IsTransient()
    {
        var server = new ScriptedServer();
        var connecting = MqttClient.ConnectAsync(server.Options, server.Time);
        await server.SendAsync(to => PacketWriter.ConnAck(to, new ConnAckPacket(false, MqttConnectCode.ServerUnavailable)));

        var thrown = await Assert.ThrowsAsync<MqttException>(() => connecting.WaitAsync(ScriptedServer.Patience));

        Assert.Equal((MqttFailure.Refused, MqttConnectCode.ServerUnavailable, true), (thrown.Failure, thrown.ConnectCode, thrown.IsTransient));
    }

    [Fact]
    public async Task Publish_WindowFull_NextSentInOrderAsPubAcksCome()
    {
        var server = new ScriptedServer();
        await using var client = await server.ConnectAsync(server.Options with { MaxInFlight = 2 });
        var publishing = Enumerable.Range(0, 4).Select(i => client.PublishAsync("a", Encoding.UTF8.GetBytes($"{i}"))).ToArray();
        var first = await server.ReadPublishAsync();
        var second = await server.ReadPublishAsync();
        await client.PublishAsync("a", "once"u8.ToArray(), MqttQos.AtMostOnce);
        Assert.Equal((0, "once"), ((int)(await server.ReadPublishAsync()).Id, "once"));
        Assert.All(publishing, task => Assert.False(task.IsCompleted));

        await server.AcknowledgeAsync(second.Id);
        await publishing[1].WaitAsync(ScriptedServer.Patience);
        var third = await server.ReadPublishAsync();
        await server.AcknowledgeAsync(first.Id);
        var fourth = await server.ReadPublishAsync();

        Assert.Equal(("0", "1", "2", "3"), (first.Payload, second.Payload, third.Payload, fourth.Payload));
        Assert.False(publishing[2].IsCompleted);
        await server.AcknowledgeAsync(third.Id);
        await server.AcknowledgeAsync(fourth.Id);
        await Task.WhenAll(publishing).WaitAsync(ScriptedServer.Patience);
    }

    [Fact]
    public async Task Publish_CancelledWhileWaiting_NeverSent()
    {
        var server = new ScriptedServer();
        await using var client = await server.ConnectAsync(server.Options with { MaxInFlight = 1 });
        var first = client.PublishAsync("a", "1"u8.ToArray());
        using var cancel = new CancellationTokenSource();
        var second = client.PublishAsync("a", "2"u8.ToArray(), cancellationToken: cancel.Token);
        var third = client.PublishAsync("a", "3"u8.ToArray());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        await server.AcknowledgeAsync((await server.ReadPublishAsync()).Id);

        Assert.Equal("3", (await server.ReadPublishAsync()).Payload);
        await first.WaitAsync(ScriptedServer.Patience);
        Assert.False(third.IsCompleted);
    }

    [Fact]
    public async Task Publish_ServerCloses_AllFailedAsTransientAndReasonStated()
    {
        var server = new ScriptedServer();
        await using var client = await server.ConnectAsync(server.Options with { MaxInFlight = 1 });
        var sent = client.PublishAsync("a", "1"u8.ToArray());
        var waiting = client.PublishAsync("a", "2"u8.ToArray());

        server.Close();

        foreach (var task in new[] { sent, waiting })
            Assert.True((await Assert.ThrowsAsync<MqttException>(() => task.WaitAsync(ScriptedServer.Patience))).IsTransient);
        Assert.Equal(MqttDisconnectReason.ServerClosed, (await client.Ended).Reason);
        await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("a", default));
        Assert.False(await client.Messages.WaitToReadAsync());
    }

    [Theory]
    [InlineData("F000", MqttProtocolError.ReservedPacketType)]
    [InlineData("20020000", MqttProtocolError.UnexpectedPacket)]
    [InlineData("C000", MqttProtocolError.UnexpectedPacket)]
    [InlineData("3003000123", MqttProtocolError.InvalidTopicName)]
    [InlineData("3405000161000162", MqttProtocolError.QosNotOffered)]
    public async Task Read_ServerBreaksTheProtocol_EndedByName(string hex, MqttProtocolError expected)
    {
        var server = new ScriptedServer();
        await using var client = await server.ConnectAsync();

        await server.SendAsync(to => to.Write(Convert.FromHexString(hex)));

        var end = await client.Ended.WaitAsync(ScriptedServer.Patience);
        Assert.Equal((MqttDisconnectReason.ProtocolError, expected), (end.Reason, end.ProtocolError));
    }

    [Fact]
    public async Task Messages_Qos1_AcknowledgedWhenTaken()
    {
        var server = new ScriptedServer();
        await using var client = await server.ConnectAsync();

        await server.PublishAsync("hello", id: 9);

        var (type, _, body) = await server.ReadAsync();
        Assert.Equal(MqttPacketType.PubAck, type);
        Assert.Equal([0, 9], body);
        Assert.Equal("hello", Encoding.UTF8.GetString((await client.Messages.ReadAsync()).Payload.Span));
    }

    [Fact]
    public async Task Messages_ReaderBehind_Qos0DroppedAndCountedQos1EndsUnacknowledged()
    {
        var server = new ScriptedServer();
        await using var client = await server.ConnectAsync(server.Options with { IncomingCapacity = 1 });

        await server.PublishAsync("kept");
        await server.PublishAsync("dropped");
        await server.PublishAsync("too much", id: 1);

        Assert.Equal(MqttDisconnectReason.ReaderTooSlow, (await client.Ended.WaitAsync(ScriptedServer.Patience)).Reason);
        Assert.Equal(1, client.DroppedMessages);
        Assert.Equal("kept", Encoding.UTF8.GetString((await client.Messages.ReadAsync()).Payload.Span));
        Assert.False(await client.Messages.WaitToReadAsync());
    }

    [Fact]
    public async Task KeepAlive_Silent_PingsAndEndsWhenNotAnswered()
    {
        var server = new ScriptedServer();
        await using var client = await server.ConnectAsync(server.Options with { KeepAlive = TimeSpan.FromSeconds(10) });

        server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(MqttPacketType.PingReq, (await server.ReadAsync()).Type);
        await server.SendAsync(to => PacketWriter.Empty(to, MqttPacketType.PingResp));
        // A message behind the answer shows that the answer was heard.
        await server.PublishAsync("behind");
        await client.Messages.ReadAsync().AsTask().WaitAsync(ScriptedServer.Patience);
        server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(MqttPacketType.PingReq, (await server.ReadAsync()).Type);
        Assert.False(client.Ended.IsCompleted);

        server.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(MqttDisconnectReason.KeepAliveExpired, (await client.Ended.WaitAsync(ScriptedServer.Patience)).Reason);
    }

    [Fact]
    public async Task Subscribe_NoAnswer_TimedOut()
    {
        var server = new ScriptedServer();
        await using var client = await server.ConnectAsync();
        var asking = client.SubscribeAsync([new("a")]);
        await server.ReadAsync();

        server.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(MqttFailure.TimedOut, (await Assert.ThrowsAsync<MqttException>(() => asking.WaitAsync(ScriptedServer.Patience))).Failure);
    }

    [Fact]
    public async Task Calls_WithBadArguments_ThrowBeforeAnythingIsSent()
    {
        var server = new ScriptedServer();
        await using var client = await server.ConnectAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => client.PublishAsync("a/#", default));
        await Assert.ThrowsAsync<ArgumentException>(() => client.PublishAsync("a", default, MqttQos.ExactlyOnce));
        await Assert.ThrowsAsync<ArgumentException>(() => client.SubscribeAsync([]));
        await Assert.ThrowsAsync<ArgumentException>(() => client.SubscribeAsync([new("a#")]));
        Assert.Equal(
            MqttFailure.TooLarge, (await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("a", new byte[1024 * 1024]))).Failure);
        foreach (var wrong in new[]
        {
            server.Options with { ClientId = "", CleanSession = false },
            server.Options with { Password = [1] },
            server.Options with { MaxInFlight = 0 },
            server.Options with { KeepAlive = TimeSpan.FromMilliseconds(1500) },
            server.Options with { Will = new MqttWill("+", default) },
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => MqttClient.ConnectAsync(wrong, server.Time));
        }
    }
}
