using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Busbar.Node.Api.Describing;

/// <summary>What the parameters of addresses and queries mean: a name means the same everywhere.</summary>
internal static class ParameterForms
{
    private static readonly FrozenDictionary<string, (string Text, JsonNode Example)> Known = new Dictionary<string, (string, JsonNode)>(StringComparer.Ordinal)
    {
        ["meter"] = ("The meter's address.", Sample.Meter),
        ["microgrid"] = ("The microgrid's number; 1 when not told.", 1),
        ["cursor"] = ("The next of the page before; the list begins at its newest when not told.", ""),
        ["limit"] = ("The most rows that are wanted; what is above the greatest is taken as that.", 20),
        ["start"] = ("The interval's first instant.", Sample.Start),
        ["version"] = ("The version of the closed interval; the newest when not told.", 1),
        ["premises"] = ("The id of premises: the sum of all its meters.", Sample.Premises),
        ["from"] = ("The first instant of the span (RFC 3339).", Sample.Day),
        ["to"] = ("The first instant after the span (RFC 3339).", Sample.NextDay),
        ["step"] = ("How long a row is.", "hour"),
        ["by"] = ("What places are.", "district"),
        ["block"] = ("Only the transactions of this block.", 41),
        ["address"] = ("An account or a contract.", Sample.Account),
        ["hash"] = ("The transaction's hash.", Sample.Transaction),
        ["q"] = ("A block's number, a hash or an address.", "41"),
        ["than"] = ("The newest block that the reader has.", 40),
        ["reason"] = ("Which trip is taken back.", "safety"),
        ["whose"] = ("all or own.", "all"),
        ["order"] = ("What comes first.", "price"),
        ["maxPriceWei"] = ("The greatest price of a kWh.", "110000000000000000"),
        ["leastMwh"] = ("The least energy.", "1000"),
        ["energyMwh"] = ("How much.", "4000000"),
        ["priceWei"] = ("The price of a kWh.", "100000000000000000"),
        ["until"] = ("The end.", Sample.Later),
        ["stage"] = ("How far it has come.", "open"),
        ["id"] = ("As its list gives it.", ""),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static void Refine(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        foreach (var one in operation.Parameters ?? [])
        {
            if (one is not OpenApiParameter { Name: { } name, Schema: OpenApiSchema schema } parameter)
                continue;
            var (text, example) = Known.TryGetValue(name, out var known)
                ? known
                : throw new InvalidOperationException($"nobody has said what the parameter {name} of {context.Description.RelativePath} means");
            parameter.Description ??= text;
            if (example is JsonValue value && value.ToString().Length > 0 && Fits(value, schema))
                parameter.Example = example.DeepClone();
            if (schema.Type?.HasFlag(JsonSchemaType.String) == true)
                Shape(name, parameter, schema, context.Description.RelativePath!);
            if (name == "limit")
                schema.Minimum = "1";
        }

        // The entity tag of what the reader has: a plain 304 when nothing changed.
        if (HttpMethods.IsGet(context.Description.HttpMethod!) && operation.Responses?.TryGetValue("200", out var found) == true
            && found is OpenApiResponse { Content: { } content } answer && content.ContainsKey("application/json")
            && !context.Description.ActionDescriptor.EndpointMetadata.OfType<Untagged>().Any())
        {
            answer.Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
            {
                ["ETag"] = new OpenApiHeader { Description = "Made from the answer's bytes.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            };
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = "If-None-Match",
                In = ParameterLocation.Header,
                Description = "The entity tags of what the reader has.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
            operation.Responses["304"] = new OpenApiResponse { Description = "What the reader has is still so." };
        }
    }

    private static bool Fits(JsonValue value, OpenApiSchema schema) =>
        schema.Type?.HasFlag(value.GetValueKind() == System.Text.Json.JsonValueKind.Number ? JsonSchemaType.Integer : JsonSchemaType.String) == true;

    private static void Shape(string name, OpenApiParameter parameter, OpenApiSchema schema, string path)
    {
        var (isHistory, isMarket) = (path.Contains("/history", StringComparison.Ordinal), path.Contains("/market/", StringComparison.Ordinal));
        (schema.Format, schema.Pattern) = name switch
        {
            "meter" or "address" => (TextForm.Address.Name, TextForm.Address.Pattern),
            "premises" or "hash" => (TextForm.Hash.Name, TextForm.Hash.Pattern),
            "start" or "from" or "to" or "until" => ("date-time", null),
            "energyMwh" or "leastMwh" => (TextForm.Energy.Name, "^(0|[1-9][0-9]*)$"),
            "priceWei" or "maxPriceWei" => (TextForm.Wei.Name, TextForm.Wei.Pattern),
            _ => (null, null),
        };
        schema.Enum = name switch
        {
            "step" when isMarket => ["hour", "day", "week"],
            "whose" => ["all", "own"],
            "order" => ["price", "newest", "ending"],
            "stage" => ["open", "ended"],
            "step" => ["interval", "hour", "day", "month", "year"],
            "by" => ["district", "feeder"],
            "reason" => ["safety", "theft"],
            _ => schema.Enum,
        };
        // What the handler itself refuses when it is missing.
        if (name is "by" or "reason" or "from" or "to" or "energyMwh" or "priceWei" || (name == "step" && (isHistory || isMarket)))
            parameter.Required = true;
    }
}

/// <summary>An answer of GET that is kept nowhere and has no entity tag.</summary>
internal sealed record Untagged;
