using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Channels;
using Busbar.Domain.Metering;
using Busbar.Mqtt;
using Busbar.Mqtt.Server;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Busbar.Device.Tests.Testing;

/// <summary>The real MQTT server without a network, in the place of a node: notes what meters publish, acknowledges when it may.</summary>
internal sealed class TestNode : IMqttAuthenticator, IPublishSink, IMqttConnectionEvents, IMqttPrincipal, IAsyncDisposable
{
    private readonly MqttServer _server;
    private readonly ConcurrentQueue<AckToken> _held = new();
    private readonly Channel<(string Topic, byte[] Payload, bool Retain)> _published = Channel.CreateUnbounded<(string, byte[], bool)>();
    private readonly ConcurrentDictionary<string, byte> _clients = new(StringComparer.Ordinal);

    public TestNode() => _server = new MqttServer(
        new MqttServerOptions(), this, this, this, TimeProvider.System, NullLogger<MqttServer>.Instance);

    /// <summary>When true, QoS 1 messages wait for <see cref="AcknowledgeHeld"/>.</summary>
    public bool Hold { get; set; }

    /// <summary>When true, nobody can connect.</summary>
    public bool Down { get; set; }

    public string Name => "anybody";

    public int Connections => _clients.Count;

    public MqttClientOptions Options(string clientId) => new() { ClientId = clientId, OpenStream = _ => new ValueTask<Stream>(Open()) };

    /// <summary>The next message on a meter's topic of this kind; others are passed over.</summary>
    public async Task<(string Topic, byte[] Payload, bool Retain)> NextAsync(string kind)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var message = await _published.Reader.ReadAsync(patience.Token);
            if (message.Topic.EndsWith('/' + kind, StringComparison.Ordinal))
                return message;
        }
    }

    public async Task<SignedReading> NextReadingAsync() => ReadingJson.Decode((await NextAsync("reading")).Payload).Reading!;

    public bool TryTake(out (string Topic, byte[] Payload, bool Retain) message) => _published.Reader.TryRead(out message);

    public void AcknowledgeHeld()
    {
        while (_held.TryDequeue(out var token))
            MqttServer.Acknowledge([token]);
    }

    /// <summary>Breaks every connection; what was held is never acknowledged.</summary>
    public void Cut()
    {
        _held.Clear();
        foreach (var client in _clients.Keys)
            _server.Disconnect(client);
    }

    public int Publish(string topic, ReadOnlySpan<byte> payload, bool retain = false) => _server.Publish(topic, payload, MqttQos.AtLeastOnce, retain);

    public ValueTask<MqttAuthentication> AuthenticateAsync(MqttCredentials credentials, CancellationToken cancellationToken) =>
        new(new MqttAuthentication.Accepted(this));

    public bool MayPublish(string topic) => true;

    public bool MaySubscribe(string filter) => true;

    public PublishOutcome OnPublish(in InboundPublish message)
    {
        _published.Writer.TryWrite((message.Topic, message.Payload.ToArray(), message.Retain));
        if (message.Token.IsNone || !message.Topic.EndsWith("/reading", StringComparison.Ordinal))
            return PublishOutcome.Route;
        if (!Hold)
            return PublishOutcome.Drop;
        _held.Enqueue(message.Token);
        return PublishOutcome.Accepted;
    }

    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Connected(MqttClientInfo client) => _clients.TryAdd(client.ClientId, 0);

    public void Disconnected(MqttClientInfo client, MqttCloseReason reason) => _clients.TryRemove(client.ClientId, out _);

    /// <summary>Serves somebody who came over a socket, until the connection ends.</summary>
    public async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            var pipe = new Duplex(PipeReader.Create(stream), PipeWriter.Create(stream));
            await _server.RunAsync(new DefaultConnectionContext(Guid.NewGuid().ToString(), pipe, pipe));
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private DuplexStream Open()
    {
        if (Down)
            throw new IOException("the node is down");
        var up = new Pipe();
        var down = new Pipe();
        _ = ServeAsync(up, down);
        return new DuplexStream(down.Reader.AsStream(), up.Writer.AsStream());
    }

    private async Task ServeAsync(Pipe up, Pipe down)
    {
        await _server.RunAsync(new DefaultConnectionContext(
            Guid.NewGuid().ToString(), new Duplex(up.Reader, down.Writer), new Duplex(down.Reader, up.Writer)));
        await up.Reader.CompleteAsync();
        await down.Writer.CompleteAsync();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
