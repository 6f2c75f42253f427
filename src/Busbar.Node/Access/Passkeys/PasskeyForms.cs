using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Busbar.Node.Access.Accounts;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Access.Sessions;
using Busbar.Store.Accounts;

namespace Busbar.Node.Access.Passkeys;

/// <summary>Asks for what signing in with a passkey needs.</summary>
internal sealed record PasskeyOptionsForm : IRequestForm
{
    public static int MostBytes => 1024;

    [Description("Not needed and not looked at: the passkey itself tells whose it is.")]
    public string? Name { get; init; }

    public AccessRefused? Check() =>
        Name?.Length > AccountName.Most ? AccessRefused.InvalidField("name", $"must have at most {AccountName.Most} characters") : null;
}

/// <summary>What a passkey answered.</summary>
internal sealed record PasskeyForm : IRequestForm
{
    public static int MostBytes => 16 * 1024;

    [Required]
    [Description("The browser's credential as PublicKeyCredential.toJSON() gives it (WebAuthn level 3).")]
    public JsonElement? Credential { get; init; }

    public AccessRefused? Check() =>
        Credential is { ValueKind: JsonValueKind.Object }
            ? null
            : AccessRefused.InvalidField("credential", "must be the browser's credential, an object");
}

/// <summary>A new passkey.</summary>
internal sealed record NewPasskeyForm : IRequestForm
{
    public static int MostBytes => 16 * 1024;

    [Required]
    [Description("The browser's credential as PublicKeyCredential.toJSON() gives it (WebAuthn level 3).")]
    public JsonElement? Credential { get; init; }

    [Description("What its holder calls it: 1 to 64 characters.")]
    public string? Name { get; init; }

    public AccessRefused? Check() =>
        Credential is not { ValueKind: JsonValueKind.Object }
            ? AccessRefused.InvalidField("credential", "must be the browser's credential, an object")
        : !Label.IsAllowed(Name ?? "Passkey") ? AccessRefused.InvalidField("name", Label.Rule)
        : null;
}

/// <summary>A passkey as its holder sees it.</summary>
/// <param name="Id">The credential id, base64url.</param>
/// <param name="Name">What its holder calls it.</param>
/// <param name="Created">When it was registered (ISO 8601, UTC).</param>
/// <param name="LastUsed">When it was signed in with last; null for never.</param>
internal sealed record PasskeyView(string Id, string Name, string Created, string? LastUsed)
{
    public static PasskeyView Of(Passkey passkey) => new(
        System.Buffers.Text.Base64Url.EncodeToString(passkey.Id.Span),
        passkey.Name,
        SessionView.Text(passkey.Created),
        passkey.LastUsed is { } used ? SessionView.Text(used) : null);
}
