using System.Numerics;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Busbar.Domain.Tests.Quantities;

public sealed class PriceTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("12.21")]
    [InlineData("0.000000000000000001")]
    [InlineData("340282366920938463463.374607431768211455")]
    public void Parse_ExactText_IsExactBothWays(string text) => Assert.Equal(text, Price.Parse(text).ToString());

    [Theory]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("0.0000000000000000001")]
    [InlineData("340282366920938463463.374607431768211456")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        Assert.False(Price.TryParse(text, out var price));
        Assert.Equal(Price.Zero, price);
        Assert.Throws<FormatException>(() => Price.Parse(text));
    }

    [Theory]
    [InlineData("9.5", 2_000_000, "19")]
    [InlineData("0.000000000000000001", 999_999, "0")]
    [InlineData("0.000000000000000001", 1_000_000, "0.000000000000000001")]
    [InlineData("0.33", 1, "0.00000033")]
    public void CostFloor_Energy_IsRoundedDownToTheWei(string price, long milliwattHours, string cost) =>
        Assert.Equal(cost, Price.Parse(price).CostFloor(Energy.FromMilliwattHours(milliwattHours)).ToString());

    [Fact]
    public void CostFloor_AnyPriceAndEnergy_IsThatOfUnboundedNumbers() => Prop.ForAll(RandomBilling.Seeds, seed =>
    {
        var random = new RandomBilling(seed);
        var (high, low, shift) = (random.Word64(), random.Word64(), seed & 63);
        var (wei, energy) = ((((UInt128)high << 64) + low) >> (2 * shift), (long)(low >> (1 + (shift % 40))));
        var exact = (BigInteger)wei * energy / 1_000_000;
        var price = Price.FromWeiPerKilowattHour(wei);
        if (exact <= (BigInteger)Int128.MaxValue)
            return (BigInteger)price.CostFloor(Energy.FromMilliwattHours(energy)).Wei == exact;
        return Assert.Throws<OverflowException>(() => price.CostFloor(Energy.FromMilliwattHours(energy))) is not null;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Price_BelowZero_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.FromCoinPerKilowattHour(Coin.FromCoins(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Price.Zero.CostFloor(Energy.FromMilliwattHours(-1)));
    }

    [Fact]
    public void Prices_AreOrdered()
    {
        var (low, high) = (Price.FromWeiPerKilowattHour(1), Price.FromCoinPerKilowattHour(Coin.FromCoins(2)));

        Assert.True(low < high && high > low && low <= high && high >= Price.Parse("2") && low != high && low.CompareTo(high) < 0);
        Assert.True(high.Equals((object)Price.Parse("2")) && high.GetHashCode() == Price.Parse("2").GetHashCode());
        Assert.True(Price.Zero.IsZero && !low.IsZero);
        Assert.Equal((UInt128)2_000_000_000_000_000_000, high.WeiPerKilowattHour);
    }
}
