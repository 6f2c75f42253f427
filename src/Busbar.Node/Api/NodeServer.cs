using Busbar.Ledger.Exploring;
using Busbar.Mqtt.Server;
using Busbar.Node.Access;
using Busbar.Node.Community;
using Busbar.Node.Intake;
using Busbar.Node.Tls;
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
        var certificates = options.Https is { } wanted
            ? ServerCertificates.Open(wanted, Path.Combine(options.DataFolder, "tls"), options.Community.Name, keys, options.SystemClock)
            : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(mqtt);
        builder.Services.AddSingleton(parts);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(keys);
        builder.Services.AddSingleton(parts.Live!);
        builder.Services.AddSingleton(parts.Presence!);
        builder.Services.AddSingleton(parts.Notifications!);
        builder.Services.AddSingleton(new LedgerExplorer(parts.Store!.Explorer, new(parts.Deployment!.Contracts)));
        builder.Services.AddSingleton(callers);
        builder.Services.AddSingleton(parts.Access!);
        ApiServices.Add(builder.Services);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(options.Address, options.HttpPort);
            kestrel.ListenMqtt(mqttOptions);
            if (certificates is not null)
                kestrel.Listen(options.Address, options.Https!.Port, listen => listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificates.Current()));
        });
        var app = builder.Build();
        Routes.Map(app, options.WebRoot, guard, callers, certificates?.Authority);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException exception)
        {
            await app.DisposeAsync();
            certificates?.Dispose();
            throw new NodeStartException(
                $"port {options.HttpPort} or {options.MqttPort} on {options.Address} is taken by another program ({exception.Message}); "
                + "stop that program or choose others with --http-port, --mqtt-port and --https-port",
                exception);
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        var doors = addresses.Select(text => new Uri(text)).ToArray();
        if (certificates is null)
            return new(app, mqtt, certificates, doors[0], doors[1].Port);
        guard.HttpsPort = doors[2].Port;
        return new(app, mqtt, certificates, new UriBuilder("https", options.Https!.Hosts[0], doors[2].Port).Uri, doors[1].Port);
    }

    public async ValueTask DisposeAsync()
    {
        await Mqtt.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _certificates?.Dispose();
    }
}
