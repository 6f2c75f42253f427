using System.Numerics;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ethereum.Transactions;

namespace Busbar.Ledger.Chains;

/// <summary>What a unit of gas is paid, in wei (EIP-1559).</summary>
internal readonly record struct Fees(BigInteger Most, BigInteger Tip)
{
    private const int Blocks = 5;
    private const double Percentile = 50;

    /// <summary>Room for the base fee to double, and the middle tip of the newest blocks.</summary>
    public static async Task<Fees> AskAsync(EthereumClient client, BigInteger most, CancellationToken cancellation)
    {
        var history = await client.GetFeeHistoryAsync(Blocks, BlockTag.Latest, [Percentile], cancellation);
        var next = history.BaseFeePerGas.Count > 0 ? history.BaseFeePerGas[^1] : 0;
        var tips = history.Reward.Where(reward => reward.Count > 0).Select(reward => reward[0]).Order().ToList();
        var tip = tips.Count > 0 ? tips[tips.Count / 2] : 0;
        return new Fees((2 * next) + tip, tip).Bounded(most);
    }

    /// <summary>A quarter more of both: pools ask for a tenth at least before they replace.</summary>
    public static Fees Raise(Transaction stuck, Fees present, BigInteger most)
    {
        static BigInteger More(BigInteger fee) => fee + (fee / 4) + 1;
        return new Fees(
            BigInteger.Max(More(stuck.MaxFeePerGas), present.Most), BigInteger.Max(More(stuck.MaxPriorityFeePerGas), present.Tip)).Bounded(most);
    }

    private Fees Bounded(BigInteger most) => new(BigInteger.Min(Most, most), BigInteger.Min(Tip, most));
}
