using Busbar.Device.Link;

namespace Busbar.Device.Tests.Link;

public class BackoffTests
{
    [Theory]
    [InlineData(0.0, new[] { 0.5, 1, 2, 4, 5, 5 })]
    [InlineData(0.5, new[] { 0.75, 1.5, 3, 6, 7.5, 7.5 })]
    public void Next_EachTime_DoublesUpToTheLongestHalfAtRandom(double chance, double[] seconds)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), () => chance);

        Assert.Equal(seconds, seconds.Select(_ => backoff.Next().TotalSeconds));
    }

    [Fact]
    public void Reset_BeginsAgain()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), () => 0);
        backoff.Next();
        backoff.Next();

        backoff.Reset();

        Assert.Equal(0.5, backoff.Next().TotalSeconds);
    }
}
