using System.Text.Json.Nodes;
using Busbar.Node.Rpc;
using Microsoft.OpenApi;

namespace Busbar.Node.Api.Describing;

/// <summary>JSON-RPC 2.0 in the document: a request or a batch, and their answers.</summary>
internal static class RpcSchemas
{
    public static IEnumerable<(string Name, OpenApiSchema Schema)> Make()
    {
        yield return ("RpcRequest", Object(
            "A request of JSON-RPC 2.0.",
            ["jsonrpc", "method"],
            ("jsonrpc", Version()),
            ("id", Id()),
            ("method", Text("One that a wallet needs; all others are refused.")),
            ("params", new OpenApiSchema { Type = JsonSchemaType.Array | JsonSchemaType.Object, Description = "As the method wants them." })));
        yield return ("RpcAnswer", Object(
            "An answer of JSON-RPC 2.0: it has result or error.",
            ["jsonrpc", "id"],
            ("jsonrpc", Version()),
            ("id", Id()),
            ("result", new OpenApiSchema { Description = "As the method gives it." }),
            ("error", new OpenApiSchemaReference("RpcError"))));
        yield return ("RpcError", Object(
            "Why a request of JSON-RPC was not carried out.",
            ["code", "message", "data"],
            ("code", new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" }),
            ("message", Text("What happened, for people.")),
            ("data", Object("Its name, and of a revert the contract's error with its values.", ["name"], ("name", Text("Names the refusal, for programs."))))));
    }

    /// <summary>Fills in the operation of <c>/rpc</c>.</summary>
    public static void Complete(OpenApiOperation operation, OpenApiDocument document)
    {
        var example = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "eth_chainId", ["params"] = new JsonArray() };
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["result"] = "0x89e7" };
        var refusal = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = null,
            ["error"] = new JsonObject
            {
                ["code"] = RpcCodes.InvalidRequest,
                ["message"] = "the content type is application/json",
                ["data"] = new JsonObject { ["name"] = "WrongContentType" },
            },
        };
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content(OneOrMany("RpcRequest", document), example) };
        operation.Responses = new()
        {
            ["200"] = new OpenApiResponse
            {
                Description = "An answer to each request, in order; a refused one has an error.",
                Content = Content(OneOrMany("RpcAnswer", document), answer),
            },
        };
        foreach (var (status, text) in new[] { ("413", "The batch is too large."), ("415", "The body is not JSON."), ("429", "Too many requests from one address.") })
        {
            operation.Responses[status] = new OpenApiResponse
            {
                Description = text,
                Content = Content(new OpenApiSchemaReference("RpcAnswer", document), refusal.DeepClone()),
            };
        }
    }

    private static Dictionary<string, OpenApiMediaType> Content(IOpenApiSchema schema, JsonNode example) =>
        new(StringComparer.Ordinal) { ["application/json"] = new() { Schema = schema, Example = example } };

    private static OpenApiSchema OneOrMany(string name, OpenApiDocument document) => new()
    {
        OneOf =
        [
            new OpenApiSchemaReference(name, document),
            new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchemaReference(name, document),
                MinItems = 1,
                MaxItems = RpcServer.MostElements,
            },
        ],
    };

    private static OpenApiSchema Object(string description, string[] required, params (string Name, IOpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Required = required.ToHashSet(StringComparer.Ordinal),
        Properties = members.ToDictionary(member => member.Name, member => member.Schema, StringComparer.Ordinal),
    };

    private static OpenApiSchema Version() => new() { Type = JsonSchemaType.String, Enum = [JsonValue.Create("2.0")] };

    private static OpenApiSchema Id() => new() { Type = JsonSchemaType.String | JsonSchemaType.Integer | JsonSchemaType.Null };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
