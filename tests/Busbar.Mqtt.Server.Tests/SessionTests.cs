using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Server.Tests;

public sealed class SessionTests
{
    private static readonly MqttWill Will = new("w/c", "gone"u8.ToArray(), MqttQos.AtLeastOnce, Retain: true);

    [Fact]
    public async Task Connect_SameClientId_OldClosedBeforeNewBegins()
    {
        await using var harness = new Harness();
        var old = await harness.ConnectAsync("c", will: Will);
        var fresh = await harness.ConnectAsync("c");

        await old.ExpectCloseAsync();
        Assert.Equal(["+c", "-c TakenOver", "+c"], [await harness.NextEventAsync(), await harness.NextEventAsync(), await harness.NextEventAsync()]);
        Assert.Equal("c:w/c:gone", (await harness.Sink.NextAsync()).Text);
        Assert.Empty(await fresh.DrainAsync());
        Assert.Equal(1, harness.Server.Statistics.Clients);
    }

    [Fact]
    public async Task Connect_ManyAtOnceWithOneClientId_OneIsLeft()
    {
        await using var harness = new Harness();
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => harness.ConnectAsync("c")));

        await Task.WhenAny(Task.WhenAll(all.Select(client => client.Over)), Task.WhenAll(Enumerable.Range(0, 39).Select(_ => harness.NextEventAsync())));

        Assert.Equal(1, harness.Server.Statistics.Clients);
        Assert.Single(all, client => !client.Over.IsCompleted || client.Over.IsFaulted);
    }

    [Fact]
    public async Task Connect_AnotherPrincipalsClientId_RefusedAndOwnerUnharmed()
    {
        await using var harness = new Harness();
        var owner = await harness.ConnectAsync("c", clean: false, user: "alice");
        await owner.SubscribeAsync(("a", 1));

        var thief = await harness.ConnectAsync("c", clean: false, user: "mallory");

        Assert.Equal(MqttConnectCode.IdentifierRejected, thief.Code);
        await thief.ExpectCloseAsync();
        Assert.Empty(await owner.DrainAsync());
    }

    [Fact]
    public async Task Session_Kept_SubscriptionsAndQos1Wait()
    {
        await using var harness = new Harness();
        var first = await harness.ConnectAsync("c", clean: false);
        Assert.False(first.SessionPresent);
        await first.SubscribeAsync(("a", 1));
        await first.SendAsync(0xE0, 0);
        await first.Over.WaitAsync(Harness.Patience);
        harness.Server.Publish("a", "lost"u8);
        harness.Server.Publish("a", "kept"u8, MqttQos.AtLeastOnce);

        var second = await harness.ConnectAsync("c", clean: false);

        Assert.True(second.SessionPresent);
        Assert.Equal(["a:kept q1"], (await second.DrainAsync()).Select(frame => frame.Publish), StringComparer.Ordinal);
        second.Vanish();
        await second.Over.WaitAsync(Harness.Patience);
        var third = await harness.ConnectAsync("c", clean: false);
        Assert.Equal(["a:kept q1 dup"], (await third.DrainAsync()).Select(frame => frame.Publish), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Session_Clean_NothingIsLeft()
    {
        await using var harness = new Harness();
        var kept = await harness.ConnectAsync("c", clean: false);
        await kept.SubscribeAsync(("a", 1));
        var clean = await harness.ConnectAsync("c", clean: true);

        Assert.False(clean.SessionPresent);
        Assert.Equal(0, harness.Server.Publish("a", "x"u8, MqttQos.AtLeastOnce));
        await clean.SendAsync(0xE0, 0);
        await clean.Over.WaitAsync(Harness.Patience);
        Assert.Equal(0, harness.Server.Statistics.Sessions);
    }

    [Fact]
    public async Task Session_AwayTooLong_Forgotten()
    {
        await using var harness = new Harness(new MqttServerOptions { KeptSessionLifetime = TimeSpan.FromHours(1) });
        var client = await harness.ConnectAsync("c", clean: false);
        await client.SubscribeAsync(("a", 1));
        client.Vanish();
        await client.Over.WaitAsync(Harness.Patience);

        harness.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(1, harness.Server.Statistics.Sessions);
        harness.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(0, harness.Server.Statistics.Sessions);
        Assert.Equal(0, harness.Server.Publish("a", "x"u8, MqttQos.AtLeastOnce));
    }

    [Fact]
    public async Task Session_MoreAwayThanKept_LongestAwayForgotten()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxKeptSessions = 2 });
        foreach (var id in new[] { "a", "b", "c" })
        {
            var client = await harness.ConnectAsync(id, clean: false);
            client.Vanish();
            await client.Over.WaitAsync(Harness.Patience);
            harness.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, harness.Server.Statistics.Sessions);
        Assert.True((await harness.ConnectAsync("b", clean: false)).SessionPresent);
        Assert.False((await harness.ConnectAsync("a", clean: false)).SessionPresent);
    }

    [Fact]
    public async Task Will_AbruptClose_PublishedThroughTheSinkAndRetained()
    {
        await using var harness = new Harness();
        var watcher = await harness.ConnectAsync("watcher");
        await watcher.SubscribeAsync(("w/#", 1));
        var client = await harness.ConnectAsync("c", will: Will);

        client.Vanish();

        Assert.Equal("w/c:gone q1", (await watcher.ReadAsync()).Publish);
        Assert.True((await harness.Sink.NextAsync()).IsWill);
        Assert.Equal(1, harness.Server.Statistics.Retained);
    }

    [Fact]
    public async Task Will_GoodbyeSaid_NotPublished()
    {
        await using var harness = new Harness();
        var watcher = await harness.ConnectAsync("watcher");
        await watcher.SubscribeAsync(("w/#", 1));
        var client = await harness.ConnectAsync("c", will: Will);

        await client.SendAsync(0xE0, 0);
        await client.Over.WaitAsync(Harness.Patience);

        Assert.Empty(await watcher.DrainAsync());
    }

    [Fact]
    public async Task Will_SinkFull_PublishedWhenThereIsRoom()
    {
        await using var harness = new Harness();
        harness.Sink.Decide = _ => PublishOutcome.Full;
        var watcher = await harness.ConnectAsync("watcher");
        await watcher.SubscribeAsync(("w/#", 0));
        var client = await harness.ConnectAsync("c", will: Will);
        client.Vanish();
        while (harness.Sink.Refused.IsEmpty)
            await Task.Yield();

        harness.Sink.MakeRoom(_ => PublishOutcome.Route);

        Assert.Equal("w/c:gone q0", (await watcher.ReadAsync()).Publish);
    }

    [Fact]
    public async Task KeepAlive_SilentForOneAndAHalf_ClosedWithItsWill()
    {
        await using var harness = new Harness();
        var client = await harness.ConnectAsync("c", will: Will, keepAlive: 60);
        Assert.Equal("+c", await harness.NextEventAsync());
        harness.Time.Advance(TimeSpan.FromSeconds(80));
        await client.DrainAsync();
        harness.Time.Advance(TimeSpan.FromSeconds(89));
        Assert.Empty(await client.DrainAsync());

        harness.Time.Advance(TimeSpan.FromSeconds(91));

        await client.ExpectCloseAsync();
        Assert.Equal("-c KeepAliveExpired", await harness.NextEventAsync());
        Assert.Equal("c:w/c:gone", (await harness.Sink.NextAsync()).Text);
    }

    [Fact]
    public async Task KeepAlive_UnreadBecauseTheSinkIsFull_NotTheClientsSilence()
    {
        await using var harness = new Harness();
        harness.Sink.Decide = _ => PublishOutcome.Full;
        var client = await harness.ConnectAsync("c", keepAlive: 10);
        await client.PublishAsync("a", "1", id: 1);
        while (harness.Sink.Refused.IsEmpty)
            await Task.Yield();
        // The pause is noted after the refusal; a second client's round trip is longer than that step.
        await (await harness.ConnectAsync("other", keepAlive: 600)).DrainAsync();

        harness.Time.Advance(TimeSpan.FromSeconds(100));
        harness.Sink.MakeRoom(_ => PublishOutcome.Route);

        Assert.Equal(MqttPacketType.PubAck, (await client.ReadAsync()).Type);
    }

    [Fact]
    public async Task KeepAlive_Zero_ClosedAfterTheServersOwnLimit()
    {
        await using var harness = new Harness(new MqttServerOptions { LongestSilence = TimeSpan.FromMinutes(5) });
        var client = await harness.ConnectAsync("c", keepAlive: 0);

        harness.Time.Advance(TimeSpan.FromMinutes(6));

        await client.ExpectCloseAsync();
    }

    [Fact]
    public async Task Dispose_ClientsConnected_ClosedWithoutWills()
    {
        await using var harness = new Harness();
        var client = await harness.ConnectAsync("c", will: Will);

        await harness.Server.DisposeAsync();

        await client.ExpectCloseAsync();
        Assert.False(harness.Sink.Taken.Reader.TryRead(out _));
        await harness.Open().ExpectCloseAsync();
    }
}
