using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Exploring;
using NodaTime;

namespace Busbar.Ledger.Journal;

/// <summary>A row that is written together with journal records. A closed set.</summary>
public abstract record StoreChange
{
    private protected StoreChange()
    {
    }

    /// <summary>A reading was accepted.</summary>
    /// <param name="Microgrid">Where.</param>
    /// <param name="Reading">The reading with its signature.</param>
    /// <param name="ReceivedAt">The node's clock when it came.</param>
    public sealed record ReadingAccepted(MicrogridId Microgrid, SignedReading Reading, Instant ReceivedAt) : StoreChange;

    /// <summary>A message was refused and is kept with its reason.</summary>
    /// <param name="Microgrid">Where; null when the meter is unknown.</param>
    /// <param name="Position">The record that brought it.</param>
    /// <param name="Topic">On which topic.</param>
    /// <param name="Reason">The refusal's name, such as <c>WrongSignature</c>.</param>
    /// <param name="Detail">One line for a person.</param>
    /// <param name="Payload">The message, cut at 4 KiB.</param>
    /// <param name="ReceivedAt">The node's clock when it came.</param>
    public sealed record Quarantined(
        MicrogridId? Microgrid, long Position, string Topic, string Reason, string Detail, ReadOnlyMemory<byte> Payload, Instant ReceivedAt)
        : StoreChange;

    /// <summary>A version of an interval was closed; with it, the order to anchor it goes into the outbox.</summary>
    /// <param name="Closed">The version.</param>
    public sealed record IntervalClosed(ClosedInterval Closed) : StoreChange;

    /// <summary>Outbox entries went into a transaction.</summary>
    /// <param name="Keys">Which entries.</param>
    /// <param name="Transaction">The transaction's hash.</param>
    public sealed record OutboxSent(IReadOnlyList<OutboxKey> Keys, Hash256 Transaction) : StoreChange;

    /// <summary>A transaction of the outbox is final: its entries are done, or failed for good with a reason.</summary>
    /// <param name="Transaction">The transaction's hash.</param>
    /// <param name="Block">The block it is in; null when it never was.</param>
    /// <param name="Failure">Why it failed, or null.</param>
    public sealed record OutboxSettled(Hash256 Transaction, ulong? Block, string? Failure) : StoreChange;

    /// <summary>A block was indexed, with the events of our contracts in it.</summary>
    /// <param name="Block">The block.</param>
    /// <param name="Events">Its events in order.</param>
    /// <param name="Content">Its transactions and other logs; null when only the events are known.</param>
    public sealed record BlockIndexed(IndexedBlock Block, IReadOnlyList<IndexedEvent> Events, BlockContent? Content = null) : StoreChange;

    /// <summary>An entry came into the cash book, together with the transaction that books it.</summary>
    /// <param name="Slip">The entry.</param>
    /// <param name="Transaction">The transaction's hash.</param>
    public sealed record CashBooked(CashSlip Slip, Hash256 Transaction) : StoreChange;

    /// <summary>The chain was reorganised: blocks above this number are gone.</summary>
    /// <param name="KeptNumber">The highest block that stands.</param>
    public sealed record BlocksRemoved(ulong KeptNumber) : StoreChange;
}
