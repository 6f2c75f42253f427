using System.Globalization;
using Busbar.Domain.Quantities;
using Busbar.Domain.Tests.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Busbar.Domain.Tests.Quantities;

public sealed class CoinTests
{
    private static readonly Coin Least = Coin.FromWei(Int128.MinValue);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1", "1000000000000000000")]
    [InlineData("0.000000000000000001", "1")]
    [InlineData("-1.5", "-1500000000000000000")]
    [InlineData("170141183460469231731.687303715884105727", "170141183460469231731687303715884105727")]
    [InlineData("-170141183460469231731.687303715884105727", "-170141183460469231731687303715884105727")]
    public void Parse_ExactText_IsExactBothWays(string text, string wei)
    {
        var coin = Coin.Parse(text);

        Assert.Equal(Int128.Parse(wei, CultureInfo.InvariantCulture), coin.Wei);
        Assert.Equal(text, coin.ToString());
    }

    [Fact]
    public void ToString_TheLeast_IsExact() => Assert.Equal("-170141183460469231731.687303715884105728", Least.ToString());

    [Fact]
    public void Parse_WhatToStringWrote_IsTheSameCoin() => Prop.ForAll(RandomBilling.Seeds, seed =>
    {
        var random = new RandomBilling(seed);
        var coin = Coin.FromWei((((Int128)(long)(random.Word64() >> 1) << 64) + random.Word64()) >> (seed & 127)) - Coin.FromWei((Int128)random.Word64());
        return Coin.Parse(coin.ToString()) == coin;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("01")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.2.3")]
    [InlineData("1,5")]
    [InlineData("--1")]
    [InlineData("1.-5")]
    [InlineData("٣")]
    [InlineData("0.0000000000000000001")]
    [InlineData("170141183460469231731.687303715884105728")]
    [InlineData("340282366920938463463.374607431768211456")]
    [InlineData("99999999999999999999999999999999999999999999")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        Assert.False(Coin.TryParse(text, out var coin));
        Assert.Equal(Coin.Zero, coin);
        Assert.Throws<FormatException>(() => Coin.Parse(text));
    }

    [Fact]
    public void Arithmetic_BeyondTheRange_Throws()
    {
        var one = Coin.FromWei(Int128.One);

        Assert.Throws<OverflowException>(() => Coin.Most + one);
        Assert.Throws<OverflowException>(() => Least - one);
        Assert.Throws<OverflowException>(() => -Least);
        Assert.Throws<OverflowException>(() => Coin.FromWei(UInt128.MaxValue));
    }

    [Fact]
    public void Arithmetic_DebtsAndCredits_KeepTheirSigns()
    {
        var (debt, credit) = (Coin.FromCoins(5), Coin.FromCoins(-8));

        Assert.Equal(Coin.FromCoins(-3), debt + credit);
        Assert.Equal(Coin.FromCoins(13), debt - credit);
        Assert.True((-credit).Wei > 0 && credit.IsNegative && !debt.IsNegative && !Coin.Zero.IsNegative);
        Assert.True(credit < debt && debt > credit && debt >= Coin.FromCoins(5) && credit <= debt);
        Assert.True(debt != credit && debt.CompareTo(credit) > 0 && debt.Equals((object)Coin.FromCoins(5)));
        Assert.Equal(debt.GetHashCode(), Coin.FromCoins(5).GetHashCode());
    }

    [Theory]
    [InlineData("10", 1, 3, "3.333333333333333333")]
    [InlineData("0.000000000000000002", 2, 3, "0.000000000000000001")]
    [InlineData("170141183460469231731.687303715884105727", 7, 7, "170141183460469231731.687303715884105727")]
    [InlineData("170141183460469231731.687303715884105727", 9_999, 10_000, "170124169342123184808.514134985512517316")]
    public void TimesFloor_AnyFraction_IsRoundedDownToTheWei(string coin, long numerator, long denominator, string expected) =>
        Assert.Equal(expected, Coin.Parse(coin).TimesFloor(numerator, denominator).ToString());

    [Fact]
    public void TimesFloor_WhatCannotBe_Throws()
    {
        var one = Coin.FromCoins(1);

        Assert.Throws<ArgumentOutOfRangeException>(() => (-one).TimesFloor(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.TimesFloor(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.TimesFloor(1, 0));
        Assert.Throws<OverflowException>(() => Coin.Most.TimesFloor(2, 1));
    }
}
