using Busbar.Cryptography;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Store.Accounts;

/// <summary>What somebody is invited as. Names are stored.</summary>
public enum InvitationKind
{
    /// <summary>To have an account; rights come from the ledger.</summary>
    Household,

    /// <summary>To have an account for a public authority; rights come from the ledger.</summary>
    Authority,

    /// <summary>To see everything and change nothing.</summary>
    Auditor,

    /// <summary>To run the node.</summary>
    Operator,

    /// <summary>To look at one premises.</summary>
    Guest,
}

/// <summary>A one-time code by which somebody comes in. A used one of a guest is the guest's right itself.</summary>
/// <param name="Id">Names it; no secret.</param>
/// <param name="CodeHash">SHA-256 of the code, which is shown once and not stored.</param>
/// <param name="Kind">What for.</param>
/// <param name="Name">Whom it is for, in its maker's words.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When the code ceases to work.</param>
public sealed record Invitation(string Id, Hash256 CodeHash, InvitationKind Kind, string Name, Instant Created, Instant Expires)
{
    /// <summary>The account that made it; null for the node itself.</summary>
    public string? Maker { get; init; }

    /// <summary>The address of the household that invites a guest: its word counts as long as the premises are its own.</summary>
    public Address? MakerAddress { get; init; }

    /// <summary>The premises that a guest may see.</summary>
    public PremisesId? Premises { get; init; }

    /// <summary>Whether a guest may switch loads too.</summary>
    public bool CanSwitch { get; init; }

    /// <summary>When a guest's right ends; null for when it is taken back.</summary>
    public Instant? Until { get; init; }

    /// <summary>The account that used it; null for nobody yet.</summary>
    public string? UsedBy { get; init; }

    /// <summary>When it was used.</summary>
    public Instant? UsedAt { get; init; }
}
