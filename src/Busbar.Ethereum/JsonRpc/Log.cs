using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>What a contract wrote to the chain's log. Immutable.</summary>
public sealed record Log
{
    /// <summary>The contract.</summary>
    public required Address Address { get; init; }

    /// <summary>At most four; the first is the event's signature hash, unless the event is anonymous.</summary>
    public required IReadOnlyList<Hash256> Topics { get; init; }

    /// <summary>The parts that are not topics, ABI-encoded.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The block's number; zero while pending.</summary>
    public ulong BlockNumber { get; init; }

    /// <summary>The block's hash; zero while pending.</summary>
    public Hash256 BlockHash { get; init; }

    /// <summary>The transaction that wrote it.</summary>
    public Hash256 TransactionHash { get; init; }

    /// <summary>The transaction's place in the block, from 0.</summary>
    public ulong TransactionIndex { get; init; }

    /// <summary>The place in the block, from 0.</summary>
    public ulong LogIndex { get; init; }

    /// <summary>Whether its block is no longer part of the chain.</summary>
    public bool IsRemoved { get; init; }

    internal static Log Read(JsonElement json) => new()
    {
        Address = json.Member("address").Address("log address"),
        Topics = json.Member("topics").List("topics", t => t.Hash("topic")),
        Data = json.Member("data").Bytes("log data"),
        BlockNumber = json.Optional("blockNumber") is { IsNull: false } number ? number.UInt64("blockNumber") : 0,
        BlockHash = json.Optional("blockHash") is { IsNull: false } hash ? hash.Hash("blockHash") : default,
        TransactionHash = json.Optional("transactionHash") is { IsNull: false } transaction ? transaction.Hash("transactionHash") : default,
        TransactionIndex = json.Optional("transactionIndex") is { IsNull: false } index ? index.UInt64("transactionIndex") : 0,
        LogIndex = json.Optional("logIndex") is { IsNull: false } place ? place.UInt64("logIndex") : 0,
        IsRemoved = json.Optional("removed") is { IsNull: false } removed && removed.Boolean("removed"),
    };
}
