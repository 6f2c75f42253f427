using Busbar.Node.Access;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api.Describing;
using Busbar.Node.Rpc;
using Busbar.Node.SetUp;
using Busbar.Node.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;

namespace Busbar.Node.Api;

/// <summary>What the node answers over HTTP.</summary>
internal static class Routes
{
    // Everything the page needs comes from the node itself; a reader may name another chain to check a proof against.
    private const string ContentPolicy =
        "default-src 'self'; connect-src 'self' http: https:; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Map(WebApplication app, string? webRoot, HostGuard guard, ICallerSource callers, HomeAuthority? authority)
    {
        UseFrame(app, webRoot, guard);
        app.Use((context, next) => AccessGate.RequireAsync(context, next, callers));
        var api = app.MapGroup("/api/v1").AddEndpointFilter<TaggedJson>();
        ApiRoutes.MapCommunity(api.MapGroup("").WithTags("Community"));
        ApiRoutes.MapMetering(api.MapGroup("").WithTags("Metering"));
        BillingRoutes.Map(api.MapGroup("").WithTags("Billing").AddEndpointFilter(BodyGate.RequireAsync));
        ChannelsApi.Map(api.MapGroup("").WithTags("Channels").AddEndpointFilter(BodyGate.RequireAsync));
        MarketRoutes.Map(api.MapGroup("").WithTags("Market"));
        ApiRoutes.MapLedger(api.MapGroup("").WithTags("Ledger"));
        NotificationsApi.Map(api);
        AccessRoutes.Map(api);
        var setUp = api.MapGroup("").WithTags("Set-up");
        setUp.MapGet("/setup", SetUpApi.Done).Guard("setup.read").Describe("setup.read", "How far the set-up is.");
        setUp.MapPost("/setup", SetUpApi.Refuse).Guard("setup.start")
            .Describe("setup.start", "Sets an empty node up: what the community is, and the account of who sets it up.", SetUpApi.Refusals)
            .Produces<SetUpDocument>(StatusCodes.Status202Accepted)
            .WithMetadata(new Taken(typeof(SetUpForm), "application/json"));
        MapTrust(app, authority, guard);
        app.MapOpenApi("/openapi/{documentName}.json").Guard("openapi.read");
        app.MapPost("/rpc", RpcEndpoint.AnswerAsync).Guard("rpc").WithTags("JSON-RPC")
            .Describe("rpc", "JSON-RPC for wallets: up to 50 requests in a batch, 128 KiB in all.");
    }

    /// <summary>What comes before any address, with or without a community: faults as problems, the host, safe headers, the page's files.</summary>
    public static void UseFrame(WebApplication app, string? webRoot, HostGuard guard)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // A body that the server cut off is the caller's fault, and says so with a status of its own.
            StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            // It is also no fault of the node to be logged as one, and what was sent is none of the log's business.
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        app.UseStatusCodePages();
        app.Use(guard.RequireAsync);
        app.Use(RequestRules.RequireAsync);
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
        if (webRoot is not null)
        {
            var files = new PhysicalFileProvider(Path.GetFullPath(webRoot));
            var compressed = new CompressedFiles(files);
            app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
            app.Use(compressed.ChooseAsync);
            app.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files,
                ContentTypeProvider = compressed,
                OnPrepareResponse = prepared =>
                {
                    prepared.Context.Response.Headers.CacheControl = CachingOf(prepared.Context.Request.Path);
                    CompressedFiles.Mark(prepared);
                },
            });
        }

        // Said here, so that the gate comes after it: what an address is must be known before it can be guarded.
        app.UseRouting();
    }

    /// <summary>How other machines come to trust the home's own authority, where there is one.</summary>
    public static void MapTrust(WebApplication app, HomeAuthority? authority, HostGuard guard)
    {
        if (authority is null)
            return;
        app.MapGet("/trust", (NodeOptions options) => TrustApi.Guide(authority, options, guard)).Guard("trust.read").ExcludeFromDescription();
        app.MapGet("/trust/authority.crt", () => TrustApi.Certificate(authority)).Guard("trust.read").ExcludeFromDescription();
    }

    // The build names its parts after their content; all else is asked for again, so that a new version is seen at once.
    private static string CachingOf(PathString path) =>
        path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
}
