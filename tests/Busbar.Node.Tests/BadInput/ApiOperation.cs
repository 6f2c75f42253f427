using System.Text.Json;
using System.Text.Json.Nodes;

namespace Busbar.Node.Tests.BadInput;

/// <summary>An operation as the node's own OpenAPI document tells of it, with a request that is good as far as the document goes.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="InPath">The names of those.</param>
/// <param name="InQuery">The names of the query's parameters.</param>
/// <param name="Body">A body; null where none is wanted.</param>
internal sealed record ApiOperation(string Method, string Path, IReadOnlyList<string> InPath, IReadOnlyList<string> InQuery, JsonNode? Body)
{
    private const int Deepest = 6;

    public static IReadOnlyList<ApiOperation> Read(JsonElement document, IReadOnlyDictionary<string, JsonNode> samples) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where operation.Name is "get" or "post" or "put" or "delete" or "patch"
           let body = operation.Value.TryGetProperty("requestBody", out var asked) && asked.GetProperty("content").TryGetProperty("application/json", out var json)
               ? Sample("", json.GetProperty("schema"), document, samples, 0)
               : null
           select new ApiOperation(operation.Name.ToUpperInvariant(), path.Name, Names(operation.Value, "path"), Names(operation.Value, "query"), body),
    ];

    /// <summary>The body with each of its members in turn replaced by a piece of JSON, which need not be any.</summary>
    public IEnumerable<(string Where, Func<string, string> With)> Members()
    {
        if (Body is null)
            yield break;
        const string place = "here 4c1d";
        foreach (var path in Paths(Body))
        {
            var copy = Body.DeepClone();
            Replace(copy, path, place);
            var text = copy.ToJsonString();
            yield return (string.Join('.', path), token => text.Replace($"\"{place}\"", token, StringComparison.Ordinal));
        }
    }

    private static List<string> Names(JsonElement operation, string place) => operation.TryGetProperty("parameters", out var parameters)
        ? [.. parameters.EnumerateArray().Where(one => one.GetProperty("in").GetString() == place).Select(one => one.GetProperty("name").GetString()!)]
        : [];

    private static JsonNode? Sample(string name, JsonElement schema, JsonElement document, IReadOnlyDictionary<string, JsonNode> samples, int depth)
    {
        if (samples.TryGetValue(name, out var known))
            return known.DeepClone();
        if (schema.TryGetProperty("$ref", out var reference))
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        if (schema.TryGetProperty("oneOf", out var choices))
            return Sample(name, choices.EnumerateArray().Last(), document, samples, depth);
        if (schema.TryGetProperty("properties", out var properties) && depth < Deepest)
            return new JsonObject(properties.EnumerateObject().Select(one => KeyValuePair.Create(one.Name, Sample(one.Name, one.Value, document, samples, depth + 1))));
        if (schema.TryGetProperty("items", out var items))
            return new JsonArray(Sample(name, items, document, samples, depth + 1));
        var types = schema.TryGetProperty("type", out var type) ? type.ToString() : "object";
        return types.Contains("boolean", StringComparison.Ordinal) ? false
            : types.Contains("integer", StringComparison.Ordinal) || types.Contains("number", StringComparison.Ordinal) ? 1
            : types.Contains("string", StringComparison.Ordinal) ? BadValues.Mark
            : new JsonObject();
    }

    private static IEnumerable<IReadOnlyList<string>> Paths(JsonNode? node)
    {
        var parts = node switch
        {
            JsonObject members => members.Select(one => (one.Key, one.Value)),
            JsonArray items => items.Select((one, place) => (Key: place.ToString(System.Globalization.CultureInfo.InvariantCulture), Value: one)),
            _ => [],
        };
        foreach (var (name, value) in parts)
        {
            yield return [name];
            foreach (var deeper in Paths(value))
                yield return [name, .. deeper];
        }
    }

    private static void Replace(JsonNode node, IReadOnlyList<string> path, string value)
    {
        var parent = path.SkipLast(1).Aggregate(node, (at, name) => Step(at, name)!);
        if (parent is JsonArray items)
            items[int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
        else
            parent[path[^1]] = value;
    }

    private static JsonNode? Step(JsonNode node, string name) => node is JsonArray items
        ? items[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]
        : node[name];
}
