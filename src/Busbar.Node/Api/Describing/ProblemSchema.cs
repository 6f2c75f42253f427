using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Busbar.Node.Api.Describing;

/// <summary>Refusals in the document: one schema for all, and at each endpoint the codes that it can answer with.</summary>
internal static class ProblemSchema
{
    public const string Name = "Problem";

    public const string MediaType = "application/problem+json";

    public static OpenApiSchema Make() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Why a request was refused (RFC 9457).",
        Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri" },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The status in words." },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What happened and what to do, for people." },
            ["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Names the refusal, for programs; it does not change.",
                Enum = [.. ProblemCodes.All.Keys.Append("Refused").Order(StringComparer.Ordinal).Select(code => JsonValue.Create(code))],
            },
            ["problems"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = "What is wrong in each line, where a list was refused.",
                Items = new OpenApiSchemaReference(nameof(LineProblem)),
            },
        },
    };

    /// <summary>An answer of a status with the codes that it may have; endpoints that refuse alike share it.</summary>
    public static OpenApiResponseReference Refer(int status, IReadOnlyList<ProblemCode> codes, OpenApiDocument document)
    {
        var name = string.Join('-', codes.Select(one => one.Code).Order(StringComparer.Ordinal));
        if (document.Components?.Responses?.ContainsKey(name) != true)
            document.AddComponent(name, Response(status, codes, document));
        return new(name, document);
    }

    private static OpenApiResponse Response(int status, IReadOnlyList<ProblemCode> codes, OpenApiDocument document) => new()
    {
        Description = string.Join("; ", codes.Select(one => $"`{one.Code}`: {one.Meaning}")) + ".",
        Headers = status is 429 or 503
            ? new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds after which the same may succeed; absent when that is not known.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" },
                },
            }
            : null,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [MediaType] = new()
            {
                Schema = new OpenApiSchema
                {
                    AllOf =
                    [
                        new OpenApiSchemaReference(Name, document),
                        new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object,
                            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                            {
                                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Enum = [JsonValue.Create(status)] },
                                ["code"] = new OpenApiSchema
                                {
                                    Type = JsonSchemaType.String,
                                    Enum = [.. codes.Select(one => JsonValue.Create(one.Code))],
                                },
                            },
                        },
                    ],
                },
                Example = Example(codes[0]),
            },
        },
    };

    private static JsonObject Example(ProblemCode code)
    {
        var example = new JsonObject
        {
            ["type"] = $"urn:busbar:problem:{code.Code}",
            ["title"] = ReasonPhrases.GetReasonPhrase(code.Status),
            ["status"] = code.Status,
            ["detail"] = code.Meaning,
            ["code"] = code.Code,
        };
        if (code.Code == "DirectoryRefused")
            example["problems"] = Examples.Of(typeof(IReadOnlyList<LineProblem>));
        return example;
    }
}
