using Busbar.Domain.Metering;
using Busbar.Domain.Tests.Testing;
using Interval = Busbar.Domain.Metering.Interval;

namespace Busbar.Domain.Tests.Metering;

public sealed class LeafOrderTests
{
    private static readonly MicrogridId Microgrid = new(1);
    private static readonly Interval Noon = new(Sample.Noon, IntervalLength.Default);
    private static readonly MeterId[] Meters = [.. Enumerable.Range(0, 40).Select(Sample.Meter)];

    [Fact]
    public void Permute_EveryMeter_OnceAndNotInItsOwnPlace()
    {
        var order = LeafOrder.Permute(Sample.Hash(1), Microgrid, Noon, 1, Meters);

        Assert.Equal(Enumerable.Range(0, Meters.Length), order.Order());
        Assert.NotEqual(Enumerable.Range(0, Meters.Length), order);
    }

    [Fact]
    public void Permute_IntervalVersionMicrogridOrSecret_EachChangesIt()
    {
        int[][] orders =
        [
            LeafOrder.Permute(Sample.Hash(1), Microgrid, Noon, 1, Meters),
            LeafOrder.Permute(Sample.Hash(1), Microgrid, Noon.Next, 1, Meters),
            LeafOrder.Permute(Sample.Hash(1), Microgrid, Noon, 2, Meters),
            LeafOrder.Permute(Sample.Hash(1), new(2), Noon, 1, Meters),
            LeafOrder.Permute(Sample.Hash(2), Microgrid, Noon, 1, Meters),
        ];

        Assert.Equal(orders.Length, orders.Select(order => string.Join(',', order)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Permute_TheOrderOfTheList_DoesNotMatter()
    {
        MeterId[] other = [.. Meters.Reverse()];

        var order = LeafOrder.Permute(Sample.Hash(1), Microgrid, Noon, 1, Meters).Select(place => Meters[place]);

        Assert.Equal(order, LeafOrder.Permute(Sample.Hash(1), Microgrid, Noon, 1, other).Select(place => other[place]));
    }

    [Fact]
    public void Salt_IntervalVersionMeterOrMaster_EachChangesIt()
    {
        var secret = MeterSecret.Derive(Sample.Hash(1), Sample.Meter(1));
        Busbar.Cryptography.Hash256[] salts =
        [
            secret.Salt(Noon, 1),
            secret.Salt(Noon.Next, 1),
            secret.Salt(Noon, 2),
            MeterSecret.Derive(Sample.Hash(1), Sample.Meter(2)).Salt(Noon, 1),
            MeterSecret.Derive(Sample.Hash(2), Sample.Meter(1)).Salt(Noon, 1),
        ];

        Assert.Equal(salts.Length, salts.Distinct().Count());
        Assert.Equal(salts[0], new MeterSecret(secret.Value).Salt(Noon, 1));
    }

    [Fact]
    public void ToString_OfASecret_NeverShowsIt()
    {
        var secret = MeterSecret.Derive(Sample.Hash(1), Sample.Meter(1));

        Assert.DoesNotContain(secret.Value.ToString()[2..], secret.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
