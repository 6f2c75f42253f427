using System.Numerics;
using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>A block's header and what is in it. Immutable.</summary>
public sealed record Block
{
    /// <summary>The number; null while pending.</summary>
    public ulong? Number { get; init; }

    /// <summary>The hash; null while pending.</summary>
    public Hash256? Hash { get; init; }

    /// <summary>The block before.</summary>
    public required Hash256 ParentHash { get; init; }

    /// <summary>The block's time in Unix seconds.</summary>
    public required ulong Timestamp { get; init; }

    /// <summary>The most gas its transactions may use together.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>The gas that they used.</summary>
    public required ulong GasUsed { get; init; }

    /// <summary>What a unit of gas costs at least, in wei; null before the London fork.</summary>
    public BigInteger? BaseFeePerGas { get; init; }

    /// <summary>The root of the chain's state after it.</summary>
    public required Hash256 StateRoot { get; init; }

    /// <summary>Its transactions in order.</summary>
    public required IReadOnlyList<Hash256> TransactionHashes { get; init; }

    /// <summary>Its transactions in order; empty where only their hashes were asked for.</summary>
    public IReadOnlyList<TransactionInfo> Transactions { get; init; } = [];

    internal static Block Read(JsonElement json)
    {
        var entries = json.Member("transactions");
        var areHashes = entries.ValueKind == JsonValueKind.Array && entries.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String);
        IReadOnlyList<TransactionInfo> transactions = areHashes ? [] : entries.List("transactions", TransactionInfo.Read);
        return new Block
        {
            Number = json.Optional("number") is { IsNull: false } number ? number.UInt64("number") : null,
            Hash = json.Optional("hash") is { IsNull: false } hash ? hash.Hash("hash") : null,
            ParentHash = json.Member("parentHash").Hash("parentHash"),
            Timestamp = json.Member("timestamp").UInt64("timestamp"),
            GasLimit = json.Member("gasLimit").UInt64("gasLimit"),
            GasUsed = json.Member("gasUsed").UInt64("gasUsed"),
            BaseFeePerGas = json.Optional("baseFeePerGas") is { IsNull: false } fee ? fee.UInt256("baseFeePerGas") : null,
            StateRoot = json.Member("stateRoot").Hash("stateRoot"),
            TransactionHashes = areHashes ? entries.List("transactions", t => t.Hash("transaction")) : [.. transactions.Select(t => t.Hash)],
            Transactions = transactions,
        };
    }
}
