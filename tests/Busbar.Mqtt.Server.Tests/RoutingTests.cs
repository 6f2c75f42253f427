using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Server.Tests;

public sealed class RoutingTests
{
    [Fact]
    public async Task Publish_ToWildcards_EachSubscriberOnceAtTheBestQuality()
    {
        await using var harness = new Harness();
        var subscriber = await harness.ConnectAsync("s");
        Assert.Equal([0, 1, 1], await subscriber.SubscribeAsync(("m/+/t", 0), ("m/#", 1), ("#", 2)));
        var publisher = await harness.ConnectAsync("p");

        await publisher.PublishAsync("m/1/t", "x", id: 9);

        Assert.Equal(MqttPacketType.PubAck, (await publisher.ReadAsync()).Type);
        Assert.Equal("m/1/t:x q1", (await subscriber.ReadAsync()).Publish);
        Assert.Empty(await subscriber.DrainAsync());
    }

    [Theory]
    [InlineData(PublishOutcome.Route, true)]
    [InlineData(PublishOutcome.AcceptedAndRouted, true)]
    [InlineData(PublishOutcome.Accepted, false)]
    [InlineData(PublishOutcome.Drop, false)]
    public async Task Publish_BySinkOutcome_RoutedOrNot(PublishOutcome outcome, bool routed)
    {
        await using var harness = new Harness();
        harness.Sink.Decide = _ => outcome;
        var client = await harness.ConnectAsync("c");
        await client.SubscribeAsync(("a", 0));

        await client.PublishAsync("a", "x");

        Assert.Equal(routed ? ["a:x q0"] : [], (await client.DrainAsync()).Select(frame => frame.Publish), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Unsubscribe_ThenPublish_NothingMoreComes()
    {
        await using var harness = new Harness();
        var client = await harness.ConnectAsync("c");
        await client.SubscribeAsync(("a/+", 0), ("a/b", 0), ("b", 0));

        await client.SendAsync(to => PacketWriter.Unsubscribe(to, new UnsubscribePacket(4, ["a/+", "a/b", "never"])));
        var answer = await client.ReadAsync();
        harness.Server.Publish("a/b", "x"u8);
        harness.Server.Publish("b", "y"u8);

        Assert.Equal((MqttPacketType.UnsubAck, (ushort)4), (answer.Type, answer.Id));
        Assert.Equal(["b:y q0"], (await client.DrainAsync()).Select(frame => frame.Publish), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Retained_NewSubscriber_GetsTheLastWithTheFlag()
    {
        await using var harness = new Harness();
        var subscribed = await harness.ConnectAsync("before");
        await subscribed.SubscribeAsync(("s/#", 1));
        var publisher = await harness.ConnectAsync("p");
        await publisher.PublishAsync("s/1", "old", retain: true);
        await publisher.PublishAsync("s/1", "new", id: 1, retain: true);
        await publisher.PublishAsync("s/2", "two", retain: true);
        await publisher.PublishAsync("s/2", "", retain: true);
        await publisher.DrainAsync();

        var later = await harness.ConnectAsync("after");
        await later.SubscribeAsync(("s/+", 1));

        Assert.Equal(["s/1:new q1 retain"], (await later.DrainAsync()).Select(frame => frame.Publish), StringComparer.Ordinal);
        Assert.Equal(
            ["s/1:old q0", "s/1:new q1", "s/2:two q0", "s/2: q0"],
            (await subscribed.DrainAsync()).Select(frame => frame.Publish), StringComparer.Ordinal);
        Assert.Equal(1, harness.Server.Statistics.Retained);
    }

    [Fact]
    public async Task Retained_NoRoom_RoutedNotKeptAndCounted()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxRetainedMessages = 2, MaxRetainedBytes = 1000 });
        harness.Server.Publish("a", "1"u8, retain: true);
        harness.Server.Publish("b", "1"u8, retain: true);
        harness.Server.Publish("c", "1"u8, retain: true);
        harness.Server.Publish("b", new byte[2000], retain: true);
        harness.Server.Publish("a", "2"u8, retain: true);

        var client = await harness.ConnectAsync("c");
        await client.SubscribeAsync(("+", 0));

        Assert.Equal(["a:2 q0 retain", "b:1 q0 retain"], (await client.DrainAsync()).Select(frame => frame.Publish).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(2, harness.Server.Statistics.RetainedRefused);
    }

    [Fact]
    public async Task Retained_MoreThanTheQueue_AllComeAsTheClientReads()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxQueuedMessages = 5, MaxInFlight = 4 });
        for (var i = 0; i < 50; i++)
            harness.Server.Publish($"r/{i}", "x"u8, MqttQos.AtLeastOnce, retain: true);
        var client = await harness.ConnectAsync("c");
        await client.SubscribeAsync(("r/#", 1));

