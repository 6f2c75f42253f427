using System.Numerics;
using Busbar.Cryptography;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Deploying;

namespace Busbar.Ledger.Chains;

/// <summary>How much gas a call is given.</summary>
internal static class GasEstimate
{
    private const ulong PerTransaction = 21_000;
    private const ulong PerFloorToken = 10;

    /// <summary>The chain's estimate and a quarter more, because the state may move until the block; never above a block's gas.</summary>
    public static async Task<ulong> ForAsync(
        EthereumClient client, Address from, ChainCall call, ulong blockGasLimit, CancellationToken cancellation)
    {
        var request = new CallRequest { From = from, To = call.To, Data = call.Data, Value = (BigInteger)call.Value.Wei };
        try
        {
            var estimate = await client.EstimateGasAsync(request, cancellationToken: cancellation);
            return Math.Min(estimate + (estimate / 4), blockGasLimit);
        }
        catch (EthereumRpcException refused) when (refused.Code is not null && !refused.IsTransient)
        {
            var why = ContractErrors.Describe(new(false, refused.RevertData, refused.NodeMessage));
            throw new ChainException($"the call would fail, so nothing was sent: {why}", isTransient: false, refused);
        }
    }

    /// <summary>The least gas that a transaction with so much data must offer. Source: EIP-7623.</summary>
    public static ulong DataFloor(ReadOnlySpan<byte> data)
    {
        var zeros = (ulong)data.Count((byte)0);
        var tokens = zeros + (((ulong)data.Length - zeros) * 4);
        return PerTransaction + (tokens * PerFloorToken);
    }
}
