using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Threading.Channels;
using Busbar.Mqtt.Codec;
using Busbar.Tests;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Busbar.Mqtt.Server.Tests;

/// <summary>A server with ports that a test steers, whose connections are pipes in memory.</summary>
internal sealed class Harness : IAsyncDisposable, IMqttAuthenticator, IMqttConnectionEvents
{
    /// <summary>Longer than any machine needs for a step; a test that waits it out has failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<RawClient> _clients = [];

    public Harness(MqttServerOptions? options = null)
    {
        Server = new MqttServer(options ?? new MqttServerOptions(), this, Sink, this, Time, NullLogger<MqttServer>.Instance);
    }

    public ManualTimeProvider Time { get; } = new();

    public TestSink Sink { get; } = new();

    public MqttServer Server { get; }

    public Channel<string> Events { get; } = Channel.CreateUnbounded<string>();

    /// <summary>What the authenticator does; by default everybody may do everything, under the user name or else the client id.</summary>
    public Func<MqttCredentials, ValueTask<MqttAuthentication>> Authenticate { get; set; } =
        credentials => ValueTask.FromResult<MqttAuthentication>(new MqttAuthentication.Accepted(new TestPrincipal(credentials.UserName ?? credentials.ClientId)));

    public RawClient Open(long pauseWriterAt = 1024 * 1024)
    {
        var client = new RawClient(Server, pauseWriterAt);
        _clients.Add(client);
        return client;
    }

    public async Task<RawClient> ConnectAsync(string clientId, bool clean = true, MqttWill? will = null, string? user = null, ushort keepAlive = 0, long pauseWriterAt = 1024 * 1024)
    {
        var client = Open(pauseWriterAt);
        await client.SendAsync(to => PacketWriter.Connect(to, new ConnectPacket
        {
            ClientId = clientId,
            CleanSession = clean,
            Will = will,
            UserName = user,
            KeepAliveSeconds = keepAlive,
        }));
        var answer = await client.ReadAsync();
        Assert.Equal(MqttPacketType.ConnAck, answer.Type);
        client.SessionPresent = answer.Body[0] == 1;
        client.Code = (MqttConnectCode)answer.Body[1];
        return client;
    }

    public async Task<string> NextEventAsync() => await Events.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken cancellationToken) => Authenticate(credentials);

    public void Connected(MqttClientInfo client) => Events.Writer.TryWrite($"+{client.ClientId}");

    public void Disconnected(MqttClientInfo client, MqttCloseReason reason) => Events.Writer.TryWrite($"-{client.ClientId} {reason}");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync().AsTask().WaitAsync(Patience);
        foreach (var client in _clients)
            await client.Over.WaitAsync(Patience);
    }
}

/// <summary>A principal that may do what its rules say.</summary>
internal sealed record TestPrincipal(string Name) : IMqttPrincipal
{
    public Func<string, bool> Publishing { get; init; } = _ => true;

    public Func<string, bool> Subscribing { get; init; } = _ => true;

    public bool MayPublish(string topic) => Publishing(topic);

    public bool MaySubscribe(string filter) => Subscribing(filter);
}

/// <summary>A sink that a test fills, empties and lets acknowledge. By default everything is routed.</summary>
internal sealed class TestSink : IPublishSink
{
    private readonly TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Decides by topic.</summary>
    public Func<string, PublishOutcome> Decide { get; set; } = _ => PublishOutcome.Route;

    public Channel<(string Text, AckToken Token, bool IsWill)> Taken { get; } = Channel.CreateUnbounded<(string, AckToken, bool)>();

    public ConcurrentQueue<string> Refused { get; } = new();

    public PublishOutcome OnPublish(in InboundPublish message)
    {
        var outcome = Decide(message.Topic);
        var text = $"{message.ClientId}:{message.Topic}:{System.Text.Encoding.UTF8.GetString(message.Payload)}";
        if (outcome == PublishOutcome.Full)
            Refused.Enqueue(text);
        else
            Taken.Writer.TryWrite((text, message.Token, message.IsWill));
        return outcome;
    }

    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        // Once room was made there is room: to wait for the next signal could be to wait for ever.
        await _room.Task.WaitAsync(cancellationToken);
    }

    public void MakeRoom(Func<string, PublishOutcome> decide)
    {
        Decide = decide;
        _room.TrySetResult();
    }

    public async Task<(string Text, AckToken Token, bool IsWill)> NextAsync() => await Taken.Reader.ReadAsync().AsTask().WaitAsync(Harness.Patience);
}

/// <summary>One frame as a client saw it.</summary>
internal sealed record Seen(MqttPacketType Type, byte Flags, byte[] Body)
{
    public ushort Id => (ushort)((Body[0] << 8) | Body[1]);

