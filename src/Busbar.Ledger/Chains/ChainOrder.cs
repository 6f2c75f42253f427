using Busbar.Cryptography;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Journal;
using NodaTime;

namespace Busbar.Ledger.Chains;

/// <summary>Calls of one key that belong together.</summary>
/// <param name="Key">Signs them; not disposed of.</param>
/// <param name="Calls">One or more, in order.</param>
public sealed record ChainOrder(PrivateKey Key, IReadOnlyList<ChainCall> Calls)
{
    /// <summary>
    /// The block's time on the engine, whole seconds; moved to one second after the last block when it is not later. Null:
    /// the clock's. Another chain decides for itself.
    /// </summary>
    public Instant? Time { get; init; }

    /// <summary>Makes the store changes that are committed together with the transactions, from their hashes.</summary>
    public Func<IReadOnlyList<Hash256>, IReadOnlyList<StoreChange>>? Changes { get; init; }
}

/// <summary>One call of a contract, or the deployment of one.</summary>
/// <param name="To">The contract; null to deploy.</param>
/// <param name="Data">Call data, or the code that deploys.</param>
/// <param name="GasLimit">The most gas it may use; null to let the chain estimate it.</param>
public sealed record ChainCall(Address? To, ReadOnlyMemory<byte> Data, ulong? GasLimit = null)
{
    /// <summary>The Ether that goes with it; not negative.</summary>
    public Coin Value { get; init; }
}

/// <summary>What became of a transaction.</summary>
/// <param name="Hash">The transaction as it was first journaled and sent; its receipt may be of one that replaced it.</param>
/// <param name="Receipt">Its receipt; null when it is in no block.</param>
/// <param name="Refusal">Why it is in no block; null when it is in one.</param>
public sealed record TransactionOutcome(Hash256 Hash, TransactionReceipt? Receipt, string? Refusal)
{
    /// <summary>Whether it is in a block and was not undone there.</summary>
    public bool Succeeded => Receipt is { Succeeded: true };
}

/// <summary>Whether a transaction that someone else signed was taken. A closed set.</summary>
public abstract record Submission
{
    private Submission()
    {
    }

    /// <summary>It is durable and will be in a block.</summary>
    /// <param name="Hash">Its hash.</param>
    public sealed record Accepted(Hash256 Hash) : Submission;

    /// <summary>It was not taken; nothing was written.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Detail">One line for a person.</param>
    public sealed record Refused(SubmissionRefusal Reason, string Detail) : Submission;
}

/// <summary>Why a transaction was not taken.</summary>
public enum SubmissionRefusal
{
    /// <summary>Not set: never the reason of a refusal.</summary>
    None = 0,

    /// <summary>Not a well-formed, signed transaction for this chain; the detail names the rule.</summary>
    Invalid,

    /// <summary>The nonce is not the sender's next one.</summary>
    WrongNonce,

    /// <summary>The sender has less than value and fees.</summary>
    NotEnoughCoin,

    /// <summary>Its gas does not fit a block, or no longer fits this one.</summary>
    TooMuchGas,

    /// <summary>The same transaction is waiting already.</summary>
    AlreadyKnown,

    /// <summary>The chain refused it in its own words.</summary>
    RefusedByChain,
}
