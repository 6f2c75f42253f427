using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Ledger.Anchoring;

/// <summary>A block as the index keeps it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Parent">The hash of the one before.</param>
/// <param name="Time">Its time, whole seconds.</param>
/// <param name="Transactions">How many transactions it has.</param>
/// <param name="GasUsed">The gas they used.</param>
public sealed record IndexedBlock(ulong Number, Hash256 Hash, Hash256 Parent, Instant Time, int Transactions, ulong GasUsed);

/// <summary>An event of one of our contracts, raw, with its place on the chain.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="LogIndex">Its place among the block's logs.</param>
/// <param name="Transaction">The transaction that made it.</param>
/// <param name="Contract">The contract that emitted it.</param>
/// <param name="Topics">One to four topics.</param>
/// <param name="Data">The data.</param>
public sealed record IndexedEvent(
    ulong Block, int LogIndex, Hash256 Transaction, Address Contract, IReadOnlyList<Hash256> Topics, ReadOnlyMemory<byte> Data);
