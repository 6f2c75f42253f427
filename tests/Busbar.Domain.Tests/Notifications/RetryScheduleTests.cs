using Busbar.Cryptography;
using Busbar.Domain.Notifications;
using NodaTime;

namespace Busbar.Domain.Tests.Notifications;

public sealed class RetryScheduleTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    private static readonly DeliveryId Delivery = new(Keccak256.Hash("one"u8));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(5, 81)]
    [InlineData(7, 720)]
    [InlineData(8, 720)]
    public void Next_Attempt_WaitsThriceAsLongEachTimeAFifthMoreOrLess(int attempt, int minutes)
    {
        for (var i = 0; i < 200; i++)
        {
            var next = new RetrySchedule(7).Next(new(Keccak256.Hash([(byte)i])), attempt, Noon, Instant.MaxValue);
            Assert.InRange((next!.Value - Noon).TotalMinutes, minutes * 0.8, minutes * 1.2);
        }
    }

    [Fact]
    public void Next_ManyDeliveries_DoNotComeBackTogether()
    {
        var times = Enumerable.Range(0, 100).Select(i => new RetrySchedule(7).Next(new(Keccak256.Hash([(byte)i])), 1, Noon, Instant.MaxValue));

        Assert.Equal(100, times.Distinct().Count());
    }

    [Fact]
    public void Next_TheSameSeed_TheSameTime()
    {
        Assert.Equal(new RetrySchedule(7).Next(Delivery, 3, Noon, Instant.MaxValue), new RetrySchedule(7).Next(Delivery, 3, Noon, Instant.MaxValue));
        Assert.NotEqual(new RetrySchedule(7).Next(Delivery, 3, Noon, Instant.MaxValue), new RetrySchedule(8).Next(Delivery, 3, Noon, Instant.MaxValue));
    }

    [Fact]
    public void Next_ReceiverAsksForMore_IsGrantedButNotLess()
    {
        Assert.Equal(Noon + Duration.FromHours(2), new RetrySchedule(7).Next(Delivery, 1, Noon, Instant.MaxValue, Duration.FromHours(2)));
        Assert.True(new RetrySchedule(7).Next(Delivery, 3, Noon, Instant.MaxValue, Duration.FromSeconds(1)) > Noon + Duration.FromMinutes(7));
    }

    [Fact]
    public void Next_TooLateOrTooOften_IsNone()
    {
        Assert.Null(new RetrySchedule(7).Next(Delivery, RetrySchedule.MostAttempts, Noon, Instant.MaxValue));
        Assert.Null(new RetrySchedule(7).Next(Delivery, 1, Noon, Noon + Duration.FromSeconds(40)));
    }
}
