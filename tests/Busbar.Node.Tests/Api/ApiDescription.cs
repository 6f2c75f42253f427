using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Busbar.Node.Tests.Api;

/// <summary>An OpenAPI document to hold examples and answers against: as much of JSON Schema as this API uses, and an error at all else.</summary>
internal sealed class ApiDescription(JsonNode document)
{
    private static readonly HashSet<string> Judged =
    [
        "type", "enum", "required", "properties", "additionalProperties", "items", "oneOf", "allOf", "$ref", "pattern", "minLength", "maxLength",
        "minimum", "maximum", "minItems", "maxItems",
    ];

    private static readonly HashSet<string> Told = ["description", "format", "example", "title", "default"];

    public JsonNode Document => document;

    /// <summary>Every operation with its address and method.</summary>
    public IEnumerable<(string Path, string Method, JsonObject Operation)> Operations() =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value!.AsObject());

    /// <summary>The operation that a request meets; null when none does.</summary>
    public JsonObject? Find(string method, string path) =>
        (from one in Operations()
         where string.Equals(one.Method, method, StringComparison.OrdinalIgnoreCase)
         let pattern = "^" + Regex.Replace(Regex.Escape(one.Path), @"\\\{[^}]+}", "[^/]+", RegexOptions.None, TimeSpan.FromSeconds(1)) + "$"
         where Regex.IsMatch(path, pattern, RegexOptions.None, TimeSpan.FromSeconds(1))
         orderby one.Path.Contains('{', StringComparison.Ordinal)
         select one.Operation).FirstOrDefault();

    /// <summary>An answer of an operation, wherever it stands; null when nothing is told of the status.</summary>
    public JsonObject? Response(JsonObject operation, string status) => operation["responses"]![status] is not JsonObject told ? null
        : told["$ref"]?.GetValue<string>() is { } reference
            ? document["components"]!["responses"]![reference["#/components/responses/".Length..]]!.AsObject()
            : told;

    /// <summary>What of a value is not as the schema says, each with its place.</summary>
    public IEnumerable<string> Faults(JsonNode? value, JsonNode schema, string at = "$")
    {
        var rules = schema.AsObject();
        if (rules["$ref"]?.GetValue<string>() is { } reference)
            return Faults(value, document["components"]!["schemas"]![reference["#/components/schemas/".Length..]]!, at);
        var unknown = rules.Select(rule => rule.Key).Where(name => !Judged.Contains(name) && !Told.Contains(name)).ToList();
        if (unknown.Count > 0)
            return [$"{at}: nobody here knows how to judge {string.Join(' ', unknown)}"];
        if (rules["allOf"] is { } all)
            return all.AsArray().SelectMany(one => Faults(value, one!, at));
        if (rules["oneOf"] is { } any)
            return any.AsArray().Count(one => !Faults(value, one!, at).Any()) == 1 ? [] : [$"{at}: {Short(value)} is not exactly one of the schemas"];
        if (rules["enum"] is { } set && !set.AsArray().Any(one => JsonNode.DeepEquals(one, value)))
            return [$"{at}: {Short(value)} is not in {set.ToJsonString()}"];
        if (rules["type"] is { } type && !Types(type).Contains(TypeOf(value), StringComparer.Ordinal)
            && !(TypeOf(value) == "integer" && Types(type).Contains("number", StringComparer.Ordinal)))
            return [$"{at}: {Short(value)} is not {type.ToJsonString()}"];
        return value switch
        {
            JsonObject members => OfObject(members, rules, at),
            JsonArray items => OfArray(items, rules, at),
            JsonValue one => OfValue(one, rules, at),
            _ => [],
        };
    }

    private IEnumerable<string> OfObject(JsonObject members, JsonObject rules, string at)
    {
        foreach (var name in rules["required"]?.AsArray().Select(one => one!.GetValue<string>()).Where(name => !members.ContainsKey(name)) ?? [])
            yield return $"{at}: {name} is missing";
        foreach (var (name, member) in members)
        {
            if (rules["properties"]?[name] is { } property)
            {
                foreach (var fault in Faults(member, property, $"{at}.{name}"))
                    yield return fault;
            }
            else if (rules["additionalProperties"] is JsonValue no && !no.GetValue<bool>())
                yield return $"{at}: nobody told of {name}";
        }
    }

    private IEnumerable<string> OfArray(JsonArray items, JsonObject rules, string at)
    {
        if (items.Count < (rules["minItems"]?.GetValue<int>() ?? 0) || items.Count > (rules["maxItems"]?.GetValue<int>() ?? int.MaxValue))
            yield return $"{at}: {items.Count} items";
        for (var place = 0; place < items.Count && rules["items"] is not null; place++)
        {
            foreach (var fault in Faults(items[place], rules["items"]!, $"{at}[{place}]"))
                yield return fault;
        }
    }

    private static IEnumerable<string> OfValue(JsonValue value, JsonObject rules, string at)
    {
        if (value.TryGetValue<string>(out var text))
        {
            if (rules["pattern"]?.GetValue<string>() is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
                yield return $"{at}: {Short(value)} does not match {pattern}";
            if (text.Length < (rules["minLength"]?.GetValue<int>() ?? 0) || text.Length > (rules["maxLength"]?.GetValue<int>() ?? int.MaxValue))
                yield return $"{at}: {text.Length} characters";
        }
        else if (value.GetValueKind() == System.Text.Json.JsonValueKind.Number)
        {
            var number = double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
            if (number < Bound(rules["minimum"], double.MinValue) || number > Bound(rules["maximum"], double.MaxValue))
                yield return $"{at}: {number} is out of its range";
        }
    }

    private static double Bound(JsonNode? bound, double otherwise) =>
        bound is null ? otherwise : double.Parse(bound.ToJsonString(), CultureInfo.InvariantCulture);

    private static string[] Types(JsonNode type) =>
        type is JsonArray several ? [.. several.Select(one => one!.GetValue<string>())] : [type.GetValue<string>()];

    private static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => value.ToJsonString().IndexOfAny(['.', 'e', 'E']) < 0 ? "integer" : "number",
            System.Text.Json.JsonValueKind.Null => "null",
            _ => "boolean",
        },
    };

    private static string Short(JsonNode? value) => value?.ToJsonString() is { } text ? text[..Math.Min(text.Length, 120)] : "null";
}
