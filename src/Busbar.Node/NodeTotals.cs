using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Indexing;

namespace Busbar.Node;

/// <summary>What a node has taken, stored and anchored: the figures that must agree.</summary>
public sealed record NodeTotals
{
    /// <summary>Readings acknowledged since the start: accepted, repeated or refused with a reason.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Readings refused since the start.</summary>
    public required long Refused { get; init; }

    /// <summary>Messages in the quarantine.</summary>
    public required long Quarantined { get; init; }

    /// <summary>Newest register less the first, over all stored readings of meters but transformers.</summary>
    public required EnergySum Store { get; init; }

    /// <summary>Sums of the newest versions on the ledger, from its events.</summary>
    public required EnergySum Ledger { get; init; }

    /// <summary>Intervals closed.</summary>
    public required long Closed { get; init; }

    /// <summary>Intervals on the ledger.</summary>
    public required long Anchored { get; init; }

    /// <summary>Versions beyond the first on the ledger.</summary>
    public required long Corrected { get; init; }

    /// <summary>Versions that wait to be anchored.</summary>
    public required long Waiting { get; init; }

    /// <summary>Blocks of the chain.</summary>
    public required long Blocks { get; init; }

    /// <summary>Transactions in them.</summary>
    public required long Transactions { get; init; }

    /// <summary>The gas they used.</summary>
    public required ulong GasUsed { get; init; }

    /// <summary>The hash of the newest block.</summary>
    public required Hash256 FinalBlockHash { get; init; }

    internal static async Task<NodeTotals> CollectAsync(NodeParts parts, CancellationToken cancellation)
    {
        var store = await parts.Store!.Readings.TotalsAsync(cancellation);
        var view = await LedgerView.LoadAsync(parts.Store.Events, parts.Deployment!.Contracts, parts.Deployment.FirstBlock, cancellation);
        var ledger = view.Totals;
        var head = await parts.Chain!.HeadAsync(cancellation);
        var (transactions, gas) = (0L, 0UL);
        ulong? below = null;
        while (await parts.Store.Events.BlocksAsync(below, 1_000, cancellation) is { Count: > 0 } blocks)
        {
            transactions += blocks.Sum(block => block.Transactions);
            gas = blocks.Aggregate(gas, (sum, block) => sum + block.GasUsed);
            below = blocks[^1].Number;
        }

        return new()
        {
            Acknowledged = parts.Actors.Sum(actor => actor.Counts.Accepted + actor.Counts.Repeated + actor.Counts.Refused),
            Refused = parts.Actors.Sum(actor => actor.Counts.Refused),
            Quarantined = store.Quarantined,
            Store = store.Energy,
            Ledger = ledger.Energy,
            Closed = store.Intervals,
            Anchored = ledger.Intervals,
            Corrected = ledger.Corrections,
            Waiting = store.Waiting,
            Blocks = (long)head.Number + 1,
            Transactions = transactions,
            GasUsed = gas,
            FinalBlockHash = head.Hash,
        };
    }
}
