using Busbar.Cryptography;
using Busbar.Domain.Metering;

namespace Busbar.Ledger.Deploying;

/// <summary>Where a community's contracts stand.</summary>
/// <param name="ChainId">On which chain.</param>
/// <param name="Council">Who rules, by what numbers.</param>
/// <param name="Members">Who takes part.</param>
/// <param name="Meters">Which key meters what; also the deployment that signatures name.</param>
/// <param name="Anchors">The committed readings.</param>
public sealed record ContractAddresses(ulong ChainId, Address Council, Address Members, Address Meters, Address Anchors)
{
    /// <summary>All four, in the order of their deployment.</summary>
    public IReadOnlyList<Address> All => [Council, Members, Meters, Anchors];

    /// <summary>What meters sign for.</summary>
    public SigningDomain SigningDomain => new(ChainId, Meters);
}
