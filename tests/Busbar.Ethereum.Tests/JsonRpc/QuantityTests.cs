using System.Numerics;
using Busbar.Ethereum.JsonRpc;

namespace Busbar.Ethereum.Tests.JsonRpc;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0x00")]
    [InlineData("0x01")]
    [InlineData("1")]
    [InlineData("0X1")]
    [InlineData("0x 1")]
    [InlineData("0x1 ")]
    [InlineData("0x-1")]
    [InlineData("0xg")]
    [InlineData("0x10000000000000000000000000000000000000000000000000000000000000000")]
    public void TryParse_NotCanonical_False(string text)
    {
        Assert.False(Quantity.TryParse(text, out ulong _));
        Assert.False(Quantity.TryParse(text, out BigInteger _));
    }

    [Theory]
    [InlineData("0x0", 0)]
    [InlineData("0x400", 1024)]
    [InlineData("0xffffffffffffffff", ulong.MaxValue)]
    public void TryParse_Canonical_RoundTrips(string text, ulong value)
    {
        Assert.True(Quantity.TryParse(text, out ulong small));
        Assert.True(Quantity.TryParse(text, out BigInteger great));
        Assert.Equal((value, (BigInteger)value), (small, great));
        Assert.Equal((text, text), (Quantity.Format(value), Quantity.Format((BigInteger)value)));
    }

    [Fact]
    public void TryParse_SixtyFiveBits_OnlyTheWideForm()
    {
        Assert.False(Quantity.TryParse("0x10000000000000000", out ulong _));
        Assert.True(Quantity.TryParse("0x10000000000000000", out BigInteger wide));
        Assert.Equal(BigInteger.Pow(2, 64), wide);
    }

    [Fact]
    public void Format_OutsideAWord_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantity.Format(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantity.Format(BigInteger.Pow(2, 256)));
    }
}
