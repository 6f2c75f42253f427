using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Ledger.Indexing;

/// <summary>How an interval's meters stand against its transformer's, as the contract found.</summary>
public enum BalanceOutcome
{
    /// <summary>Not told.</summary>
    None = 0,

    /// <summary>Within the tolerance.</summary>
    Balanced,

    /// <summary>Beyond the tolerance.</summary>
    Discrepancy,

    /// <summary>There was nothing to hold it against.</summary>
    Unbalanced,
}

/// <summary>One version of an interval as it stands on the ledger.</summary>
/// <param name="Microgrid">Whose.</param>
/// <param name="Start">The interval's start.</param>
/// <param name="Version">1 or more.</param>
/// <param name="Root">The tree's root and sums.</param>
/// <param name="Count">How many leaves.</param>
/// <param name="Transformer">The digest of the transformer's reading at the end; zero when there was none.</param>
/// <param name="Block">The block it is in.</param>
/// <param name="Transaction">The transaction that anchored it.</param>
/// <param name="Balance">What the contract found.</param>
/// <param name="Missing">Energy that is missing: positive when the premises' meters show less than was delivered; null when unbalanced.</param>
public sealed record AnchoredVersion(
    MicrogridId Microgrid,
    Instant Start,
    int Version,
    SumNode Root,
    int Count,
    Hash256 Transformer,
    ulong Block,
    Hash256 Transaction,
    BalanceOutcome Balance,
    Energy? Missing)
{
    /// <summary>Energy that the transformer delivered and no other meter counted, lines' losses included; null when unbalanced.</summary>
    public Energy? Lost { get; init; }

    internal (uint Microgrid, Instant Start, int Version) Place => (Microgrid.Number, Start, Version);
}

/// <summary>Sums over the newest version of every anchored interval.</summary>
/// <param name="Energy">Import and export of all leaves.</param>
/// <param name="Intervals">How many intervals.</param>
/// <param name="Corrections">How many older versions there are besides.</param>
public sealed record LedgerTotals(EnergySum Energy, int Intervals, int Corrections);
