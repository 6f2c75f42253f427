using System.Globalization;
using Busbar.Node.Api;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Access;

/// <summary>
/// Why something of accounts and sessions was refused: a stable code, a sentence for people, and how long to wait if that helps.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Detail">What was wrong and what to do; never a secret.</param>
internal sealed partial record AccessRefused(int Status, string Code, string Detail) : IResult
{
    /// <summary>How long to wait before the same can succeed; null when waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static AccessRefused InvalidField(string field, string rule) =>
        new(StatusCodes.Status400BadRequest, "InvalidField", $"{field}: {rule}");

    public static AccessRefused TooManyTries(TimeSpan wait) =>
        new(StatusCodes.Status429TooManyRequests, "TooManyTries", $"too many tries; wait {Seconds(wait)} s and try again")
        {
            RetryAfter = wait,
        };

    public static AccessRefused Busy() =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            "Busy",
            "too many people sign in at this moment; nothing was done, try again in some seconds")
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };

    public static AccessRefused Full(string what) =>
        new(StatusCodes.Status503ServiceUnavailable, "Full", $"this node holds no more {what}; its operator must make room");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (RetryAfter is { } wait)
            httpContext.Response.Headers.RetryAfter = Seconds(wait);
        return Problems.Problem(Status, Code, Detail).ExecuteAsync(httpContext);
    }

    private static string Seconds(TimeSpan wait) => Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
