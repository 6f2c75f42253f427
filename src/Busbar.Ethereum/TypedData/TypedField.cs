using System.Text.Json;

namespace Busbar.Ethereum.TypedData;

/// <summary>A field of a type that people sign.</summary>
internal sealed record TypedField(string Name, string Type)
{
    public static IReadOnlyList<TypedField> ReadAll(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? [.. json.EnumerateArray().Select(f => new TypedField(Text(f, "name"), Text(f, "type")))]
        : throw new FormatException("a type is no list of fields");

    private static string Text(JsonElement field, string name) =>
        TypedEncoder.Member(field, name) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!
            : throw new FormatException($"a field's {name} is no text");
}
