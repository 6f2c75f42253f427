using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Api;

/// <summary>
/// Answers of GET with an entity tag (RFC 9110, 8.8.3) made from their bytes, so that a page that asks again for what it has
/// is told so in one line. What is one caller's is for no shared cache.
/// </summary>
internal sealed class TaggedJson : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        var http = context.HttpContext;
        if (!HttpMethods.IsGet(http.Request.Method))
            return result;
        var inner = result is INestedHttpResult nested ? nested.Result : result;
        return inner switch
        {
            IValueHttpResult { Value: { } value } when inner is not IStatusCodeHttpResult { StatusCode: not StatusCodes.Status200OK }
                => new Answer(value),
            IResult or null => result,
            _ => new Answer(inner),
        };
    }

    private sealed class Answer(object value) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), JsonSerializerOptions.Web);
            var response = httpContext.Response;
            if (response.Headers.CacheControl == "no-store")
            {
                // What holds a secret is kept nowhere, so nobody asks for it by its tag.
                await WriteAsync(httpContext, bytes);
                return;
            }

            var tag = $"\"{Base64Url.EncodeToString(SHA256.HashData(bytes).AsSpan(0, 15))}\"";
            response.Headers.ETag = tag;
            response.Headers.CacheControl = "private, no-cache";
            if (httpContext.Request.Headers.IfNoneMatch.Any(given => given is not null && given.Split(',').Any(one => IsSame(one, tag))))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            await WriteAsync(httpContext, bytes);
        }

        private static Task WriteAsync(HttpContext context, byte[] bytes)
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = bytes.Length;
            return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
        }

        // Weak comparison, as If-None-Match wants it.
        private static bool IsSame(string given, string tag) => given.Trim() is var trimmed
            && (trimmed == "*" || string.Equals(trimmed.StartsWith("W/", StringComparison.Ordinal) ? trimmed[2..] : trimmed, tag, StringComparison.Ordinal));
    }
}
