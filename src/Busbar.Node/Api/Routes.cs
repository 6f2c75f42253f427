using Busbar.Node.Access;
using Busbar.Node.Rpc;
using Busbar.Node.SetUp;
using Busbar.Node.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
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
        api.MapGet("/community", CommunityApi.Community).Guard("community.read");
        api.MapGet("/now", NowApi.Now).Guard("now.read");
        api.MapGet("/houses", HousesApi.Houses).Guard("houses.list");
        api.MapGet("/live", LiveStream.RunAsync).Guard("live.stream");
        api.MapGet("/anchors", LedgerApi.AnchorsAsync).Guard("anchors.list");
        api.MapGet("/meters/{meter}/readings", ReadingsApi.ReadingsAsync).Guard("meters.readings");
        api.MapGet("/proofs/{meter}/{start:long}", ReadingsApi.ProofAsync).Guard("proofs.read");
        api.MapPost("/meters/{meter}/reading", ReadingsApi.TakeReadingAsync).Guard("device.reading");
        api.MapGet("/directory", DirectoryApi.Read).Guard("directory.read");
        api.MapPost("/directory", DirectoryApi.WriteAsync).Guard("directory.write");
        api.MapPut("/directory/{meter}", DirectoryApi.WriteOneAsync).Guard("directory.write");
        api.MapGet("/history", HistoryApi.ReadAsync).Guard("history.read");
        api.MapGet("/history.csv", HistoryApi.CsvAsync).Guard("history.read");
        api.MapGet("/devices", DevicesApi.ListAsync).Guard("devices.list");
        api.MapGet("/devices/{meter}/token", DevicesApi.Token).Guard("devices.token");
        api.MapPost("/devices/{meter}/change", OperatorApi.ChangeMeterAsync).Guard("devices.change");
        api.MapGet("/anchors/{microgrid}/{start}/tree", LedgerApi.TreeAsync).Guard("anchors.tree");
        api.MapGet("/access-requests", () => TypedResults.Ok(new Page<AccessRequestRow>([], null))).Guard("requests.list");
        api.MapGet("/members", CouncilApi.Members).Guard("members.list");
        api.MapGet("/council", CouncilApi.Council).Guard("council.read");
        api.MapGet("/quarantine", QuarantineApi.ListAsync).Guard("quarantine.list");
        api.MapGet("/load", LoadApi.ReadAsync).Guard("load.read");
        api.MapGet("/explorer/blocks", ExplorerApi.BlocksAsync).Guard("explorer.read");
        api.MapGet("/explorer/blocks/{id}", ExplorerApi.BlockAsync).Guard("explorer.read");
        api.MapGet("/explorer/transactions", ExplorerApi.TransactionsAsync).Guard("explorer.read");
        api.MapGet("/explorer/transactions/{hash}", ExplorerApi.TransactionAsync).Guard("explorer.read");
        api.MapGet("/explorer/addresses/{address}", ExplorerApi.AddressAsync).Guard("explorer.read");
        api.MapGet("/explorer/lookup", ExplorerApi.LookupAsync).Guard("explorer.read");
        api.MapGet("/explorer/newer", ExplorerApi.NewerAsync).Guard("explorer.read");
        NotificationsApi.Map(api);
        AccessRoutes.Map(api);
        api.MapGet("/setup", SetUpApi.Done).Guard("setup.read");
        api.MapPost("/setup", SetUpApi.Refuse).Guard("setup.start");
        MapTrust(app, authority, guard);
        app.MapOpenApi("/openapi/{documentName}.json").Guard("openapi.read");
        app.MapPost("/rpc", RpcEndpoint.AnswerAsync).Guard("rpc");
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
            app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
            app.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files,
                ContentTypeProvider = new FileExtensionContentTypeProvider(),
                OnPrepareResponse = prepared => prepared.Context.Response.Headers.CacheControl = CachingOf(prepared.Context.Request.Path),
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
