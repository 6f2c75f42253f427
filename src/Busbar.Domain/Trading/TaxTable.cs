using System.Numerics;
using Busbar.Domain.Quantities;

namespace Busbar.Domain.Trading;

/// <summary>
/// The tax on what neighbours buy, marginal on the buyer's energy of the day (UTC): whoever splits a purchase gains nothing. Equals
/// <c>MarketRules.taxOn</c> of the contracts to the wei.
/// </summary>
/// <param name="FirstEnergy">Energy of a day up to which the first share is due.</param>
/// <param name="SecondEnergy">Energy of a day up to which the second share is due; above it, the third.</param>
/// <param name="FirstShare">Basis points of the seller's share; 0 to 5,000, as the other two.</param>
/// <param name="SecondShare">Basis points.</param>
/// <param name="ThirdShare">Basis points.</param>
public sealed record TaxTable(Energy FirstEnergy, Energy SecondEnergy, int FirstShare, int SecondShare, int ThirdShare)
{
    private const long Basis = 10_000;

    /// <summary>The highest of the three shares: what a demand locks.</summary>
    public int HighestShare => Math.Max(FirstShare, Math.Max(SecondShare, ThirdShare));

    /// <summary>The tax on a seller's share, rounded down to a wei.</summary>
    /// <param name="share">What the seller gets.</param>
    /// <param name="bought">What the buyer has bought on that day before.</param>
    /// <param name="energy">What is bought; more than nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">An amount is negative, or nothing is bought.</exception>
    public Coin TaxOn(Coin share, Energy bought, Energy energy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(share, Coin.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(bought, Energy.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(energy, Energy.Zero);
        return Part(share, energy, Slabs(bought, energy).Aggregate(BigInteger.Zero, (sum, slab) => sum + Weighted(slab)));
    }

    /// <summary>The same tax by the slabs that it is of: those that the purchase reaches into, in their order. They add up to it to the wei.</summary>
    /// <inheritdoc cref="TaxOn" />
    public IReadOnlyList<TaxSlab> SlabsOn(Coin share, Energy bought, Energy energy)
    {
        _ = TaxOn(share, bought, energy);
        var (slabs, weighted, before) = (new List<TaxSlab>(), BigInteger.Zero, Coin.Zero);
        foreach (var slab in Slabs(bought, energy).Where(slab => slab.Energy > 0))
        {
            weighted += Weighted(slab);
            var until = Part(share, energy, weighted);
            slabs.Add(new(Energy.FromMilliwattHours(slab.Energy), slab.Share, until - before));
            before = until;
        }

        return slabs;
    }

    private static Coin Part(Coin share, Energy energy, BigInteger weighted) =>
        Coin.FromWei((Int128)((BigInteger)share.Wei * weighted / ((BigInteger)energy.MilliwattHours * Basis)));

    private static BigInteger Weighted((long Energy, int Share) slab) => (BigInteger)slab.Energy * slab.Share;

    private (long Energy, int Share)[] Slabs(Energy bought, Energy energy)
    {
        var first = Within(bought, energy, Energy.Zero, FirstEnergy);
        var second = Within(bought, energy, FirstEnergy, SecondEnergy);
        return [(first, FirstShare), (second, SecondShare), (energy.MilliwattHours - first - second, ThirdShare)];
    }

    // How much of what is bought lies between two bounds; nothing when they are the wrong way round.
    private static long Within(Energy bought, Energy energy, Energy low, Energy high)
    {
        var from = Math.Max(bought.MilliwattHours, low.MilliwattHours);
        var to = Math.Min((bought + energy).MilliwattHours, high.MilliwattHours);
        return Math.Max(to - from, 0);
    }
}

/// <summary>What of a tax falls into one slab.</summary>
/// <param name="Energy">So much of what is bought.</param>
/// <param name="Share">Basis points of the seller's share of it.</param>
/// <param name="Tax">What that comes to.</param>
public sealed record TaxSlab(Energy Energy, int Share, Coin Tax);
