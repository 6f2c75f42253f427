using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Busbar.Node.Api.Describing;

/// <summary>What is said of an endpoint beside its code.</summary>
internal static class Described
{
    /// <summary>Names an endpoint, says what it does, and by which codes it refuses beyond those that hold for every one of its kind.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string id, string text, params string[] refusals) =>
        endpoint.WithName(id).WithSummary(text).Refuses(refusals);

    /// <summary>By which codes an endpoint refuses beyond those that hold for every one of its kind.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params string[] refusals) =>
        endpoint.WithMetadata(new Refusals([.. refusals.Select(code => ProblemCodes.All[code])]));
}

/// <summary>Refusals of one endpoint.</summary>
internal sealed record Refusals(IReadOnlyList<ProblemCode> Codes);
