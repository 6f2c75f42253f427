using System.Net.Security;
using System.Text.Json;
using System.Text.Json.Serialization;
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
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Api;

/// <summary>The node's doors: MQTT, and the page with its API, on Kestrel.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private const long MostBodyBytes = 64 * 1024;
    private const long MostConnections = 20_000;

    // Who opens connections and says little holds each of them for no longer than this.
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

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
            ? ServerCertificates.Open(wanted, Path.Combine(options.DataFolder, "tls"), options.Community.Name, keys, options.SystemClock, logs.CreateLogger<ServerCertificates>())
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
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Explain);
        builder.Services.AddOpenApi("v1", ApiDocument.Describe);
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.MaxDepth = 16;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
            kestrel.Listen(options.Address, options.HttpPort);
            kestrel.ListenMqtt(mqttOptions);
            if (certificates is not null)
                kestrel.Listen(options.Address, options.Https!.Port, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificates.Current() }),
                }));
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

    // What no handler explained: the code is still there, and what was wrong with a request is told.
    private static void Explain(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Extensions.TryAdd("code", Problems.CodeOf(context.HttpContext.Response.StatusCode));
        problem.Extensions.Remove("traceId");
        if (context.Exception is BadHttpRequestException bad)
            problem.Detail = bad.InnerException is JsonException json ? Access.Bodies.Body.Malformed(json) : bad.Message;
    }
}
