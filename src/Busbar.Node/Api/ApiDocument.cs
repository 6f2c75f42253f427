using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Busbar.Node.Api;

/// <summary>The OpenAPI 3.1 document of the API, made from the code.</summary>
internal static class ApiDocument
{
    public static void Describe(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
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
            return Task.CompletedTask;
        });
    }
}
