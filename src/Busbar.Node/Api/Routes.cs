using Busbar.Node.Access;
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

    public static void Map(WebApplication app, string? webRoot, ICallerSource callers)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // A body that the server cut off is the caller's fault, and says so with a status of its own.
            StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.Use(HostGuard.RequireLocalAsync);
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
            });
        }

        // Said here, so that the gate comes after it: what an address is must be known before it can be guarded.
        app.UseRouting();
        app.Use((context, next) => AccessGate.RequireAsync(context, next, callers));
        var api = app.MapGroup("/api/v1");
        api.MapGet("/community", CommunityApi.Community).Guard("community.read");
        api.MapGet("/houses", CommunityApi.Houses).Guard("houses.list");
        api.MapGet("/live", LiveStream.RunAsync).Guard("live.stream");
        api.MapGet("/blocks", LedgerApi.BlocksAsync).Guard("explorer.read");
        api.MapGet("/anchors", LedgerApi.AnchorsAsync).Guard("anchors.list");
        api.MapGet("/meters/{meter}/readings", ReadingsApi.ReadingsAsync).Guard("meters.readings");
        api.MapGet("/proofs/{meter}/{start:long}", ReadingsApi.ProofAsync).Guard("proofs.read");
        api.MapPost("/meters/{meter}/reading", ReadingsApi.TakeReadingAsync).Guard("device.reading");
        app.MapPost("/rpc", RpcRelay.RelayAsync).Guard("rpc");
    }
}
