using Busbar.Node.Rpc;
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

    public static void Map(WebApplication app, string? webRoot)
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

        var api = app.MapGroup("/api/v1");
        api.MapGet("/community", CommunityApi.Community);
        api.MapGet("/houses", CommunityApi.Houses);
        api.MapGet("/live", LiveStream.RunAsync);
        api.MapGet("/blocks", LedgerApi.BlocksAsync);
        api.MapGet("/anchors", LedgerApi.AnchorsAsync);
        api.MapGet("/meters/{meter}/readings", ReadingsApi.ReadingsAsync);
        api.MapGet("/proofs/{meter}/{start:long}", ReadingsApi.ProofAsync);
        api.MapPost("/meters/{meter}/reading", ReadingsApi.TakeReadingAsync);
        app.MapPost("/rpc", RpcEndpoint.AnswerAsync);
    }
}
