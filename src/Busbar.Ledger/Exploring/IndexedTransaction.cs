using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ledger.Anchoring;

namespace Busbar.Ledger.Exploring;

/// <summary>A transaction in a block, as the index keeps it.</summary>
public sealed record IndexedTransaction
{
    /// <summary>Its name on the chain.</summary>
    public required Hash256 Hash { get; init; }

    /// <summary>Where it stands.</summary>
    public required TransactionPlace Place { get; init; }

    /// <summary>The sender.</summary>
    public required Address From { get; init; }

    /// <summary>The recipient; null where it deploys a contract.</summary>
    public Address? To { get; init; }

    /// <summary>What was sent along, in wei; 0 or more.</summary>
    public BigInteger Value { get; init; }

    /// <summary>How many the sender had sent before.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>The gas it used.</summary>
    public required ulong GasUsed { get; init; }

    /// <summary>The most gas it might use.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>Whether it did its work; false where it was undone.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>Call data or deploying code.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The contract that it deployed, or null.</summary>
    public Address? Created { get; init; }

    /// <summary>What it was undone with, when the chain told it; null where it succeeded.</summary>
    public ReadOnlyMemory<byte>? RevertData { get; init; }

    /// <summary>
    /// The addresses it has to do with, none twice: sender, recipient, deployed contract, those that logged, and those that our
    /// contracts' events name as topics. Only written; not read back.
    /// </summary>
    public IReadOnlyList<Address> Touched { get; init; } = [];
}

/// <summary>A transaction's place on the chain, for reading on.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="Position">The place in the block, 0 to 1,048,575.</param>
public readonly record struct TransactionPlace(ulong Block, int Position) : IComparable<TransactionPlace>
{
    /// <summary>The most transactions of a block that the index tells apart.</summary>
    public const int MostInABlock = 1 << 20;

    /// <inheritdoc />
    public int CompareTo(TransactionPlace other) => (Block, Position).CompareTo((other.Block, other.Position));
}

/// <summary>What is in a block besides our contracts' events.</summary>
/// <param name="Transactions">Its transactions in order.</param>
/// <param name="OtherLogs">What other contracts logged, in order; such a log may have no topic.</param>
public sealed record BlockContent(IReadOnlyList<IndexedTransaction> Transactions, IReadOnlyList<IndexedEvent> OtherLogs);
