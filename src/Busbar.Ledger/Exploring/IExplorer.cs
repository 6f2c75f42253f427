using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;
using NodaTime;

namespace Busbar.Ledger.Exploring;

/// <summary>
/// Looking around in what the index knows of the chain. Every answer is from one moment; lists are newest first and read on by
/// the place of their last entry, so that what comes in meanwhile neither repeats nor hides an entry.
/// </summary>
public interface IExplorer
{
    /// <summary>Blocks below a number (all when null), newest first.</summary>
    Task<IReadOnlyList<IndexedBlock>> BlocksAsync(ulong? below, int limit, CancellationToken cancellation);

    /// <summary>A block by its number, or null.</summary>
    Task<IndexedBlock?> BlockAsync(ulong number, CancellationToken cancellation);

    /// <summary>A block by its hash, or null.</summary>
    Task<IndexedBlock?> BlockAsync(Hash256 hash, CancellationToken cancellation);

    /// <summary>Transactions before a place (all when null), newest first.</summary>
    Task<IReadOnlyList<TransactionEntry>> TransactionsAsync(TransactionPlace? before, int limit, CancellationToken cancellation);

    /// <summary>A block's transactions before a position in it (all when null), last first.</summary>
    Task<IReadOnlyList<TransactionEntry>> TransactionsOfBlockAsync(ulong block, int? before, int limit, CancellationToken cancellation);

    /// <summary>Transactions that have to do with an address, before a place (all when null), newest first.</summary>
    Task<IReadOnlyList<TransactionEntry>> TransactionsOfAsync(
        Address address, TransactionPlace? before, int limit, CancellationToken cancellation);

    /// <summary>A transaction with all that it logged, or null.</summary>
    Task<TransactionRecord?> TransactionAsync(Hash256 hash, CancellationToken cancellation);

    /// <summary>What the index knows of an address; a count of 0 when nothing.</summary>
    Task<AddressRecord> AddressAsync(Address address, CancellationToken cancellation);

    /// <summary>How much there is.</summary>
    Task<ExplorerCounts> CountsAsync(CancellationToken cancellation);

    /// <summary>How many blocks and transactions are newer than those a reader has seen; counted up to a limit.</summary>
    /// <param name="block">The newest block seen; null when none.</param>
    /// <param name="transaction">The newest transaction seen; null when none.</param>
    /// <param name="limit">Where counting ends: that number means "so many or more".</param>
    /// <param name="cancellation">Gives up.</param>
    Task<NewerCounts> NewerAsync(ulong? block, TransactionPlace? transaction, int limit, CancellationToken cancellation);
}

/// <summary>A transaction in a list: without its input, which may be long.</summary>
/// <param name="Hash">Its name.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Time">The block's time.</param>
/// <param name="From">The sender.</param>
/// <param name="To">The recipient; null where it deploys a contract.</param>
/// <param name="Created">The contract that it deployed, or null.</param>
/// <param name="Value">What was sent along, in wei.</param>
/// <param name="GasUsed">The gas it used.</param>
/// <param name="Succeeded">Whether it did its work.</param>
/// <param name="Selector">The first four bytes of its input, which name the function; null when it has fewer.</param>
public sealed record TransactionEntry(
    Hash256 Hash,
    TransactionPlace Place,
    Instant Time,
    Address From,
    Address? To,
    Address? Created,
    BigInteger Value,
    ulong GasUsed,
    bool Succeeded,
    uint? Selector);

/// <summary>A transaction with its block and logs.</summary>
/// <param name="Transaction">The transaction; its touched addresses are not told.</param>
/// <param name="Block">Its block.</param>
/// <param name="Logs">What it logged, in order; one of another contract may have no topic.</param>
public sealed record TransactionRecord(IndexedTransaction Transaction, IndexedBlock Block, IReadOnlyList<IndexedEvent> Logs);

/// <summary>What the index knows of an address.</summary>
/// <param name="Address">The address.</param>
/// <param name="Transactions">How many transactions have to do with it.</param>
/// <param name="FirstSeen">The time of the first one's block; null when there is none.</param>
/// <param name="LastSeen">The time of the last one's block; null when there is none.</param>
public sealed record AddressRecord(Address Address, long Transactions, Instant? FirstSeen, Instant? LastSeen);

/// <summary>How much the index holds.</summary>
/// <param name="Blocks">Blocks.</param>
/// <param name="Transactions">Transactions.</param>
/// <param name="Addresses">Addresses that any of them has to do with.</param>
public sealed record ExplorerCounts(long Blocks, long Transactions, long Addresses);

/// <summary>How much is newer than what a reader has seen.</summary>
/// <param name="Blocks">Blocks, up to the limit.</param>
/// <param name="Transactions">Transactions, up to the limit.</param>
public sealed record NewerCounts(int Blocks, int Transactions);