        for (var i = 0; i < 50; i++)
        {
            var frame = await client.ReadAsync();
            Assert.Equal(MqttPacketType.Publish, frame.Type);
            await client.SendAsync(to => PacketWriter.WithId(to, MqttPacketType.PubAck, frame.PublishId));
        }

        Assert.Empty(await client.DrainAsync());
    }

    [Fact]
    public async Task Queue_FullOfQos0_DroppedAndCountedClientStays()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxQueuedMessages = 10 });
        var slow = await harness.ConnectAsync("slow", pauseWriterAt: 1024);
        await slow.SubscribeAsync(("a", 0));
        // Nothing of these is read, so the transport takes some and the queue ten; the rest must go somewhere.
        for (var i = 0; i < 500; i++)
            harness.Server.Publish("a", new byte[1000]);

        var seen = await slow.DrainAsync();

        var statistics = harness.Server.Statistics;
        Assert.Equal(500, seen.Count + statistics.Dropped);
        Assert.InRange(seen.Count, 10, 200);
        Assert.Equal(1, statistics.Clients);
    }

    [Fact]
    public async Task Queue_FullOfQos1_SlowConsumerDisconnected()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxQueuedMessages = 10, MaxInFlight = 2 });
        var slow = await harness.ConnectAsync("slow", clean: false);
        await slow.SubscribeAsync(("a", 1));
        Assert.Equal("+slow", await harness.NextEventAsync());

        for (var i = 0; i < 13; i++)
            harness.Server.Publish("a", [(byte)('a' + i)], MqttQos.AtLeastOnce);

        Assert.Equal("-slow SlowConsumer", await harness.NextEventAsync());
        await slow.Over.WaitAsync(Harness.Patience);
        Assert.Equal(1, harness.Server.Statistics.SlowConsumers);

        var again = await harness.ConnectAsync("slow", clean: false);
        Assert.True(again.SessionPresent);
        Assert.Equal(["a:a q1 dup", "a:b q1 dup"], (await again.DrainAsync()).Select(frame => frame.Publish), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Queue_ManyMessagesInOneRead_SubscriberThatReadsLosesNone()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxQueuedMessages = 100 });
        var subscriber = await harness.ConnectAsync("s", pauseWriterAt: 64 * 1024 * 1024);
        await subscriber.SubscribeAsync(("a", 0));
        var publisher = await harness.ConnectAsync("p");

        await publisher.SendAsync(to =>
        {
            for (var i = 0; i < 2000; i++)
                RawClient.Write(to, "a", $"{i}");
        });

        for (var i = 0; i < 2000; i++)
            Assert.Equal($"a:{i} q0", (await subscriber.ReadAsync()).Publish);
        Assert.Equal(0, harness.Server.Statistics.Dropped);
    }

    [Fact]
    public async Task Queue_BytesFull_CountsAsFull()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxQueuedBytes = 10_000, MaxInFlight = 1 });
        var slow = await harness.ConnectAsync("slow");
        await slow.SubscribeAsync(("a", 1));

        for (var i = 0; i < 5; i++)
            harness.Server.Publish("a", new byte[4000], MqttQos.AtLeastOnce);

        await slow.Over.WaitAsync(Harness.Patience);
        Assert.Equal(1, harness.Server.Statistics.SlowConsumers);
    }

    [Fact]
    public async Task Window_ClientAcknowledges_NextAreSentInOrder()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxInFlight = 2 });
        var client = await harness.ConnectAsync("c");
        await client.SubscribeAsync(("a", 1));
        for (var i = 0; i < 4; i++)
            harness.Server.Publish("a", [(byte)('0' + i)], MqttQos.AtLeastOnce);
        var first = await client.ReadAsync();
        Assert.Equal(["a:1 q1"], (await client.DrainAsync()).Select(frame => frame.Publish), StringComparer.Ordinal);

        await client.SendAsync(to => PacketWriter.WithId(to, MqttPacketType.PubAck, first.PublishId));

        Assert.Equal(["a:2 q1"], (await client.DrainAsync()).Select(frame => frame.Publish), StringComparer.Ordinal);
    }
}
