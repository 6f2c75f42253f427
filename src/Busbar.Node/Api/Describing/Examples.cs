using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Busbar.Node.Api.Describing;

/// <summary>One example of each body and each answer, as the code itself would write it: a community of a few houses on one evening.</summary>
internal static partial class Examples
{
    private static readonly FrozenDictionary<Type, object> Made = new object[][] { OfCommunity(), OfMetering(), OfBilling(), OfBooks(), OfChannels(), OfMarket(), OfLedger(), OfAccess(), OfNotifications() }
        .SelectMany(part => part)
        .ToFrozenDictionary(example => example.GetType());

    /// <summary>The example of a type, or of a list or page of it.</summary>
    public static JsonNode Of(Type type)
    {
        if (Made.TryGetValue(type, out var made))
            return JsonSerializer.SerializeToNode(made, type, JsonSerializerOptions.Web)!;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Page<>))
            return new JsonObject { ["items"] = new JsonArray(Of(type.GenericTypeArguments[0])), ["next"] = null };
        if (type.IsGenericType && type.IsAssignableTo(typeof(System.Collections.IEnumerable)))
            return new JsonArray(Of(type.GenericTypeArguments[0]));
        throw new InvalidOperationException($"there is no example of {type.Name}; make one in {nameof(Examples)}");
    }
}
