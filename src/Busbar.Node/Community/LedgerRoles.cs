using Busbar.Cryptography;
using Busbar.Domain.Access;
using Busbar.Ledger.Indexing;
using Busbar.Node.Access;
using NodaTime;

namespace Busbar.Node.Community;

/// <summary>Roles as the contracts have them.</summary>
internal sealed class LedgerRoles(OfficesView offices) : ILedgerRoles
{
    public LedgerStanding RolesOf(Address address, Instant at)
    {
        var standing = offices.RolesOf(address, at);
        var roles = new List<Role>();
        if (standing.IsOwner)
            roles.Add(Role.Owner);
        if (standing.IsRegulator)
            roles.Add(Role.Regulator);
        if (standing.IsParticipant)
            roles.Add(Role.Household);
        if (standing.Offices.Any(one => one.Office == CouncilOffice.Operator))
            roles.Add(Role.Operator);
        if (standing.Offices.Any(one => one.Office == CouncilOffice.Authority))
            roles.Add(Role.Authority);
        // Who was removed still sees what is theirs: bills and readings of the past.
        return new([.. roles], [.. standing.Premises]);
    }
}
