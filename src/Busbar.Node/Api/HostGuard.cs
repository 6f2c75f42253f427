using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Api;

/// <summary>
/// Answers only requests that name this machine. A page from elsewhere could otherwise have its own name resolve to the
/// loopback address and read the node through the reader's browser (DNS rebinding).
/// </summary>
internal static class HostGuard
{
    public static Task RequireLocalAsync(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host;
        if (host is "localhost" or "127.0.0.1" or "[::1]" or "::1")
            return next(context);
        return Problems.Problem(StatusCodes.Status421MisdirectedRequest, "WrongHost", $"this node answers as localhost, not as {host}")
            .ExecuteAsync(context);
    }
}
