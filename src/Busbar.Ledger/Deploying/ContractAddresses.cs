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
    /// <summary>Where money is kept and bills are made; null in a community that was deployed without.</summary>
    public MoneyContracts? Money { get; init; }

    /// <summary>Where neighbours trade; null in a community that was deployed without.</summary>
    public MarketContracts? Market { get; init; }

    /// <summary>Pay-as-you-go between two parties; null in a community that was deployed without.</summary>
    public Address? Channels { get; init; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Address> All =>
    [
        Council, Members, Meters, Anchors,
        .. Money is { } money ? new[] { money.Vault, money.Payments, money.Billing } : [],
        .. Market?.All ?? [],
        .. Channels is { } channels ? new[] { channels } : [],
    ];

    /// <summary>What meters sign for.</summary>
    public SigningDomain SigningDomain => new(ChainId, Meters);
}

/// <summary>Where a community's money is kept and its bills are made.</summary>
/// <param name="Vault">All money.</param>
/// <param name="Payments">What premises owe, payments, permits.</param>
/// <param name="Billing">Tariffs, and bills computed from proven readings.</param>
public sealed record MoneyContracts(Address Vault, Address Payments, Address Billing);

/// <summary>Where a community's neighbours trade.</summary>
/// <param name="Storage">Energy put into and drawn from the stores, by whom; which registers are used.</param>
/// <param name="Taxes">What the owner and the regulators have of the trade.</param>
/// <param name="Board">Adverts, deliveries.</param>
/// <param name="Demands">What members ask for, and who offers it.</param>
public sealed record MarketContracts(Address Storage, Address Taxes, Address Board, Address Demands)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<Address> All => [Storage, Taxes, Board, Demands];

    /// <summary>Those that lock money in the vault.</summary>
    public IReadOnlyList<Address> LockingMoney => [Board, Demands];
}
