using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api;
using Busbar.Node.Community;
using Busbar.Node.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Busbar.Node.SetUp;

/// <summary>The page of a node that has no community yet, behind the same doors and the same gate as later.</summary>
internal sealed class SetUpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServerCertificates? _certificates;

    private SetUpServer(WebApplication app, ServerCertificates? certificates, NodeOptions options, Uri[] doors)
    {
        (_app, _certificates) = (app, certificates);
        Page = PageHost.PageOf(options, doors);
        HttpPort = doors[0].Port;
        HttpsPort = doors[^1].Port;
    }

    public Uri Page { get; }

    public int HttpPort { get; }

    public int HttpsPort { get; }

    public static async Task<SetUpServer> StartAsync(
        SetUpDesk desk, AccessDesk access, NodeOptions options, NodeKeys keys, ILoggerFactory logs, CancellationToken cancellation)
    {
        var guard = new HostGuard(options.Https);
        var certificates = PageHost.Certificates(options, keys, logs);
        var builder = PageHost.Create(options, certificates, logs);
        builder.Services.AddSingleton(access);
        builder.Services.AddSingleton(desk);
        var app = builder.Build();
        Map(app, desk, access, options, guard, certificates?.Authority);
        try
        {
            var doors = await PageHost.StartAsync(app, options, cancellation);
            guard.HttpsPort = doors[^1].Port;
            return new(app, certificates, options, doors);
        }
        catch (NodeStartException)
        {
            certificates?.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _certificates?.Dispose();
    }

    private static void Map(
        WebApplication app, SetUpDesk desk, AccessDesk access, NodeOptions options, HostGuard guard, HomeAuthority? authority)
    {
        Routes.UseFrame(app, options.WebRoot, guard);
        app.Use((context, next) => IsHere(context, desk) ? next(context) : SetUpApi.NotSetUp().ExecuteAsync(context));
        app.Use((context, next) => AccessGate.RequireAsync(context, next, access.Callers));
        var api = app.MapGroup("/api/v1");
        api.MapGet("/community", SetUpApi.NoCommunity).Guard("community.read").WithMetadata(Always.Here);
        api.MapGet("/setup", SetUpApi.Read).Guard("setup.read").WithMetadata(Always.Here);
        var first = api.MapGroup("").AddEndpointFilter(BodyGate.RequireAsync);
        first.MapPost("/setup", SetUpApi.StartAsync).Guard("setup.start").WithMetadata(Always.Here);
        SessionApi.Map(first);
        Routes.MapTrust(app, authority, guard);
    }

    // Once the community is chosen the store goes to the node that starts: nobody signs in until it has.
    private static bool IsHere(HttpContext context, SetUpDesk desk)
    {
        if (context.GetEndpoint() is not { } endpoint)
            return !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && context.Request.Path != "/rpc";
        return !desk.Chosen.IsCompleted || endpoint.Metadata.GetMetadata<Always>() is not null;
    }

    private sealed class Always
    {
        public static readonly Always Here = new();
    }
}
