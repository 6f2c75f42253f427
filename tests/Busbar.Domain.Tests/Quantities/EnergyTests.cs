using Busbar.Domain.Quantities;

namespace Busbar.Domain.Tests.Quantities;

public sealed class EnergyTests
{
    [Theory]
    [InlineData("0.000001", 1)]
    [InlineData("1", 1_000_000)]
    [InlineData("-2.5", -2_500_000)]
    [InlineData("9223372036854.775807", long.MaxValue)]
    public void FromKilowattHours_WholeMilliwattHours_IsExactBothWays(string text, long milliwattHours)
    {
        var kilowattHours = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        var energy = Energy.FromKilowattHours(kilowattHours);

        Assert.Equal(milliwattHours, energy.MilliwattHours);
        Assert.Equal(kilowattHours, energy.KilowattHours);
    }

    [Fact]
    public void FromKilowattHours_FractionOfAMilliwattHour_Throws() =>
        Assert.Throws<ArgumentException>(() => Energy.FromKilowattHours(0.0000005m));

    [Fact]
    public void FromKilowattHours_BeyondTheRange_Throws() =>
        Assert.Throws<OverflowException>(() => Energy.FromKilowattHours(9_223_372_036_854.775808m));

    [Fact]
    public void Arithmetic_BeyondTheRange_Throws()
    {
        var most = Energy.FromMilliwattHours(long.MaxValue);
        var least = Energy.FromMilliwattHours(long.MinValue);
        var one = Energy.FromMilliwattHours(1);

        Assert.Throws<OverflowException>(() => most + one);
        Assert.Throws<OverflowException>(() => least - one);
        Assert.Throws<OverflowException>(() => -least);
    }

    [Fact]
    public void Arithmetic_ImportAndExport_KeepTheirSigns()
    {
        var import = Energy.FromMilliwattHours(5);
        var export = Energy.FromMilliwattHours(-8);

        Assert.Equal(-3, (import + export).MilliwattHours);
        Assert.Equal(13, (import - export).MilliwattHours);
        Assert.Equal(8, (-export).MilliwattHours);
        Assert.True(export < import && import > export && import >= Energy.FromMilliwattHours(5) && export <= import);
        Assert.True(import != export && import.CompareTo(export) > 0 && import.Equals((object)Energy.FromMilliwattHours(5)));
    }

    [Theory]
    [InlineData(0, "0 kWh")]
    [InlineData(1_500_000, "1.5 kWh")]
    [InlineData(-1, "-0.000001 kWh")]
    public void ToString_SaysTheUnit(long milliwattHours, string text) =>
        Assert.Equal(text, Energy.FromMilliwattHours(milliwattHours).ToString());
}
