namespace Busbar.Ledger.Anchoring;

/// <summary>What waits to be anchored, as the store keeps it. Entries come in with <c>StoreChange.IntervalClosed</c>.</summary>
public interface IOutbox
{
    /// <summary>Entries that are in no transaction yet, in the order of their keys.</summary>
    Task<IReadOnlyList<ClosedInterval>> WaitingAsync(int limit, CancellationToken cancellation);

    /// <summary>Transactions that entries were put into and that are not settled yet.</summary>
    Task<IReadOnlyList<SentTransaction>> UnsettledAsync(CancellationToken cancellation);

    /// <summary>How far entries have come; keys that have no entry are left out.</summary>
    Task<IReadOnlyDictionary<OutboxKey, OutboxStatus>> StatusAsync(IReadOnlyCollection<OutboxKey> keys, CancellationToken cancellation);
}

/// <summary>How far an entry of the outbox has come.</summary>
public enum OutboxState
{
    /// <summary>Not told.</summary>
    None = 0,

    /// <summary>In no transaction yet.</summary>
    Waiting,

    /// <summary>In a transaction that is in no block yet.</summary>
    Sent,

    /// <summary>On the ledger.</summary>
    Settled,

    /// <summary>Refused by the contract for good.</summary>
    Failed,
}

/// <summary>An entry's state and the contract's reason.</summary>
/// <param name="State">How far it has come.</param>
/// <param name="Failure">The contract's error with its values; null unless failed.</param>
public sealed record OutboxStatus(OutboxState State, string? Failure);

/// <summary>A transaction of the outbox.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="Keys">The entries in it.</param>
public sealed record SentTransaction(Busbar.Cryptography.Hash256 Hash, IReadOnlyList<OutboxKey> Keys);
