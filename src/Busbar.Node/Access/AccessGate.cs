using System.Security.Cryptography;
using System.Text;
using Busbar.Domain.Access;
using Busbar.Node.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Busbar.Node.Access;

/// <summary>The one place where it is decided whether a request reaches its handler.</summary>
internal static class AccessGate
{
    private const string CsrfHeader = "X-Busbar-Csrf";

    /// <summary>Names the row of the table that guards an endpoint.</summary>
    public static TBuilder Guard<TBuilder>(this TBuilder endpoint, string name)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(AccessTable.Rows.TryGetValue(name, out var row)
            ? row
            : throw new InvalidOperationException($"the access table has no row {name}"));

    public static async Task RequireAsync(HttpContext context, RequestDelegate next, ICallerSource callers)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            await next(context);
            return;
        }

        if (endpoint.Metadata.GetMetadata<AccessRow>() is not { } row)
        {
            await Unguarded(endpoint).ExecuteAsync(context);
            return;
        }

        var (caller, session) = await callers.OfAsync(context, context.RequestAborted);
        var grant = row.For(caller);
        if (Refusal(context.Request, caller, session, grant, row.IgnoresSession) is { } refused)
        {
            await refused.ExecuteAsync(context);
            return;
        }

        context.Features.Set(new RequestAccess(caller, grant, session, row.Guest == Grant.None ? caller.Held : caller.Premises));
        await next(context);
    }

    private static IResult? Refusal(HttpRequest request, Caller caller, SessionHandle? session, Grant grant, bool ignoresSession)
    {
        if (grant == Grant.None)
        {
            return caller.Is(Role.Account)
                ? Problems.Problem(StatusCodes.Status403Forbidden, "NotAllowed", "your roles do not allow this")
                : Problems.Problem(StatusCodes.Status401Unauthorized, "SignInFirst", "sign in first");
        }

        if (ignoresSession || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return null;
        // A browser says where a request comes from; a page of somebody else's may not act with its reader's cookie.
        if (IsForeign(request))
            return Problems.Problem(StatusCodes.Status403Forbidden, "ForeignOrigin", "this request comes from another site's page");
        return session is null || IsToken(request.Headers[CsrfHeader], session.Csrf)
            ? null
            : Problems.Problem(
                StatusCodes.Status403Forbidden,
                "CsrfToken",
                $"the header {CsrfHeader} is missing or wrong; read it from /api/v1/session");
    }

    // An address that is there, asked in a way that it has not, comes as an endpoint of the router's own that is called after its status.
    private static IResult Unguarded(Endpoint endpoint) => endpoint.DisplayName switch
    {
        ['4', '0', '5', ' ', ..] when endpoint is not RouteEndpoint =>
            Problems.Problem(StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", "this address does not take this method"),
        ['4', '1', '5', ' ', ..] when endpoint is not RouteEndpoint =>
            Problems.Problem(StatusCodes.Status415UnsupportedMediaType, "NotJson", "the body must be application/json"),
        _ => Problems.NotFound("no such address"),
    };

    private static bool IsForeign(HttpRequest request)
    {
        // No browser says either twice; who does is held to each of them.
        if (request.Headers["Sec-Fetch-Site"].Any(site => site is not (null or "same-origin" or "none")))
            return true;
        var own = $"{request.Scheme}://{request.Host}";
        return request.Headers.Origin.Any(origin => origin is not null && !string.Equals(origin, own, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsToken(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
