using Busbar.Ledger.Exploring;
using Busbar.Mqtt.Server;
using Busbar.Node.Access;
using Busbar.Node.Community;
using Busbar.Node.Intake;
using Busbar.Node.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Api;

/// <summary>The node's doors: MQTT, and the page with its API, on Kestrel.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServerCertificates? _certificates;

    private NodeServer(WebApplication app, MqttServer mqtt, ServerCertificates? certificates, Uri page, int mqttPort)
    {
        _app = app;
        _certificates = certificates;
        Mqtt = mqtt;
        Page = page;
        MqttPort = mqttPort;
    }

    public MqttServer Mqtt { get; }

    public Uri Page { get; }

    public int MqttPort { get; }

    public static async Task<NodeServer> StartAsync(
        NodeParts parts, NodeOptions options, NodeKeys keys, ILoggerFactory logs, CancellationToken cancellation)
    {
        var mqttOptions = new MqttServerOptions { Address = options.MqttAddress, Port = options.MqttPort };
        var mqtt = new MqttServer(
            mqttOptions,
            new MeterAuthenticator(parts.Tokens!),
            parts.Intake!,
            parts.Presence!,
            TimeProvider.System,
            logs.CreateLogger<MqttServer>());
        ICallerSource callers = options.IsDemonstration ? new DemonstrationCallers(parts.Access!.Callers) : parts.Access!.Callers;
        var guard = new HostGuard(options.Https);
        var certificates = PageHost.Certificates(options, keys, logs);
        var builder = PageHost.Create(options, certificates, logs, kestrel => kestrel.ListenMqtt(mqttOptions));
        builder.Services.AddSingleton(mqtt);
        builder.Services.AddSingleton(parts);
        builder.Services.AddSingleton(keys);
        builder.Services.AddSingleton(parts.Live!);
        builder.Services.AddSingleton(parts.Presence!);
        builder.Services.AddSingleton(parts.Notifications!);
        builder.Services.AddSingleton(new LedgerExplorer(parts.Store!.Explorer, new(parts.Deployment!.Contracts)));
        builder.Services.AddSingleton(callers);
        builder.Services.AddSingleton(parts.Access!);
        var app = builder.Build();
        Routes.Map(app, options.WebRoot, guard, callers, certificates?.Authority);
        try
        {
            var doors = await PageHost.StartAsync(app, options, cancellation);
            if (certificates is not null)
                guard.HttpsPort = doors[^1].Port;
            return new(app, mqtt, certificates, PageHost.PageOf(options, doors), doors[1].Port);
        }
        catch (NodeStartException)
        {
            certificates?.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Mqtt.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _certificates?.Dispose();
    }
}
