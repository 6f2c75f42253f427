using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Busbar.Cryptography;
using Busbar.Node.Access.Bodies;
using Busbar.Node.Access.Sessions;
using Busbar.Node.Api.Describing;
using Busbar.Store.Accounts;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Access.Invitations;

/// <summary>An invitation by an operator.</summary>
internal sealed record InvitationForm : IRequestForm
{
    public static int MostBytes => 2048;

    [Required]
    [OneOf(typeof(InvitationKind), Letters.Lower, nameof(InvitationKind.Guest))]
    public string? Kind { get; init; }

    [Required]
    [Length(1, Label.Most)]
    [Description("Whom it is for, in the maker's words.")]
    public string? Name { get; init; }

    public InvitationKind KindOf() => Kind switch
    {
        "operator" => InvitationKind.Operator,
        "auditor" => InvitationKind.Auditor,
        "authority" => InvitationKind.Authority,
        _ => InvitationKind.Household,
    };

    public AccessRefused? Check() =>
        Kind is not ("household" or "operator" or "auditor" or "authority")
            ? AccessRefused.InvalidField("kind", "must be household, operator, auditor or authority")
        : !Label.IsAllowed(Name) ? AccessRefused.InvalidField("name", Label.Rule)
        : null;
}

/// <summary>The code of an invitation that somebody signed in uses.</summary>
internal sealed record AcceptForm : IRequestForm
{
    public static int MostBytes => 512;

    [Required]
    [Description("The one-time code.")]
    public string? Code { get; init; }

    public AccessRefused? Check() => InvitationCode.Normalize(Code) is null
        ? AccessRefused.InvalidField("code", "must be a code of 16 letters and digits")
        : null;

    /// <summary>Never the code.</summary>
    public override string ToString() => "invitation code (not shown)";
}

/// <summary>A guest whom a household invites.</summary>
internal sealed record GuestForm : IRequestForm
{
    public static int MostBytes => 2048;

    [Required]
    [Description("The premises that the guest may see; one that the household holds.")]
    public string? Premises { get; init; }

    [Required]
    [Length(1, Label.Most)]
    [Description("Whom it is for.")]
    public string? Name { get; init; }

    [Description("Whether the guest may switch loads too.")]
    public bool CanSwitch { get; init; }

    [Description("When the right ends (ISO 8601, UTC); null for when it is taken back.")]
    public string? Until { get; init; }

    public Instant? UntilOf() => Until is null ? null : InstantPattern.ExtendedIso.Parse(Until).Value;

    public AccessRefused? Check() =>
        Premises is null || !Hash256.TryParse(Premises, out _)
            ? AccessRefused.InvalidField("premises", "must be 0x and 64 hexadecimal digits")
        : !Label.IsAllowed(Name) ? AccessRefused.InvalidField("name", Label.Rule)
        : Until is not null && (Until.Length > 40 || !InstantPattern.ExtendedIso.Parse(Until).Success)
            ? AccessRefused.InvalidField("until", "must be an instant such as 2026-08-01T00:00:00Z, or null")
        : null;
}

/// <summary>An invitation as those who answer for the node see it.</summary>
/// <param name="Id">Names it; no secret.</param>
/// <param name="Kind">household, operator, auditor, authority or guest.</param>
/// <param name="Name">Whom it is for.</param>
/// <param name="State">open, used or expired.</param>
/// <param name="Created">When it was made (ISO 8601, UTC).</param>
/// <param name="Expires">When its code ceases to work.</param>
/// <param name="Maker">The name of the account that made it; null for the node itself.</param>
/// <param name="UsedBy">The name of the account that used it; null for nobody.</param>
/// <param name="Code">The code, in the answer to its making alone.</param>
internal sealed record InvitationView(
    string Id,
    [property: OneOf(typeof(InvitationKind), Letters.Lower)] string Kind,
    string Name,
    [property: OneOf("open", "used", "expired")] string State,
    string Created,
    string Expires,
    string? Maker,
    string? UsedBy,
    string? Code)
{
    public static InvitationView Of(AccessDesk desk, Invitation invitation, string? code = null) => new(
        invitation.Id,
        invitation.Kind.ToString().ToLowerInvariant(),
        invitation.Name,
        invitation.UsedBy is not null ? "used" : invitation.Expires <= desk.Invitations.Now ? "expired" : "open",
        SessionView.Text(invitation.Created),
        SessionView.Text(invitation.Expires),
        NameOf(desk, invitation.Maker),
        NameOf(desk, invitation.UsedBy),
        code);

    /// <summary>Never the code.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"invitation {Id}");

    private static string? NameOf(AccessDesk desk, string? account) => account is null ? null : desk.Accounts.Find(account)?.Name;
}

/// <summary>A guest as the household sees it.</summary>
/// <param name="Id">Names it; no secret.</param>
/// <param name="Name">Whom it is for.</param>
/// <param name="Premises">What the guest may see.</param>
/// <param name="CanSwitch">Whether the guest may switch loads too.</param>
/// <param name="Until">When the right ends (ISO 8601, UTC); null for when it is taken back.</param>
/// <param name="State">invited or active.</param>
/// <param name="Expires">When the code ceases to work; null for an active guest.</param>
/// <param name="Invitation">The code, in the answer to its making alone.</param>
internal sealed record GuestView(
    string Id, string Name, string Premises, bool CanSwitch, string? Until, [property: OneOf("invited", "active")] string State, string? Expires, string? Invitation)
{
    public static GuestView Of(Invitation guest, string? code = null) => new(
        guest.Id,
        guest.Name,
        guest.Premises!.Value.ToString(),
        guest.CanSwitch,
        guest.Until is { } until ? SessionView.Text(until) : null,
        guest.UsedBy is null ? "invited" : "active",
        guest.UsedBy is null ? SessionView.Text(guest.Expires) : null,
        code);

    /// <summary>Never the code.</summary>
    public override string ToString() => $"guest {Id}";
}
