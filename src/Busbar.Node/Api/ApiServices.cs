using System.Text.Json;
using System.Text.Json.Serialization;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Busbar.Node.Api;

/// <summary>How the API reads bodies, tells refusals and describes itself, whatever node is behind it.</summary>
internal static class ApiServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Explain);
        services.AddOpenApi("v1", ApiDocument.Describe);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.MaxDepth = 16;
        });
    }

    // What no handler explained: the code is still there, and what was wrong with a request is told.
    private static void Explain(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Extensions.TryAdd("code", Problems.CodeOf(context.HttpContext.Response.StatusCode));
        problem.Extensions.Remove("traceId");
        if (context.Exception is BadHttpRequestException bad)
            problem.Detail = bad.InnerException is JsonException json ? Access.Bodies.Body.Malformed(json) : bad.Message;
    }
}
