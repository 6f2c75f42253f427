using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ethereum.JsonRpc;
using Busbar.Ledger.Deploying;
using Council = Busbar.Ledger.Contracts.Council;

namespace Busbar.Node.Deliveries;

/// <summary>The rules that a microgrid's store is kept by.</summary>
/// <param name="Minimum">What belongs to nobody.</param>
/// <param name="Maximum">The greatest content.</param>
/// <param name="MemberShare">Basis points of it that one member may fill.</param>
/// <param name="StorageLoss">Basis points of what goes in that are lost.</param>
/// <param name="DeliveryLoss">Basis points of what goes out that are lost on the way.</param>
internal sealed record StoreRules(Energy Minimum, Energy Maximum, int MemberShare, int StorageLoss, int DeliveryLoss)
{
    private const long Basis = 10_000;

    /// <summary>The most that one member may have.</summary>
    public Energy MemberMaximum => Energy.FromMilliwattHours((long)((Int128)Maximum.MilliwattHours * MemberShare / Basis));

    /// <summary>What is credited of what goes in.</summary>
    public Energy LessStoring(Energy energy) => Less(energy, StorageLoss);

    /// <summary>What arrives of what goes out.</summary>
    public Energy LessDelivering(Energy energy) => Less(energy, DeliveryLoss);

    /// <summary>Reads them as they stand.</summary>
    public static async Task<StoreRules> ReadAsync(EthereumClient client, Address council, MicrogridId microgrid, CancellationToken cancellation)
    {
        return new(
            await EnergyAsync("storageMinimumEnergy"),
            await EnergyAsync("storageMaximumEnergy"),
            (int)await RuleAsync("storageMemberShare"),
            (int)await RuleAsync("storageLossShare"),
            (int)await RuleAsync("deliveryLossShare"));

        async Task<Energy> EnergyAsync(string name) => Energy.FromMilliwattHours((long)await RuleAsync(name));

        Task<System.Numerics.BigInteger> RuleAsync(string name) =>
            Council.RuleInAsync(client, council, NameWord.Write(name), microgrid.Number, BlockTag.Latest, cancellation);
    }

    private static Energy Less(Energy energy, int loss) => Energy.FromMilliwattHours((long)((Int128)energy.MilliwattHours * (Basis - loss) / Basis));
}
