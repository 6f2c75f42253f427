using System.Globalization;
using Busbar.Simulation.Chance;
using Busbar.Simulation.Replay;

namespace Busbar.Simulation.Tests.Replay;

public class ExactEnergyTests
{
    [Theory]
    [InlineData("2.069", EnergyUnit.KilowattHour, 2_069_000)]
    [InlineData("0", EnergyUnit.KilowattHour, 0)]
    [InlineData("2.49687", EnergyUnit.KilowattHour, 2_496_870)]
    [InlineData("9.5e-05", EnergyUnit.KilowattHour, 95)]
    [InlineData("1.5E+2", EnergyUnit.KilowattHour, 150_000_000)]
    [InlineData(" 12 ", EnergyUnit.WattHour, 12_000)]
    [InlineData(".25", EnergyUnit.WattHour, 250)]
    [InlineData("7.", EnergyUnit.MilliwattHour, 7)]
    [InlineData("-0.000001", EnergyUnit.KilowattHour, -1)]
    [InlineData("0.0000005", EnergyUnit.KilowattHour, 1)]
    [InlineData("0.00000049999", EnergyUnit.KilowattHour, 0)]
    [InlineData("0.30000000000000004", EnergyUnit.KilowattHour, 300_000)]
    [InlineData("1.0000000000000000000000", EnergyUnit.KilowattHour, 1_000_000)]
    public void Parse_Number_IsExact(string text, EnergyUnit unit, long milliwattHours)
    {
        Assert.Equal(ReplayProblemKind.None, ExactEnergy.Parse(text, unit, '.', out var energy));
        Assert.Equal(milliwattHours, energy.RoundedMilliwattHours());
    }

    [Theory]
    [InlineData("", ReplayProblemKind.MissingValue)]
    [InlineData("  ", ReplayProblemKind.MissingValue)]
    [InlineData("NaN", ReplayProblemKind.NotANumber)]
    [InlineData("-", ReplayProblemKind.NotANumber)]
    [InlineData(".", ReplayProblemKind.NotANumber)]
    [InlineData("1,5", ReplayProblemKind.NotANumber)]
    [InlineData("1.2.3", ReplayProblemKind.NotANumber)]
    [InlineData("1e", ReplayProblemKind.NotANumber)]
    [InlineData("1e9999", ReplayProblemKind.NotANumber)]
    [InlineData("0x10", ReplayProblemKind.NotANumber)]
    [InlineData("Infinity", ReplayProblemKind.NotANumber)]
    [InlineData("1e99", ReplayProblemKind.Absurd)]
    [InlineData("1e-19", ReplayProblemKind.TooFine)]
    [InlineData("99999999999999999999999999999999999999999999", ReplayProblemKind.NotANumber)]
    public void Parse_AnythingElse_SaysWhy(string text, ReplayProblemKind why) =>
        Assert.Equal(why, ExactEnergy.Parse(text, EnergyUnit.KilowattHour, '.', out _));

    [Fact]
    public void Parse_RandomDecimals_SumAsDecimalsDo()
    {
        var chance = new SeededGenerator(9);
        var sum = default(ExactEnergy);
        var expected = 0m;
        for (var i = 0; i < 5000; i++)
        {
            var value = new decimal(chance.Below(int.MaxValue), 0, 0, isNegative: false, scale: (byte)chance.Below(13));
            Assert.Equal(
                ReplayProblemKind.None,
                ExactEnergy.Parse(value.ToString(CultureInfo.InvariantCulture), EnergyUnit.WattHour, '.', out var energy));
            sum += energy;
            expected += value;
        }

        Assert.Equal((long)Math.Round(expected * 1000, MidpointRounding.AwayFromZero), sum.RoundedMilliwattHours());
    }

    [Fact]
    public void Parse_DecimalComma_ReadsIt()
    {
        Assert.Equal(ReplayProblemKind.None, ExactEnergy.Parse("1,5", EnergyUnit.WattHour, ',', out var energy));
        Assert.Equal(1500, energy.RoundedMilliwattHours());
    }
}
