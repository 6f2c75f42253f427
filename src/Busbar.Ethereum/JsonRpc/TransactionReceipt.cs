using System.Numerics;
using System.Text.Json;
using Busbar.Cryptography;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>What became of a transaction in a block. Immutable.</summary>
public sealed record TransactionReceipt
{
    /// <summary>The transaction.</summary>
    public required Hash256 TransactionHash { get; init; }

    /// <summary>Its place in the block, from 0.</summary>
    public required ulong TransactionIndex { get; init; }

    /// <summary>The block's hash.</summary>
    public required Hash256 BlockHash { get; init; }

    /// <summary>The block's number.</summary>
    public required ulong BlockNumber { get; init; }

    /// <summary>The sender.</summary>
    public required Address From { get; init; }

    /// <summary>The recipient; null where a contract was deployed.</summary>
    public Address? To { get; init; }

    /// <summary>The contract that was deployed; else null.</summary>
    public Address? ContractAddress { get; init; }

    /// <summary>The gas it used.</summary>
    public required ulong GasUsed { get; init; }

    /// <summary>The gas that the block's transactions used up to and with this one.</summary>
    public required ulong CumulativeGasUsed { get; init; }

    /// <summary>What a unit of gas cost, in wei.</summary>
    public BigInteger EffectiveGasPrice { get; init; }

    /// <summary>Whether it did its work; false where it was undone, its fee being paid all the same.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>What it logged, in order.</summary>
    public required IReadOnlyList<Log> Logs { get; init; }

    internal static TransactionReceipt Read(JsonElement json) => new()
    {
        TransactionHash = json.Member("transactionHash").Hash("transactionHash"),
        TransactionIndex = json.Member("transactionIndex").UInt64("transactionIndex"),
        BlockHash = json.Member("blockHash").Hash("blockHash"),
        BlockNumber = json.Member("blockNumber").UInt64("blockNumber"),
        From = json.Member("from").Address("from"),
        To = json.Optional("to") is { IsNull: false } to ? to.Address("to") : null,
        ContractAddress = json.Optional("contractAddress") is { IsNull: false } made ? made.Address("contractAddress") : null,
        GasUsed = json.Member("gasUsed").UInt64("gasUsed"),
        CumulativeGasUsed = json.Member("cumulativeGasUsed").UInt64("cumulativeGasUsed"),
        EffectiveGasPrice = json.Optional("effectiveGasPrice") is { IsNull: false } price ? price.UInt256("effectiveGasPrice") : 0,
        Succeeded = json.Member("status").UInt64("status") == 1,
        Logs = json.Member("logs").List("logs", Log.Read),
    };
}
