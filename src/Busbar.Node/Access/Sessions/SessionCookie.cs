using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access.Sessions;

/// <summary>
/// The cookie that holds a session's secret. Over HTTPS its name has the prefix by which browsers promise that no other host and no
/// plain connection set it.
/// </summary>
internal static class SessionCookie
{
    private const string Name = "busbar-session";
    private const string SecureName = "__Host-" + Name;

    public static string? Read(HttpRequest request) => request.Cookies[NameFor(request)];

    public static void Write(HttpContext context, string secret, TimeSpan life) =>
        context.Response.Cookies.Append(NameFor(context.Request), secret, Options(context.Request, life));

    public static void Delete(HttpContext context) =>
        context.Response.Cookies.Append(NameFor(context.Request), "", Options(context.Request, TimeSpan.Zero));

    private static string NameFor(HttpRequest request) => request.IsHttps ? SecureName : Name;

    // An age, not a date: the browser's clock may be another one.
    private static CookieOptions Options(HttpRequest request, TimeSpan life) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps,
        Path = "/",
        MaxAge = life,
        IsEssential = true,
    };
}
