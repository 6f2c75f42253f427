using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Api;

/// <summary>Refusals over HTTP: problem details (RFC 9457) with a stable code.</summary>
internal static class Problems
{
    public static IResult Problem(int status, string code, string detail) => Results.Problem(
        detail: detail,
        statusCode: status,
        type: $"urn:busbar:problem:{code}",
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code });

    public static IResult NotFound(string detail) => Problem(StatusCodes.Status404NotFound, "NotFound", detail);

    public static IResult BadRequest(string detail) => Problem(StatusCodes.Status400BadRequest, "BadRequest", detail);
}
