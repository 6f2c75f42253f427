using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Busbar.Node.Api.Describing;

/// <summary>Says of every text in a schema what it looks like, of every closed set what is in it, and what a form must have.</summary>
internal static class SchemaForms
{
    public static Task RefineAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonTypeInfo;
        if (type.Type == typeof(JsonElement))
        {
            // What a browser or a wallet's library makes and reads itself; its own standard describes it.
            schema.Type = JsonSchemaType.Object;
            schema.AdditionalPropertiesAllowed = true;
        }

        if (type.Kind != JsonTypeInfoKind.Object || schema.Properties is null)
            return Task.CompletedTask;
        foreach (var member in type.Properties)
        {
            if (schema.Properties.TryGetValue(member.Name, out var found) && found is OpenApiSchema property)
                Refine(schema, property, type.Type.Name, member);
        }

        return Task.CompletedTask;
    }

    private static void Refine(OpenApiSchema owner, OpenApiSchema property, string ownerName, JsonPropertyInfo member)
    {
        if (Attribute<RequiredAttribute>(member) is not null)
        {
            owner.Required ??= new HashSet<string>(StringComparer.Ordinal);
            owner.Required.Add(member.Name);
            property.Type &= ~JsonSchemaType.Null;
            if (property.OneOf is [_, OpenApiSchema only] && property.OneOf[0] is OpenApiSchema { Type: JsonSchemaType.Null })
                Replace(property, only);
        }

        if (Attribute<RangeAttribute>(member) is { } range)
        {
            property.Minimum = Convert.ToString(range.Minimum, System.Globalization.CultureInfo.InvariantCulture);
            property.Maximum = Convert.ToString(range.Maximum, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Attribute<LengthAttribute>(member) is { } length)
            (property.MinLength, property.MaxLength) = (length.MinimumLength, length.MaximumLength);
        var text = property.Type is { } type && type.HasFlag(JsonSchemaType.Array) ? property.Items as OpenApiSchema : property;
        if (text?.Type?.HasFlag(JsonSchemaType.String) != true)
            return;
        if (Attribute<OneOfAttribute>(member) is { } set)
        {
            text.Enum = Values(set, text.Type.Value.HasFlag(JsonSchemaType.Null));
            return;
        }

        var form = TextForm.Of(ownerName, member.Name);
        (text.Format, text.Pattern) = (form.Name, form.Pattern);
    }

    public static List<JsonNode> Values(OneOfAttribute set, bool isNullable) =>
        [.. set.Values.Select(value => JsonValue.Create(value)), .. isNullable ? [JsonNullSentinel.JsonNull] : Array.Empty<JsonNode>()];

    private static void Replace(OpenApiSchema property, OpenApiSchema only)
    {
        property.OneOf = null;
        (property.Type, property.Properties, property.Required, property.Metadata) = (only.Type, only.Properties, only.Required, only.Metadata);
        (property.AdditionalPropertiesAllowed, property.Description) = (only.AdditionalPropertiesAllowed, property.Description ?? only.Description);
    }

    // A record's constructor parameter and its property are one member; what is said of either counts.
    private static T? Attribute<T>(JsonPropertyInfo member)
        where T : Attribute =>
        member.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault()
        ?? member.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();
}
