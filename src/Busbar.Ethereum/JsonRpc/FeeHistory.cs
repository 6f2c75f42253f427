using System.Numerics;
using System.Text.Json;

namespace Busbar.Ethereum.JsonRpc;

/// <summary>What gas cost in the newest blocks (eth_feeHistory). Fees in wei per unit of gas.</summary>
public sealed record FeeHistory
{
    /// <summary>The first block told of.</summary>
    public required ulong OldestBlock { get; init; }

    /// <summary>Each block's base fee, and after them the next block's.</summary>
    public required IReadOnlyList<BigInteger> BaseFeePerGas { get; init; }

    /// <summary>Each block's used gas over its limit, 0 to 1.</summary>
    public required IReadOnlyList<double> GasUsedRatio { get; init; }

    /// <summary>Each block's tips at the percentiles asked for; empty where none were.</summary>
    public IReadOnlyList<IReadOnlyList<BigInteger>> Reward { get; init; } = [];

    internal static FeeHistory Read(JsonElement json) => new()
    {
        OldestBlock = json.Member("oldestBlock").UInt64("oldestBlock"),
        BaseFeePerGas = json.Member("baseFeePerGas").List("baseFeePerGas", f => f.UInt256("baseFeePerGas")),
        GasUsedRatio = json.Member("gasUsedRatio").List("gasUsedRatio", ReadRatio),
        Reward = json.Optional("reward") is { IsNull: false } reward
            ? reward.List("reward", block => block.List("reward", tip => tip.UInt256("reward")))
            : [],
    };

    private static double ReadRatio(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number ? json.GetDouble() : throw EthereumRpcException.Malformed("gasUsedRatio is no number");
}
