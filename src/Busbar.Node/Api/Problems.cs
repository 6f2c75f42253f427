using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Busbar.Node.Api;

/// <summary>Refusals over HTTP: problem details (RFC 9457) with a stable code.</summary>
internal static class Problems
{
    public static ProblemHttpResult Problem(int status, string code, string detail) =>
        Make(status, detail, new(StringComparer.Ordinal) { ["code"] = ProblemCodes.Checked(status, code) });

    /// <summary>A list was refused: what is wrong is told by line.</summary>
    public static ProblemHttpResult Problem(int status, string code, string detail, IReadOnlyList<LineProblem> problems) =>
        Make(status, detail, new(StringComparer.Ordinal) { ["code"] = ProblemCodes.Checked(status, code), ["problems"] = problems });

    public static ProblemHttpResult NotFound(string detail) => Problem(StatusCodes.Status404NotFound, "NotFound", detail);

    public static ProblemHttpResult BadRequest(string detail) => Problem(StatusCodes.Status400BadRequest, "BadRequest", detail);

    private static ProblemHttpResult Make(int status, string detail, Dictionary<string, object?> members) => TypedResults.Problem(
        detail: detail, statusCode: status, type: $"urn:busbar:problem:{members["code"]}", extensions: members);

    /// <summary>The code of a status that no handler explained.</summary>
    public static string CodeOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "BadRequest",
        StatusCodes.Status404NotFound => "NotFound",
        StatusCodes.Status405MethodNotAllowed => "MethodNotAllowed",
        StatusCodes.Status408RequestTimeout => "TooSlow",
        StatusCodes.Status413PayloadTooLarge => "Oversized",
        StatusCodes.Status415UnsupportedMediaType => "NotJson",
        _ when status >= StatusCodes.Status500InternalServerError => "NodeFault",
        _ => "Refused",
    };
}
