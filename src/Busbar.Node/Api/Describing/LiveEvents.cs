using Microsoft.OpenApi;

namespace Busbar.Node.Api.Describing;

/// <summary>What the events of the live stream carry, by their names.</summary>
internal static class LiveEvents
{
    public const string Name = nameof(LiveEvents);

    private static readonly (string Event, string Text, string? Payload)[] Events =
    [
        ("now", "The community's sums.", nameof(NowDocument)),
        ("houses", "The houses that the caller may see.", nameof(HouseNow)),
        ("devices", "The devices that the caller may see and that changed since the last event.", nameof(DeviceDocument)),
        ("block", "A new block.", nameof(BlockRow)),
        ("anchor", "A version of a closed interval that was anchored, waits or failed.", nameof(AnchorRow)),
        ("reset", "The reader was away for too long, and asks for its lists again.", null),
        ("session", "The caller's rights have changed: the stream ends, and the page asks who it is now.", null),
    ];

    public static OpenApiSchema Make(OpenApiDocument document) => new()
    {
        Type = JsonSchemaType.Object,
        Description = "What the events of the live stream carry, by their names. No event carries them all; this is a table of types.",
        Required = Events.Select(one => one.Event).ToHashSet(StringComparer.Ordinal),
        Properties = Events.ToDictionary(one => one.Event, one => Payload(one.Payload, one.Event is "houses" or "devices", one.Text, document), StringComparer.Ordinal),
    };

    private static IOpenApiSchema Payload(string? name, bool isList, string text, OpenApiDocument document)
    {
        if (name is null)
            return new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalPropertiesAllowed = false, Description = text };
        var one = new OpenApiSchemaReference(name, document) { Description = isList ? null : text };
        return isList ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one, Description = text } : one;
    }
}
