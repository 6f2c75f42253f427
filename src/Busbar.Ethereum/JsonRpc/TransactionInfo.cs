using System.Numerics;
using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>A transaction as a node tells it. Immutable.</summary>
public sealed record TransactionInfo
{
    /// <summary>The transaction's name on the chain.</summary>
    public required Hash256 Hash { get; init; }

    /// <summary>The sender.</summary>
    public required Address From { get; init; }

    /// <summary>The recipient; null where it deploys a contract.</summary>
    public Address? To { get; init; }

    /// <summary>How many the sender had sent before.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>What is sent along, in wei.</summary>
    public required BigInteger Value { get; init; }

    /// <summary>The most gas it may use.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>Call data or deploying code.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The block; null while it waits.</summary>
    public ulong? BlockNumber { get; init; }

    /// <summary>The block; null while it waits.</summary>
    public Hash256? BlockHash { get; init; }

    /// <summary>The place in the block, from 0; null while it waits.</summary>
    public ulong? TransactionIndex { get; init; }

    internal static TransactionInfo Read(JsonElement json) => new()
    {
        Hash = json.Member("hash").Hash("hash"),
        From = json.Member("from").Address("from"),
        To = json.Optional("to") is { IsNull: false } to ? to.Address("to") : null,
        Nonce = json.Member("nonce").UInt64("nonce"),
        Value = json.Member("value").UInt256("value"),
        GasLimit = json.Member("gas").UInt64("gas"),
        Data = json.Member("input").Bytes("input"),
        BlockNumber = json.Optional("blockNumber") is { IsNull: false } number ? number.UInt64("blockNumber") : null,
        BlockHash = json.Optional("blockHash") is { IsNull: false } hash ? hash.Hash("blockHash") : null,
        TransactionIndex = json.Optional("transactionIndex") is { IsNull: false } index ? index.UInt64("transactionIndex") : null,
    };
}
