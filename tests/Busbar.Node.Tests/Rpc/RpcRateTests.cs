using System.Net;
using Busbar.Node.Rpc;
using Busbar.Tests;

namespace Busbar.Node.Tests.Rpc;

public sealed class RpcRateTests
{
    private static readonly IPAddress Someone = IPAddress.Parse("192.0.2.1");

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void TryTake_BurstSpent_RefusedUntilTokensAreBack()
    {
        var rate = new RpcRate(_time, burst: 10, perSecond: 2);
        Assert.True(rate.TryTake(Someone, 10, out _));
        Assert.False(rate.TryTake(Someone, 1, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);
        _time.Advance(wait);
        Assert.True(rate.TryTake(Someone, 1, out _));
        Assert.False(rate.TryTake(Someone, 1, out _));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(rate.TryTake(Someone, 10, out _));
        Assert.False(rate.TryTake(Someone, 1, out _));
    }

    [Fact]
    public void TryTake_OtherAddress_HasItsOwnBucket()
    {
        var rate = new RpcRate(_time, burst: 3, perSecond: 1);
        Assert.True(rate.TryTake(Someone, 3, out _));
        Assert.True(rate.TryTake(IPAddress.Parse("192.0.2.2"), 3, out _));
        Assert.False(rate.TryTake(Someone.MapToIPv6(), 1, out _));
    }

    [Fact]
    public void TryTake_AddressesOfOneHome_ShareABucket()
    {
        var rate = new RpcRate(_time, burst: 3, perSecond: 1);
        Assert.True(rate.TryTake(IPAddress.Parse("2001:db8:1:2::5"), 3, out _));
        Assert.False(rate.TryTake(IPAddress.Parse("2001:db8:1:2:aaaa::6"), 1, out _));
        Assert.True(rate.TryTake(IPAddress.Parse("2001:db8:1:3::5"), 1, out _));
    }

    [Fact]
    public void TryTake_MoreAddressesThanRemembered_NewcomersShareOneBucket()
    {
        var rate = new RpcRate(_time, burst: 2, perSecond: 1, mostAddresses: 10);
        for (var i = 0; i < 10; i++)
            Assert.True(rate.TryTake(Address(i), 1, out _));
        Assert.True(rate.TryTake(Address(10), 2, out _));
        for (var i = 11; i < 1_000; i++)
            Assert.False(rate.TryTake(Address(i), 1, out _));
        Assert.True(rate.TryTake(Address(0), 1, out _));
        Assert.Equal(10, rate.Addresses);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(rate.TryTake(Address(2_000), 2, out _));
        Assert.Equal(1, rate.Addresses);

        static IPAddress Address(int number) => new([10, 0, (byte)(number / 256), (byte)(number % 256)]);
    }
}
