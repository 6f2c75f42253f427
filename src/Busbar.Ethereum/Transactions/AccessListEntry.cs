using Busbar.Cryptography;

namespace Busbar.Ethereum.Transactions;

/// <summary>A contract that a transaction announces it will touch, and the storage keys of it (EIP-2930).</summary>
/// <param name="Address">The contract.</param>
/// <param name="StorageKeys">The keys, in the order written; repeats are allowed and paid for.</param>
public sealed record AccessListEntry(Address Address, IReadOnlyList<Hash256> StorageKeys);
