using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Busbar.Node.Rpc;
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
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // A body that the server cut off is the caller's fault, and says so with a status of its own.
            StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.Use(guard.RequireAsync);
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
        app.Use((context, next) => AccessGate.RequireAsync(context, next, callers));
        var api = app.MapGroup("/api/v1").AddEndpointFilter<TaggedJson>();
        ApiRoutes.MapCommunity(api.MapGroup("").WithTags("Community"));
        ApiRoutes.MapMetering(api.MapGroup("").WithTags("Metering"));
        ApiRoutes.MapLedger(api.MapGroup("").WithTags("Ledger"));
        NotificationsApi.Map(api);
        AccessRoutes.Map(api);
        if (authority is not null)
        {
            app.MapGet("/trust", (NodeOptions options) => TrustApi.Guide(authority, options)).Guard("trust.read").ExcludeFromDescription();
            app.MapGet("/trust/authority.crt", () => TrustApi.Certificate(authority)).Guard("trust.read").ExcludeFromDescription();
        }

        app.MapOpenApi("/openapi/{documentName}.json").Guard("openapi.read");
        app.MapPost("/rpc", RpcEndpoint.AnswerAsync).Guard("rpc").WithTags("JSON-RPC")
            .Describe("rpc", "JSON-RPC for wallets: up to 50 requests in a batch, 128 KiB in all.");
    }

    // The build names its parts after their content; all else is asked for again, so that a new version is seen at once.
    private static string CachingOf(PathString path) =>
        path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
}