    /// <summary>"topic:payload qos id retain dup" of a PUBLISH.</summary>
    public string Publish
    {
        get
        {
            Assert.Equal(MqttPacketType.Publish, Type);
            Assert.Equal(MqttProtocolError.None, PublishPacket.Decode(new MqttFrame(Type, Flags, Body), out var packet));
            return $"{System.Text.Encoding.UTF8.GetString(packet.Topic)}:{System.Text.Encoding.UTF8.GetString(packet.Payload)}"
                + $" q{(byte)packet.Qos}{(packet.Retain ? " retain" : "")}{(packet.Duplicate ? " dup" : "")}";
        }
    }

    public ushort PublishId
    {
        get
        {
            PublishPacket.Decode(new MqttFrame(Type, Flags, Body), out var packet);
            return packet.PacketId;
        }
    }
}

/// <summary>A client that says and hears frames, byte by byte if it likes, and never anything by itself.</summary>
internal sealed class RawClient
{
    private readonly PipeReader _fromServer;
    private readonly PipeWriter _toServer;
    private readonly MqttFrameReader _frames = new(1024 * 1024);

    public RawClient(MqttServer server, long pauseWriterAt)
    {
        var toServer = new Pipe();
        var fromServer = new Pipe(new PipeOptions(pauseWriterThreshold: pauseWriterAt, resumeWriterThreshold: pauseWriterAt / 2));
        _fromServer = fromServer.Reader;
        _toServer = toServer.Writer;
        Over = ServeAsync(server, new DuplexPipe(toServer.Reader, fromServer.Writer), new DuplexPipe(fromServer.Reader, toServer.Writer));
    }

    public bool SessionPresent { get; set; }

    public MqttConnectCode Code { get; set; }

    /// <summary>Completes when the server is done with the connection.</summary>
    public Task Over { get; }

    public async Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        write(_toServer);
        await _toServer.FlushAsync();
    }

    public Task SendAsync(params byte[] bytes) => SendAsync(to => to.Write(bytes));

    public Task PublishAsync(string topic, string payload, int id = 0, bool retain = false) => SendAsync(to => Write(to, topic, payload, id, retain));

    public static void Write(IBufferWriter<byte> to, string topic, string payload, int id = 0, bool retain = false) => PacketWriter.Publish(
        to,
        System.Text.Encoding.UTF8.GetBytes(topic),
        System.Text.Encoding.UTF8.GetBytes(payload),
        id == 0 ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce,
        retain,
        duplicate: false,
        (ushort)id);

    public async Task<byte[]> SubscribeAsync(params (string Filter, int Qos)[] wishes)
    {
        await SendAsync(to => PacketWriter.Subscribe(to, new SubscribePacket(1, [.. wishes.Select(wish => new MqttSubscription(wish.Filter, (MqttQos)wish.Qos))])));
        var answer = await ReadAsync();
        Assert.Equal(MqttPacketType.SubAck, answer.Type);
        return answer.Body[2..];
    }

    /// <summary>What the server had to say. Two pings, since an answer may overtake messages of its own group.</summary>
    public async Task<List<Seen>> DrainAsync()
    {
        var seen = new List<Seen>();
        for (var ping = 0; ping < 2; ping++)
        {
            await SendAsync(0xC0, 0);
            while (await ReadAsync() is { Type: not MqttPacketType.PingResp } frame)
                seen.Add(frame);
        }

        return seen;
    }

    public async Task<Seen> ReadAsync() => await TryReadAsync().WaitAsync(Harness.Patience) ?? throw new InvalidOperationException("the server closed the connection");

    /// <summary>Waits for the server to close; nothing may come before.</summary>
    public async Task ExpectCloseAsync() => Assert.Null(await TryReadAsync().WaitAsync(Harness.Patience));

    /// <summary>The network goes away without a word.</summary>
    public void Vanish() => _toServer.Complete();

    private async Task<Seen?> TryReadAsync()
    {
        while (true)
        {
            var read = await _fromServer.ReadAsync();
            var buffer = read.Buffer;
            if (_frames.TryRead(ref buffer, out var frame, out _))
            {
                var seen = new Seen(frame.Type, frame.Flags, frame.Body.ToArray());
                _fromServer.AdvanceTo(buffer.Start);
                return seen;
            }

            _fromServer.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    private static async Task ServeAsync(MqttServer server, IDuplexPipe transport, IDuplexPipe application)
    {
        await Task.Yield();
        // Not disposed: its Abort works on behind its disposal and would fail on the pool.
        var connection = new DefaultConnectionContext(Guid.NewGuid().ToString(), transport, application);
        await server.RunAsync(connection);
        await transport.Output.CompleteAsync();
        await transport.Input.CompleteAsync();
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
