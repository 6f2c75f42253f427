using System.ComponentModel;
using System.Text.Json;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Api.Describing;

namespace Busbar.Node.Access.Accounts;

/// <summary>What a person chose for the app. A field that is absent or null is left to the device.</summary>
internal sealed record AccountSettings : IRequestForm
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static int MostBytes => 1024;

    [OneOf("en", "hi")]
    [Description("The language of the app.")]
    public string? Language { get; init; }

    [OneOf("light", "dark", "system")]
    public string? Theme { get; init; }

    public static AccountSettings Parse(string? text) => text is null ? new() : JsonSerializer.Deserialize<AccountSettings>(text, Json)!;

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public AccessRefused? Check() =>
        Language is not (null or "en" or "hi") ? AccessRefused.InvalidField("language", "must be en or hi")
        : Theme is not (null or "light" or "dark" or "system") ? AccessRefused.InvalidField("theme", "must be light, dark or system")
        : null;
}
