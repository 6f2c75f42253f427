using System.Text;
using Busbar.Device.Clock;
using Busbar.Tests;
using NodaTime;

namespace Busbar.Device.Tests.Clock;

public class MeterClockTests
{
    private static readonly Instant NodeTime = Instant.FromUtc(2026, 5, 1, 12, 0);

    [Fact]
    public void Now_Untrusted_FollowsTheNodeAndRunsOn()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        var clock = new MeterClock(time, ownIsTrusted: false);
        Assert.False(clock.IsSet);

        clock.Set(NodeTime);
        time.Advance(TimeSpan.FromSeconds(90));

        Assert.True(clock.IsSet);
        Assert.Equal(NodeTime + Duration.FromSeconds(90), clock.Now);
    }

    [Fact]
    public void Now_Trusted_StaysTheMachines()
    {
        var time = new ManualTimeProvider();
        var clock = new MeterClock(time, ownIsTrusted: true);

        clock.Set(NodeTime);

        Assert.True(clock.IsSet);
        Assert.Equal(Instant.FromDateTimeOffset(time.GetUtcNow()), clock.Now);
    }

    [Theory]
    [InlineData("""{"now":"2026-05-01T12:00:00Z"}""", true)]
    [InlineData("""{"now":"2026-05-01T14:00:00+02:00","more":1}""", true)]
    [InlineData("""{"now":1777636800}""", false)]
    [InlineData("""{"now":"noon"}""", false)]
    [InlineData("""{}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("""{"now":""", false)]
    [InlineData("", false)]
    public void TryDecode_Payload_OnlyAnObjectWithATime(string payload, bool good) =>
        Assert.Equal(good ? NodeTime : null, MeterClock.TryDecode(Encoding.UTF8.GetBytes(payload)));
}
