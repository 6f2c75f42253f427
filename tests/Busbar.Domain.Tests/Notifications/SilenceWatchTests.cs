using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using NodaTime;

namespace Busbar.Domain.Tests.Notifications;

public sealed class SilenceWatchTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 12, 0);
    private static readonly Instant Read = Noon - Duration.FromMinutes(10);
    private static readonly MeterId Meter = new(new Address(Keccak256.Hash("meter"u8).ToArray().AsSpan(0, 20)));

    private readonly SilenceWatch _watch = new(Noon, Duration.FromMinutes(30));

    [Fact]
    public void Look_SilentForTheLimit_IsToldOnceAndItsEndOnce()
    {
        Assert.Empty(Look(29, heard: 0));
        var silent = Assert.Single(Look(30, heard: 0));
        Assert.Empty(Look(90, heard: 0));
        var again = Assert.Single(Look(91, heard: 91));
        Assert.Empty(Look(92, heard: 92));

        Assert.Equal((NotificationMessage.MeterSilent, "30"), (silent.Form.Message, silent.Data["minutes"]));
        Assert.Equal(NotificationMessage.MeterHeard, again.Form.Message);
    }

    [Fact]
    public void Look_NeverHeardSinceTheStart_CountsFromTheStart()
    {
        Assert.Empty(Look(29, heard: null));

        Assert.Equal("2026-03-01T11:50:00Z", Assert.Single(Look(30, heard: null)).Data["since"]);
    }

    [Fact]
    public void Look_ByAnotherWatchAfterARestart_HasTheSameName()
    {
        var before = Assert.Single(Look(40, heard: 5));

        var after = Assert.Single(new SilenceWatch(Noon + Duration.FromHours(1), Duration.FromMinutes(30)).Look(
            [Watched(heard: null)], Noon + Duration.FromHours(2)));

        Assert.Equal(before.Id, after.Id);
    }

    [Fact]
    public void Resume_ToldBeforeARestart_TellsTheEndUnderTheSameName()
    {
        Look(30, heard: 0);
        var expected = Assert.Single(Look(60, heard: 60));
        var later = new SilenceWatch(Noon, Duration.FromMinutes(30));
        later.Resume(Meter, Read);

        Assert.Empty(later.Look([Watched(heard: null)], Noon + Duration.FromHours(3)));
        Assert.Equal(expected.Id, Assert.Single(later.Look([Watched(heard: 200)], Noon + Duration.FromMinutes(200))).Id);
    }

    private IReadOnlyList<Notification> Look(int minute, int? heard) => _watch.Look([Watched(heard)], Noon + Duration.FromMinutes(minute));

    private static WatchedMeter Watched(int? heard) => new(
        Meter, "house 1", new NotificationScope.Community(), Read, heard is { } minute ? Noon + Duration.FromMinutes(minute) : null);
}
