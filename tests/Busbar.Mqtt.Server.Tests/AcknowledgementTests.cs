using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Server.Tests;

public sealed class AcknowledgementTests
{
    [Fact]
    public async Task Acknowledge_AcceptedMessage_PubAckOnlyAfterTheSink()
    {
        await using var harness = new Harness();
        harness.Sink.Decide = _ => PublishOutcome.Accepted;
        var client = await harness.ConnectAsync("m1");
        await client.PublishAsync("a", "1", id: 5);
        var taken = await harness.Sink.NextAsync();

        Assert.Empty(await client.DrainAsync());
        MqttServer.Acknowledge([taken.Token]);

        var ack = await client.ReadAsync();
        Assert.Equal((MqttPacketType.PubAck, (ushort)5), (ack.Type, ack.Id));
        Assert.Equal(1, harness.Server.Statistics.Acknowledged);
    }

    [Fact]
    public async Task Acknowledge_InAnyOrder_PubAcksInTheOrderOfTheMessages()
    {
        await using var harness = new Harness();
        harness.Sink.Decide = topic => topic is "now" ? PublishOutcome.Drop : PublishOutcome.Accepted;
        var client = await harness.ConnectAsync("m1");
        await client.SendAsync(to =>
        {
            for (var id = 1; id <= 40; id++)
                RawClient.Write(to, id % 4 == 0 ? "now" : "later", $"{id}", id);
        });
        var tokens = new List<AckToken>();
        for (var i = 0; i < 40; i++)
            tokens.Add((await harness.Sink.NextAsync()).Token);
        new Random(3).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens));

        foreach (var token in tokens)
            MqttServer.Acknowledge([token]);

        for (var id = 1; id <= 40; id++)
            Assert.Equal(id, (await client.ReadAsync()).Id);
        Assert.Empty(await client.DrainAsync());
    }

    [Fact]
    public async Task Acknowledge_Twice_OnePubAck()
    {
        await using var harness = new Harness();
        harness.Sink.Decide = _ => PublishOutcome.Accepted;
        var client = await harness.ConnectAsync("m1");
        await client.PublishAsync("a", "1", id: 5);
        await client.PublishAsync("a", "2", id: 6);
        var first = (await harness.Sink.NextAsync()).Token;
        await harness.Sink.NextAsync();

        MqttServer.Acknowledge([first, first, AckToken.None]);
        MqttServer.Acknowledge([first]);

        var seen = await client.DrainAsync();
        Assert.Equal([5], seen.Select(frame => (int)frame.Id));
    }

    [Fact]
    public async Task Acknowledge_ClosedConnection_NothingAndOthersServed()
    {
        await using var harness = new Harness();
        harness.Sink.Decide = _ => PublishOutcome.Accepted;
        var gone = await harness.ConnectAsync("gone");
        var here = await harness.ConnectAsync("here");
        await gone.PublishAsync("a", "1", id: 1);
        await here.PublishAsync("a", "1", id: 2);
        var tokens = new[] { (await harness.Sink.NextAsync()).Token, (await harness.Sink.NextAsync()).Token };
        gone.Vanish();
        await gone.Over.WaitAsync(Harness.Patience);

        MqttServer.Acknowledge(tokens);

        Assert.Equal(2, (await here.ReadAsync()).Id);
        Assert.Equal(1, harness.Server.Statistics.Acknowledged);
    }

    [Fact]
    public async Task Acknowledge_OldConnectionAfterReconnect_NewConnectionHearsNothing()
    {
        await using var harness = new Harness();
        harness.Sink.Decide = _ => PublishOutcome.Accepted;
        var old = await harness.ConnectAsync("m1", clean: false);
        await old.PublishAsync("a", "1", id: 1);
        var token = (await harness.Sink.NextAsync()).Token;
        old.Vanish();
        await old.Over.WaitAsync(Harness.Patience);
        var again = await harness.ConnectAsync("m1", clean: false);

        MqttServer.Acknowledge([token]);

        Assert.Empty(await again.DrainAsync());
    }

    [Fact]
    public async Task OnPublish_SinkFull_SocketNotReadUntilRoomAndNothingLost()
    {
        await using var harness = new Harness();
        harness.Sink.Decide = _ => PublishOutcome.Full;
        var client = await harness.ConnectAsync("m1");
        await client.SendAsync(to =>
        {
            for (var id = 1; id <= 3; id++)
                RawClient.Write(to, "a", $"{id}", id);
        });
        while (harness.Sink.Refused.IsEmpty)
            await Task.Yield();
        // Another client is served as ever while this one waits.
        var other = await harness.ConnectAsync("m2");
        Assert.Empty(await other.DrainAsync());
        Assert.False(harness.Sink.Taken.Reader.TryRead(out _));

        harness.Sink.MakeRoom(_ => PublishOutcome.Accepted);

        var tokens = new List<AckToken>();
        for (var id = 1; id <= 3; id++)
        {
            var (text, token, _) = await harness.Sink.NextAsync();
            Assert.Equal($"m1:a:{id}", text);
            tokens.Add(token);
        }

        MqttServer.Acknowledge([.. tokens]);
        for (var id = 1; id <= 3; id++)
            Assert.Equal(id, (await client.ReadAsync()).Id);
        Assert.All(harness.Sink.Refused, text => Assert.Equal("m1:a:1", text));
        Assert.NotEmpty(harness.Sink.Refused);
    }

    [Fact]
    public async Task OnPublish_TooManyUnacknowledged_SocketNotReadUntilSomeAre()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxUnacknowledged = 4 });
        harness.Sink.Decide = _ => PublishOutcome.Accepted;
        var client = await harness.ConnectAsync("m1");
        await client.SendAsync(to =>
        {
            for (var id = 1; id <= 6; id++)
                RawClient.Write(to, "a", $"{id}", id);
        });
        var tokens = new List<AckToken>();
        for (var i = 0; i < 4; i++)
            tokens.Add((await harness.Sink.NextAsync()).Token);
        var other = await harness.ConnectAsync("m2");
        Assert.Empty(await other.DrainAsync());
        Assert.False(harness.Sink.Taken.Reader.TryRead(out _));

        MqttServer.Acknowledge([tokens[0], tokens[1]]);

        Assert.Equal("m1:a:5", (await harness.Sink.NextAsync()).Text);
        Assert.Equal("m1:a:6", (await harness.Sink.NextAsync()).Text);
    }

    [Fact]
    public async Task OnPublish_SinkFullAndClientTakenOver_WaitEnds()
    {
        await using var harness = new Harness();
        harness.Sink.Decide = _ => PublishOutcome.Full;
        var old = await harness.ConnectAsync("m1");
        await old.PublishAsync("a", "1", id: 1);

        var again = await harness.ConnectAsync("m1");

        Assert.Equal(MqttConnectCode.Accepted, again.Code);
        await old.ExpectCloseAsync();
    }

    [Fact]
    public async Task OnPublish_AboveTheRate_ReadMoreSlowlyByTheClock()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxPublishesPerSecond = 10, LongestSilence = TimeSpan.FromDays(1) });
        var client = await harness.ConnectAsync("m1");
        var timers = harness.Time.WaitingTimers;
        await client.SendAsync(to =>
        {
            for (var id = 1; id <= 30; id++)
                RawClient.Write(to, "a", $"{id}");
        });
        for (var i = 0; i < 10; i++)
            await harness.Sink.NextAsync();
        var other = await harness.ConnectAsync("m2");
        Assert.Empty(await other.DrainAsync());
        Assert.False(harness.Sink.Taken.Reader.TryRead(out _));

        for (var i = 11; i <= 30; i++)
        {
            while (harness.Time.WaitingTimers == timers)
                await Task.Yield();
            harness.Time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal($"m1:a:{i}", (await harness.Sink.NextAsync()).Text);
        }
    }

    [Fact]
    public async Task OnPublish_SinkThrows_OnlyThatConnectionEnds()
    {
        await using var harness = new Harness();
        harness.Sink.Decide = topic => topic is "bad" ? throw new InvalidOperationException("a fault of the host") : PublishOutcome.Route;
        var subscriber = await harness.ConnectAsync("s");
        await subscriber.SubscribeAsync(("#", 0));
        var client = await harness.ConnectAsync("m1");

        await client.SendAsync(to =>
        {
            RawClient.Write(to, "good", "1");
            RawClient.Write(to, "bad", "2");
        });

        await client.ExpectCloseAsync();
        Assert.Equal("good:1 q0", (await subscriber.ReadAsync()).Publish);
        var after = await harness.ConnectAsync("m2");
        await after.PublishAsync("good", "3");
        Assert.Equal("good:3 q0", (await subscriber.ReadAsync()).Publish);
    }
}
