using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Tests.Quantities;

public sealed class PowerTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void FromWatts_NotFinite_Throws(double watts) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Power.FromWatts(watts));

    [Theory]
    [InlineData(25_000, 900, 6_250_000)]
    [InlineData(1, 3_600, 1_000)]
    [InlineData(1, 1, 1)]
    public void OverCeiling_RoundsUpToAMilliwattHour(double watts, int seconds, long milliwattHours) =>
        Assert.Equal(milliwattHours, Power.FromWatts(watts).OverCeiling(Duration.FromSeconds(seconds)).MilliwattHours);

    [Fact]
    public void Arithmetic_AddsAndSubtracts()
    {
        var sum = Power.FromWatts(230) + Power.FromWatts(-30.5);

        Assert.Equal(199.5, sum.Watts);
        Assert.Equal(Power.FromWatts(230), sum - Power.FromWatts(-30.5));
        Assert.True(sum != Power.FromWatts(230));
        Assert.Equal("199.5 W", sum.ToString());
    }
}
