using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Busbar.Node.Api.Describing;

/// <summary>The OpenAPI 3.1 document of the API, made from the code; <c>docs/openapi.json</c> is its committed copy.</summary>
internal static class ApiDocument
{
    public static void Describe(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        // Two rooms of the node may name a thing alike; in the document its name is its own.
        options.CreateSchemaReferenceId = type => type.Type switch
        {
            { } one when one == typeof(JsonElement) => null,
            { Namespace: var room } when room == typeof(Ledger.Proofs.ProofDocument).Namespace => "Interval" + type.Type.Name,
            _ => OpenApiOptions.CreateDefaultSchemaReferenceId(type),
        };
        options.AddSchemaTransformer(SchemaForms.RefineAsync);
        options.AddOperationTransformer(ApiOperations.RefineAsync);
        options.AddDocumentTransformer(async (document, context, cancellation) =>
        {
            document.Info = new()
            {
                Title = "Busbar",
                Version = "1",
                Description = "The node of a community. Energies are decimal strings in milliwatt-hours, powers numbers in watts (import positive), "
                    + "instants ISO 8601 in UTC. Refusals are problem details with a stable code. docs/api.md tells who may ask for what.",
                License = new() { Name = "Apache-2.0", Identifier = "Apache-2.0" },
            };
            // Where the node is reached is the reader's to know, and the document must not change with it.
            document.Servers = [];
            document.AddComponent(ProblemSchema.Name, ProblemSchema.Make());
            document.AddComponent(nameof(LineProblem), await context.GetOrCreateSchemaAsync(typeof(LineProblem), null, cancellation));
            document.AddComponent(LiveEvents.Name, LiveEvents.Make(document));
            foreach (var (name, schema) in RpcSchemas.Make())
                document.AddComponent(name, schema);
        });
    }
}
