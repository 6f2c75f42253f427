namespace Busbar.Ledger.Anchoring;

/// <summary>What waits to be anchored, as the store keeps it. Entries come in with <c>StoreChange.IntervalClosed</c>.</summary>
public interface IOutbox
{
    /// <summary>Entries that are in no transaction yet, in the order of their keys.</summary>
    Task<IReadOnlyList<ClosedInterval>> WaitingAsync(int limit, CancellationToken cancellation);

    /// <summary>Transactions that entries were put into and that are not settled yet.</summary>
    Task<IReadOnlyList<SentTransaction>> UnsettledAsync(CancellationToken cancellation);
}

/// <summary>A transaction of the outbox.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="Keys">The entries in it.</param>
public sealed record SentTransaction(Busbar.Cryptography.Hash256 Hash, IReadOnlyList<OutboxKey> Keys);
