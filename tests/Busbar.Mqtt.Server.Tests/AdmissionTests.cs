using System.Buffers;
using Busbar.Mqtt.Codec;

namespace Busbar.Mqtt.Server.Tests;

public sealed class AdmissionTests
{
    [Theory]
    [InlineData(MqttConnectCode.BadCredentials, MqttConnectCode.BadCredentials)]
    [InlineData(MqttConnectCode.NotAuthorized, MqttConnectCode.NotAuthorized)]
    [InlineData(MqttConnectCode.Accepted, MqttConnectCode.NotAuthorized)]
    public async Task Connect_Refused_CodeThenClosed(MqttConnectCode verdict, MqttConnectCode told)
    {
        await using var harness = new Harness();
        harness.Authenticate = _ => ValueTask.FromResult<MqttAuthentication>(new MqttAuthentication.Refused(verdict, "for the test"));

        var client = await harness.ConnectAsync("c");

        Assert.Equal(told, client.Code);
        await client.ExpectCloseAsync();
        Assert.Equal(1, harness.Server.Statistics.Refused);
        Assert.False(harness.Events.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Connect_AuthenticatorThrows_Unavailable()
    {
        await using var harness = new Harness();
        harness.Authenticate = _ => throw new InvalidOperationException("a fault of the host");

        Assert.Equal(MqttConnectCode.ServerUnavailable, (await harness.ConnectAsync("c")).Code);
    }

    [Fact]
    public async Task Connect_AuthenticatorGivesNull_Unavailable()
    {
        await using var harness = new Harness();
        harness.Authenticate = _ => ValueTask.FromResult<MqttAuthentication>(null!);

        Assert.Equal(MqttConnectCode.ServerUnavailable, (await harness.ConnectAsync("c")).Code);
    }

    [Fact]
    public async Task Connect_CredentialsReachTheAuthenticator()
    {
        await using var harness = new Harness();
        MqttCredentials? seen = null;
        harness.Authenticate = credentials =>
        {
            seen = credentials;
            return ValueTask.FromResult<MqttAuthentication>(new MqttAuthentication.Accepted(new TestPrincipal("p")));
        };
        var client = harness.Open();
        await client.SendAsync(to => PacketWriter.Connect(to, new ConnectPacket { ClientId = "id", UserName = "user", Password = "word"u8.ToArray() }));
        await client.ReadAsync();

        Assert.Equal(("id", "user"), (seen!.ClientId, seen.UserName));
        Assert.Equal("word"u8.ToArray(), seen.Password!.Value.ToArray());
        Assert.Equal("id", seen.ToString());

        await harness.ConnectAsync("none", user: "user");
        Assert.Null(seen.Password);
    }

    [Fact]
    public async Task Connect_EmptyClientId_OnlyWithACleanSession()
    {
        await using var harness = new Harness();

        Assert.Equal(MqttConnectCode.IdentifierRejected, (await harness.ConnectAsync("", clean: false)).Code);
        Assert.Equal(MqttConnectCode.Accepted, (await harness.ConnectAsync("")).Code);
        Assert.Equal(MqttConnectCode.Accepted, (await harness.ConnectAsync("")).Code);
        Assert.Equal(2, harness.Server.Statistics.Clients);
    }

    [Fact]
    public async Task Connect_Version5_UnacceptableThenClosed()
    {
        await using var harness = new Harness();
        var client = harness.Open();

        await client.SendAsync(Convert.FromHexString("100E00044D51545405020 03C0000 0161".Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal([0, 1], (await client.ReadAsync()).Body);
        await client.ExpectCloseAsync();
    }

    [Fact]
    public async Task Connect_MoreClientsThanAllowed_Unavailable()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxClients = 2 });
        await harness.ConnectAsync("a");
        var second = await harness.ConnectAsync("b");

        Assert.Equal(MqttConnectCode.ServerUnavailable, (await harness.ConnectAsync("c")).Code);
        second.Vanish();
        await second.Over.WaitAsync(Harness.Patience);
        Assert.Equal(MqttConnectCode.Accepted, (await harness.ConnectAsync("c")).Code);
    }

    [Fact]
    public async Task Connect_ManyThatSayNothing_ClosedBeyondTheLimitAndByTheClock()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxPendingConnections = 3, ConnectTimeout = TimeSpan.FromSeconds(5) });
        var talker = await harness.ConnectAsync("talker", keepAlive: 600);
        var silent = Enumerable.Range(0, 5).Select(_ => harness.Open()).ToArray();
        var closed = await Task.WhenAny(silent.Select(client => client.Over));
        await closed;
        while (silent.Count(client => client.Over.IsCompleted) < 2)
            await Task.WhenAny(silent.Where(client => !client.Over.IsCompleted).Select(client => client.Over));

        harness.Time.Advance(TimeSpan.FromSeconds(7));

        await Task.WhenAll(silent.Select(client => client.Over)).WaitAsync(Harness.Patience);
        Assert.Empty(await talker.DrainAsync());
        Assert.Equal(MqttConnectCode.Accepted, (await harness.ConnectAsync("next")).Code);
    }

    [Fact]
    public async Task Connect_WillThatMayNotBePublished_NotAuthorized()
    {
        await using var harness = new Harness();
        harness.Authenticate = _ => ValueTask.FromResult<MqttAuthentication>(
            new MqttAuthentication.Accepted(new TestPrincipal("p") { Publishing = topic => topic is "mine" }));

        Assert.Equal(MqttConnectCode.NotAuthorized, (await harness.ConnectAsync("c", will: new MqttWill("theirs", default))).Code);
        Assert.Equal(MqttConnectCode.Accepted, (await harness.ConnectAsync("c", will: new MqttWill("mine", default))).Code);
    }

    [Fact]
    public async Task Publish_Forbidden_ClosedCountedAndNeverSeenByTheSink()
    {
        await using var harness = new Harness();
        harness.Authenticate = _ => ValueTask.FromResult<MqttAuthentication>(
            new MqttAuthentication.Accepted(new TestPrincipal("p") { Publishing = topic => topic is "mine" }));
        var client = await harness.ConnectAsync("c");

        await client.SendAsync(to =>
        {
            RawClient.Write(to, "mine", "1");
            RawClient.Write(to, "theirs", "2", id: 1);
            RawClient.Write(to, "mine", "3");
        });

        await client.ExpectCloseAsync();
        Assert.Equal("+c", await harness.NextEventAsync());
        Assert.Equal("-c ForbiddenPublish", await harness.NextEventAsync());
        Assert.Equal("c:mine:1", (await harness.Sink.NextAsync()).Text);
        Assert.False(harness.Sink.Taken.Reader.TryRead(out _));
        Assert.Equal(1, harness.Server.Statistics.ForbiddenPublishes);
    }

    [Fact]
    public async Task Subscribe_ForbiddenOrTooMany_RefusedWith0x80TheOthersGranted()
    {
        await using var harness = new Harness(new MqttServerOptions { MaxSubscriptions = 2 });
        harness.Authenticate = _ => ValueTask.FromResult<MqttAuthentication>(
            new MqttAuthentication.Accepted(new TestPrincipal("p") { Subscribing = filter => filter is not "#" }));
        var client = await harness.ConnectAsync("c");

        Assert.Equal([0x80, 0, 1, 0x80, 1], await client.SubscribeAsync(("#", 0), ("a", 0), ("b", 1), ("c", 1), ("a", 1)));

        Assert.Equal(0, harness.Server.Publish("c", "x"u8));
        Assert.Equal(1, harness.Server.Publish("a", "x"u8, MqttQos.AtLeastOnce));
        Assert.Equal("a:x q1", (await client.ReadAsync()).Publish);
        Assert.Equal(2, harness.Server.Statistics.RefusedSubscriptions);
    }

    public static TheoryData<string, string> Breaches { get; } = new()
    {
        { "a second CONNECT (MQTT-3.1.0-2)", "100D00044D5154540402003C000161" },
        { "a server's packet", "20020000" },
        { "QoS 2, which is not offered", "340500016100 01" },
        { "reserved type", "F000" },
        { "a packet above the limit", "30FFFF7F" },
        { "bad UTF-8", "30040002C328" },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public async Task Frame_BreaksTheProtocol_ClosedCountedOthersUnharmed(string breach, string hex)
    {
        await using var harness = new Harness();
        var other = await harness.ConnectAsync("other");
        var client = await harness.ConnectAsync("c");
        await harness.NextEventAsync();
        await harness.NextEventAsync();

        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        await client.ExpectCloseAsync();
        Assert.Equal($"-c ProtocolError: {breach}", $"{await harness.NextEventAsync()}: {breach}");
        Assert.Equal(1, harness.Server.Statistics.ProtocolErrors);
        Assert.Empty(await other.DrainAsync());
    }

    [Fact]
    public async Task Frame_BeforeConnect_Closed()
    {
        await using var harness = new Harness();
        var client = harness.Open();

        await client.PublishAsync("a", "1");

        await client.ExpectCloseAsync();
        Assert.False(harness.Sink.Taken.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Frames_ByteByByteAndWithConnect_SameAsWhole()
    {
        await using var harness = new Harness();
        var client = harness.Open();
        var bytes = new ArrayBufferWriter<byte>();
        PacketWriter.Connect(bytes, new ConnectPacket { ClientId = "c" });
        RawClient.Write(bytes, "a", "1", id: 3);
        foreach (var one in bytes.WrittenSpan.ToArray())
            await client.SendAsync(one);

        Assert.Equal(MqttPacketType.ConnAck, (await client.ReadAsync()).Type);
        Assert.Equal(3, (await client.ReadAsync()).Id);
    }

    [Fact]
    public async Task Pings_AnswersNeverRead_NotReadOnAndMemoryBounded()
    {
        await using var harness = new Harness();
        var client = await harness.ConnectAsync("c", pauseWriterAt: 1024);
        var pings = new byte[200 * 1024];
        for (var i = 0; i < pings.Length; i += 2)
            pings[i] = 0xC0;

        var sending = client.SendAsync(pings);

        // The pipe's 200 KiB are one read. Were the server to handle them all at once, all answers would be in memory and the sending done.
        for (var i = 0; i < 20; i++)
            await (await harness.ConnectAsync("other")).DrainAsync();
        Assert.False(sending.IsCompleted);
        for (var i = 0; i < pings.Length / 2; i++)
            Assert.Equal(MqttPacketType.PingResp, (await client.ReadAsync()).Type);
        await sending.WaitAsync(Harness.Patience);
    }

    [Fact]
    public async Task Output_NeverTaken_DisconnectedByTheClock()
    {
        await using var harness = new Harness(new MqttServerOptions { LongestSilence = TimeSpan.FromMinutes(2) });
        var client = await harness.ConnectAsync("c", pauseWriterAt: 1024, keepAlive: 600);
        await client.SubscribeAsync(("a", 0));
        harness.Server.Publish("a", new byte[2000]);

        harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, harness.Server.Statistics.Clients);
        harness.Time.Advance(TimeSpan.FromMinutes(1.1));

        Assert.Equal("+c", await harness.NextEventAsync());
        Assert.Equal("-c SlowConsumer", await harness.NextEventAsync());
    }

    [Fact]
    public async Task Disconnect_ByTheHost_ClosedAndTold()
    {
        await using var harness = new Harness();
        var client = await harness.ConnectAsync("c");

        Assert.True(harness.Server.Disconnect("c"));

        await client.ExpectCloseAsync();
        Assert.Equal("+c", await harness.NextEventAsync());
        Assert.Equal("-c ClosedByHost", await harness.NextEventAsync());
        Assert.False(harness.Server.Disconnect("nobody"));
    }

    [Fact]
    public void Options_OutOfRange_NamedAtOnce()
    {
        var harness = new Harness();

        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => new Harness(new MqttServerOptions { MaxUnacknowledged = 0 }));

        Assert.Contains(nameof(MqttServerOptions.MaxUnacknowledged), thrown.ParamName, StringComparison.Ordinal);
        Assert.NotNull(harness);
    }
}
