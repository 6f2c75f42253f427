using System.Collections.Frozen;
using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Domain.Access;

/// <summary>Who asks, and as what. Made anew for each request, so that a role that ended on the ledger ends here at once.</summary>
public sealed record Caller
{
    /// <summary>Somebody who is not signed in.</summary>
    public static readonly Caller Nobody = new();

    /// <summary>The account on this node; null when not signed in.</summary>
    public string? Account { get; init; }

    /// <summary>The address that the account acts with on the ledger; null when it has none.</summary>
    public Address? Address { get; init; }

    /// <summary>All roles; <see cref="Role.Anyone"/> always among them.</summary>
    public FrozenSet<Role> Roles { get; init; } = [Role.Anyone];

    /// <summary>The premises that are the caller's own, as their holder or as a guest.</summary>
    public FrozenSet<PremisesId> Premises { get; init; } = [];

    /// <summary>Of those, the ones that the caller holds on the ledger: only there may it decide, and invite guests.</summary>
    public FrozenSet<PremisesId> Held { get; init; } = [];

    /// <summary>Those where the caller may switch loads: what it holds, and where a household lets it as a guest.</summary>
    public FrozenSet<PremisesId> Switchable { get; init; } = [];

    /// <summary>True when the caller holds a role.</summary>
    public bool Is(Role role) => Roles.Contains(role);
}
