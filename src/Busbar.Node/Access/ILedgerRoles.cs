using System.Collections.Frozen;
using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Node.Access;

/// <summary>What the ledger says of an address.</summary>
internal interface ILedgerRoles
{
    /// <summary>The roles and premises of an address at an instant. Asked at every request: answers from memory.</summary>
    LedgerStanding RolesOf(Address address, Instant at);
}

/// <summary>An address's roles on the ledger (household, authority, operator, regulator, owner) and the premises that it holds.</summary>
internal sealed record LedgerStanding(FrozenSet<Role> Roles, FrozenSet<PremisesId> Premises)
{
    public static readonly LedgerStanding None = new([], []);
}

/// <summary>A ledger that knows nobody: for a node whose contracts are not there yet.</summary>
internal sealed class NoLedgerRoles : ILedgerRoles
{
    public LedgerStanding RolesOf(Address address, Instant at) => LedgerStanding.None;
}
