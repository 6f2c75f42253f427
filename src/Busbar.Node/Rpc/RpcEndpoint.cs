using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Busbar.Node.Rpc;

/// <summary>JSON-RPC over HTTP: the only way from outside to the chain.</summary>
internal static class RpcEndpoint
{
    public static async Task AnswerAsync(NodeParts parts, HttpContext context, CancellationToken cancellation)
    {
        var server = parts.Rpc!;
        var caller = context.Connection.RemoteIpAddress ?? IPAddress.None;

        // A page from elsewhere can post plain text without asking, but not this.
        if (!context.Request.HasJsonContentType())
            await WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, WrongType());
        else if (!server.Rate.TryTake(caller, 1, out var wait))
            await RefuseAsync(context, wait);
        else if (await ReadAsync(context, cancellation) is { } body)
            await WriteAsync(context, StatusCodes.Status200OK, await server.AnswerAsync(body, caller, cancellation));
        else
            await WriteAsync(context, StatusCodes.Status413PayloadTooLarge, TooLarge());
    }

    private static ReadOnlyMemory<byte> WrongType() =>
        RpcServer.Refuse("WrongContentType", RpcCodes.InvalidRequest, "the content type is application/json");

    private static ReadOnlyMemory<byte> TooLarge() =>
        RpcServer.Refuse("Oversized", RpcCodes.InvalidRequest, $"a request or batch has at most {RpcServer.MostBytes / 1024} KiB");

    private static Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var answer = RpcServer.Refuse("TooManyRequests", RpcCodes.LimitReached, RpcServer.TooMany(wait));
        return WriteAsync(context, StatusCodes.Status429TooManyRequests, answer);
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, CancellationToken cancellation)
    {
        if (context.Request.ContentLength > RpcServer.MostBytes)
            return null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = RpcServer.MostBytes + 1;
        var body = new byte[(int)(context.Request.ContentLength ?? RpcServer.MostBytes) + 1];
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
            return length > RpcServer.MostBytes ? null : body.AsMemory(0, length);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }
}
