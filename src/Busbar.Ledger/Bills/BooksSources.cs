using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Deploying;
using Busbar.Ledger.Readings;
using NodaTime;

namespace Busbar.Ledger.Bills;

/// <summary>What the books are drawn up from.</summary>
/// <param name="Index">The events, as they are stored.</param>
/// <param name="Contracts">Whose events count.</param>
/// <param name="FirstBlock">The block that the index begins with.</param>
/// <param name="Client">The chain, for what the contracts themselves say.</param>
/// <param name="Readings">The stored readings; null to leave them out.</param>
/// <param name="Zone">The community's zone, for months.</param>
public sealed record BooksSources(
    IEventIndex Index, ContractAddresses Contracts, ulong FirstBlock, EthereumClient Client, IReadingStore? Readings, DateTimeZone Zone)
{
    /// <summary>Whether the chain keeps what was after older blocks; the built-in engine keeps the newest only.</summary>
    public bool KeepsOldState { get; init; }

    /// <summary>The cash book: the reference that each entry was written with, and the entry; null to leave it out.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<(Hash256 Reference, CashSlip Slip)>>>? Slips { get; init; }

    /// <summary>Brings the index up to the chain's head; null when nothing is added to the chain.</summary>
    public Func<CancellationToken, Task>? CatchUp { get; init; }
}
