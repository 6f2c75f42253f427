using Busbar.Domain.Quantities;
using Busbar.Domain.Trading;

namespace Busbar.Domain.Tests.Trading;

public sealed class TaxSlabTests
{
    private static readonly TaxTable Table = new(Energy.FromMilliwattHours(5_000_000), Energy.FromMilliwattHours(20_000_000), 200, 300, 500);

    [Theory]
    [InlineData(0, 4_000_000, new long[] { 4_000_000 }, new[] { 200 })]
    [InlineData(4_000_000, 3_000_000, new long[] { 1_000_000, 2_000_000 }, new[] { 200, 300 })]
    [InlineData(0, 30_000_000, new long[] { 5_000_000, 15_000_000, 10_000_000 }, new[] { 200, 300, 500 })]
    [InlineData(5_000_000, 1, new long[] { 1 }, new[] { 300 })]
    [InlineData(90_000_000, 7, new long[] { 7 }, new[] { 500 })]
    public void SlabsOn_Purchase_TheSlabsThatItReachesInto(long bought, long energy, long[] parts, int[] shares)
    {
        var slabs = Table.SlabsOn(Coin.FromCoins(1), Energy.FromMilliwattHours(bought), Energy.FromMilliwattHours(energy));
        Assert.Equal(parts, slabs.Select(slab => slab.Energy.MilliwattHours));
        Assert.Equal(shares, slabs.Select(slab => slab.Share));
    }

    [Fact]
    public void SlabsOn_AnyPurchase_AddUpToTheTaxToTheWei()
    {
        var chance = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var table = new TaxTable(
                Energy.FromMilliwattHours(chance.NextInt64(30_000_000)),
                Energy.FromMilliwattHours(chance.NextInt64(30_000_000)),
                chance.Next(5_001),
                chance.Next(5_001),
                chance.Next(5_001));
            var (share, bought, energy) = (
                Coin.FromWei((Int128)chance.NextInt64()),
                Energy.FromMilliwattHours(chance.NextInt64(40_000_000)),
                Energy.FromMilliwattHours(1 + chance.NextInt64(40_000_000)));
            var slabs = table.SlabsOn(share, bought, energy);
            Assert.Equal(table.TaxOn(share, bought, energy), slabs.Aggregate(Coin.Zero, (sum, slab) => sum + slab.Tax));
            Assert.Equal(energy, slabs.Aggregate(Energy.Zero, (sum, slab) => sum + slab.Energy));
            Assert.All(slabs, slab => Assert.False(slab.Tax.IsNegative));
        }
    }
}
