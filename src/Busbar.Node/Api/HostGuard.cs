using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Api;

/// <summary>
/// Answers only requests that name this node. A page from elsewhere could otherwise have its own name resolve to the node's address
/// and read it through the reader's browser (DNS rebinding). To other machines everything but what they need to trust the node, and
/// devices' readings, goes by HTTPS.
/// </summary>
internal sealed class HostGuard(HttpsOptions? https)
{
    private const string DeviceReadings = "/api/v1/meters";
    private const string Trust = "/trust";

    private readonly FrozenSet<string> _hosts = (https?.Hosts ?? []).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public Task RequireAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var host = request.Host.Host.Trim('[', ']');
        if (host is "localhost" or "127.0.0.1" or "::1")
            return next(context);
        if (!_hosts.Contains(host))
        {
            var known = _hosts.Count > 0 ? string.Join(", ", _hosts) : "localhost";
            return Problems.Problem(StatusCodes.Status421MisdirectedRequest, "WrongHost", $"this node answers as {known}, not as {host}")
                .ExecuteAsync(context);
        }

        if (request.IsHttps || request.Path.StartsWithSegments(Trust, StringComparison.Ordinal) || (HttpMethods.IsPost(request.Method) && request.Path.StartsWithSegments(DeviceReadings, StringComparison.Ordinal)))
            return next(context);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return Problems.Problem(StatusCodes.Status403Forbidden, "NotByHttp", "use HTTPS: what is sent by plain HTTP can be read on its way").ExecuteAsync(context);
        context.Response.Redirect($"{AddressOf(host)}{request.Path}{request.QueryString}");
        return Task.CompletedTask;
    }

    /// <summary>The port that HTTPS really has.</summary>
    public int HttpsPort { get; set; } = https?.Port ?? 0;

    /// <summary>Where the page is under one of the node's names.</summary>
    public string AddressOf(string host) => new UriBuilder("https", host, HttpsPort).Uri.GetLeftPart(UriPartial.Authority);
}
