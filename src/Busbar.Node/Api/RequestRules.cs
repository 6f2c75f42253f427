using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Api;

/// <summary>What holds for every request, before it is known what it asks for.</summary>
internal static class RequestRules
{
    public static Task RequireAsync(HttpContext context, RequestDelegate next)
    {
        // Nothing is negotiated here: a refusal is a problem document, whatever else its reader would rather have.
        context.Request.Headers.Accept = default;
        return IsOtherCharset(context.Request.ContentType)
            ? Problems.Problem(StatusCodes.Status415UnsupportedMediaType, "NotJson", "the body must be application/json in UTF-8").ExecuteAsync(context)
            : next(context);
    }

    // JSON between programs is UTF-8 (RFC 8259, 8.1).
    private static bool IsOtherCharset(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.CharSet is { } charset
        && !string.Equals(charset.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase);
}
