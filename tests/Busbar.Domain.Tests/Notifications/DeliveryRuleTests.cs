using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using NodaTime;

namespace Busbar.Domain.Tests.Notifications;

public sealed class DeliveryRuleTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 3, 1, 6, 30);
    private static readonly DateTimeZone India = DateTimeZoneProviders.Tzdb["Asia/Kolkata"];
    private static readonly PremisesId House = new(Keccak256.Hash("house 1"u8));
    private static readonly PremisesId OtherHouse = new(Keccak256.Hash("house 2"u8));
    private static readonly Address Member = new(Keccak256.Hash("member"u8).ToArray().AsSpan(0, 20));

    private static readonly Hash256 Bad = Keccak256.Hash("a firmware"u8);

    private static readonly NotificationStanding Household = new(new("household"))
    {
        Premises = [House],
        Microgrids = [new(1)],
        Participant = Member,
        Firmware = [Bad],
    };

    private static readonly NotificationStanding Neighbour = new(new("neighbour")) { Premises = [OtherHouse], Microgrids = [new(2)] };
    private static readonly NotificationStanding Guest = new(new("guest")) { GuestOf = [House] };
    private static readonly NotificationStanding Operator = new(new("operator")) { IsOperator = true };
    private static readonly NotificationStanding Regulator = new(new("regulator")) { IsRegulator = true };

    public static TheoryData<Notification, string> Audiences => new()
    {
        { Silent(new NotificationScope.Premises(House)), "household operator" },
        { Silent(new NotificationScope.Participant(Member)), "household operator" },
        { Silent(new NotificationScope.Community()), "guest household neighbour operator regulator" },
        { NotificationCauses.AnchorFailed(new(1), "grid", Noon, 1, "Unordered", Noon), "operator regulator" },
        { Alarm(), "guest household operator" },
        { NotificationCauses.RuleChanged(new NotificationScope.Microgrid(new(2)), "rule", "1", Noon, default), "neighbour operator regulator" },
        { NotificationCauses.AccessRequested(House, "the district", "load", "planning", "7", Noon), "household regulator" },
        { NotificationCauses.GuestInvited(House, "house 1", "Asha", "a friend", "1", Noon), "household" },
        { NotificationCauses.Advisory(Bad, Noon, Noon, default), "household operator regulator" },
        { NotificationCauses.Membership(MembershipChange.Removed, Member, "Asha", "", Noon, default), "household operator regulator" },
    };

    [Theory]
    [MemberData(nameof(Audiences))]
    public void Plan_Scope_ReachesWhomItConcernsAndNobodyElse(Notification notification, string expected)
    {
        NotificationParty[] parties =
            [.. new[] { Household, Neighbour, Guest, Operator, Regulator }.Select(standing => Party(standing))];

        var plans = DeliveryRule.Plan(notification, parties, Noon, India);

        Assert.Equal(expected, string.Join(' ', plans.Select(plan => plan.Account.Value).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Plan_ChannelSwitchedOff_ComesOverTheOthers()
    {
        var choice = Off((NotificationTopic.MeterSilent, NotificationChannel.Email));

        var plans = DeliveryRule.Plan(Silent(new NotificationScope.Community()), [Party(Household, choice, Everywhere)], Noon, India);

        Assert.Equal([NotificationChannel.Push, NotificationChannel.Push, NotificationChannel.Webhook], plans.Select(plan => plan.Address.Channel));
    }

    [Fact]
    public void Plan_TopicSwitchedOffEverywhere_ComesNowhereUnlessItIsCritical()
    {
        var choice = Off([.. NotificationChannels.All.SelectMany(
            channel => new[] { (NotificationTopic.MeterSilent, channel), (NotificationTopic.Safety, channel) })]);
        var party = Party(Household, choice, Everywhere);

        Assert.Empty(DeliveryRule.Plan(Silent(new NotificationScope.Community()), [party], Noon, India));
        Assert.Equal(4, DeliveryRule.Plan(Alarm(), [party], Noon, India).Count);
    }

    [Fact]
    public void Plan_CriticalTopicOffWhereThePersonHasAnAddress_StillComes()
    {
        var choice = Off((NotificationTopic.Safety, NotificationChannel.Email));

        var plan = Assert.Single(DeliveryRule.Plan(Alarm(), [Party(Household, choice)], Noon, India));

        Assert.Equal(NotificationChannel.Email, plan.Address.Channel);
    }

    [Fact]
    public void Plan_QuietHours_HoldMailAndPushButNoWebhookAndNothingCritical()
    {
        var night = Instant.FromUtc(2026, 3, 1, 18, 0);
        var morning = Instant.FromUtc(2026, 3, 2, 0, 30);
        var party = Party(Household, new() { QuietHours = new(new(22, 0), new(6, 0)) }, Everywhere);

        var silent = DeliveryRule.Plan(Silent(new NotificationScope.Community()), [party], night, India);
        var alarm = DeliveryRule.Plan(Alarm(), [party], night, India);

        Assert.Equal([morning, morning, morning, night], silent.Select(plan => plan.NotBefore));
        Assert.All(silent, plan => Assert.Equal(plan.NotBefore + Duration.FromDays(1), plan.GoodUntil));
        Assert.All(alarm, plan => Assert.Equal(night, plan.NotBefore));
    }

    [Fact]
    public void Plan_TheSameAgain_HasTheSameNamesAndAnotherAddressAnother()
    {
        var party = Party(Household, new(), Everywhere);

        var first = DeliveryRule.Plan(Alarm(), [party, party], Noon, India);
        var second = DeliveryRule.Plan(Alarm(), [party], Noon + Duration.FromHours(1), India);

        Assert.Equal(4, first.Select(plan => plan.Id).Distinct().Count());
        Assert.Equal(first.Select(plan => plan.Id), second.Select(plan => plan.Id));
        Assert.All(first, plan => Assert.Matches("^[A-Za-z0-9_-]{32}$", plan.Id.Token));
    }

    [Fact]
    public void Silenced_CriticalTopicOffOnEveryChannelThatOneHas_IsNamed()
    {
        var choice = Off((NotificationTopic.Safety, NotificationChannel.Email), (NotificationTopic.MeterSilent, NotificationChannel.Push));

        Assert.Equal(NotificationTopic.Safety, choice.Silenced([NotificationChannel.Email]));
        Assert.Null(choice.Silenced([NotificationChannel.Email, NotificationChannel.Push]));
        Assert.Null(choice.Silenced([]));
    }

    private static readonly NotificationAddress[] Everywhere =
    [
        new(NotificationChannel.Email, "a@example.org"), new(NotificationChannel.Push, "1"), new(NotificationChannel.Push, "2"),
        new(NotificationChannel.Webhook, "w"),
    ];

    private static NotificationParty Party(
        NotificationStanding standing, NotificationChoice? choice = null, NotificationAddress[]? addresses = null) => new(
        standing, choice ?? new(), addresses ?? [new(NotificationChannel.Email, $"{standing.Account}@example.org")]);

    private static NotificationChoice Off(params (NotificationTopic, NotificationChannel)[] off) =>
        new() { Off = off.ToHashSet() };

    private static Notification Silent(NotificationScope scope) =>
        NotificationCauses.MeterSilent(new(Member), "meter", scope, Noon, Noon - Duration.FromMinutes(30), Noon);

    private static Notification Alarm() => Notification.Of(
        NotificationMessage.SafetyAlarm, new NotificationScope.Premises(House), "alarm 1", Noon,
        ("kind", "fire"), ("place", "kitchen"), ("time", "2026-03-01T06:30:00Z"));
}
