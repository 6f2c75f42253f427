using System.Net.Security;
using Busbar.Node.Community;
using Busbar.Node.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.Api;

/// <summary>What page and API stand on, before and after the set-up: Kestrel with its bounds, strict JSON, problems with codes.</summary>
internal static class PageHost
{
    private const long MostBodyBytes = 64 * 1024;
    private const long MostConnections = 20_000;

    // Who opens connections and says little holds each of them for no longer than this.
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    /// <summary>A builder whose server listens for the page by HTTP, then as <paramref name="further"/> says, then by HTTPS.</summary>
    public static WebApplicationBuilder Create(
        NodeOptions options, ServerCertificates? certificates, ILoggerFactory logs, Action<KestrelServerOptions>? further = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(options);
        ApiServices.Add(builder.Services);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
            kestrel.Listen(options.Address, options.HttpPort);
            further?.Invoke(kestrel);
            if (certificates is not null)
                kestrel.Listen(options.Address, options.Https!.Port, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificates.Current() }),
                }));
        });
        return builder;
    }

    /// <summary>The certificates for what the options ask; null for plain HTTP.</summary>
    public static ServerCertificates? Certificates(NodeOptions options, NodeKeys keys, ILoggerFactory logs)
    {
        if (options.Https is not { } wanted)
            return null;
        var name = options.Community.Name.Length > 0 ? options.Community.Name : wanted.Hosts[0];
        return ServerCertificates.Open(wanted, Path.Combine(options.DataFolder, "tls"), name, keys, options.SystemClock, logs.CreateLogger<ServerCertificates>());
    }

    /// <summary>Starts to listen.</summary>
    /// <returns>The doors in the order in which they were asked for, with their real ports.</returns>
    /// <exception cref="NodeStartException">A port is taken; the app is disposed.</exception>
    public static async Task<Uri[]> StartAsync(WebApplication app, NodeOptions options, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException exception)
        {
            await app.DisposeAsync();
            throw new NodeStartException(
                $"port {options.HttpPort} or {options.MqttPort} on {options.Address} is taken by another program ({exception.Message}); "
                + "stop that program or choose others with --http-port, --mqtt-port and --https-port",
                exception);
        }

        return [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(text => new Uri(text))];
    }

    /// <summary>Where people find the page: by HTTPS under the node's name where there is HTTPS.</summary>
    public static Uri PageOf(NodeOptions options, Uri[] doors) =>
        options.Https is { } https ? new UriBuilder("https", https.Hosts[0], doors[^1].Port).Uri : doors[0];
}
