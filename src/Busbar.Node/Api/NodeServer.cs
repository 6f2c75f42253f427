using Busbar.Mqtt.Server;
using Busbar.Node.Access;
using Busbar.Node.Community;
using Busbar.Node.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Api;

/// <summary>The node's doors: MQTT, and the page with its API, on Kestrel.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private const long MostBodyBytes = 64 * 1024;
    private const long MostConnections = 20_000;

    private readonly WebApplication _app;

    private NodeServer(WebApplication app, MqttServer mqtt, Uri page, int mqttPort)
    {
        _app = app;
        Mqtt = mqtt;
        Page = page;
        MqttPort = mqttPort;
    }

    public MqttServer Mqtt { get; }

    public Uri Page { get; }

    public int MqttPort { get; }

    public static async Task<NodeServer> StartAsync(
        NodeParts parts, NodeOptions options, ILoggerFactory logs, CancellationToken cancellation)
    {
        var mqttOptions = new MqttServerOptions { Address = options.Address, Port = options.MqttPort };
        var mqtt = new MqttServer(
            mqttOptions,
            new MeterAuthenticator(parts.Tokens!),
            parts.Intake!,
            new SilentConnections(),
            TimeProvider.System,
            logs.CreateLogger<MqttServer>());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(mqtt);
        builder.Services.AddSingleton(parts);
        builder.Services.AddSingleton(options);
        builder.Services.AddProblemDetails();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(options.Address, options.HttpPort);
            kestrel.ListenMqtt(mqttOptions);
        });
        var app = builder.Build();
        Routes.Map(app, options.WebRoot, new DemonstrationCallers(new NobodyCallers()));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException exception)
        {
            await app.DisposeAsync();
            throw new NodeStartException(
                $"port {options.HttpPort} or {options.MqttPort} on {options.Address} is taken by another program ({exception.Message}); "
                + "stop that program or choose others with --http-port and --mqtt-port",
                exception);
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        var page = addresses.Select(text => new Uri(text)).ToArray();
        return new(app, mqtt, page[0], page[1].Port);
    }

    public async ValueTask DisposeAsync()
    {
        await Mqtt.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    // Who is online is shown by what was last heard of each meter.
    private sealed class SilentConnections : IMqttConnectionEvents
    {
        public void Connected(MqttClientInfo client)
        {
        }

        public void Disconnected(MqttClientInfo client, MqttCloseReason reason)
        {
        }
    }
}
