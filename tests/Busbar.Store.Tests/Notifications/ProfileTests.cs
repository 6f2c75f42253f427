using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
using Busbar.Store.Notifications;
using NodaTime;

namespace Busbar.Store.Tests.Notifications;

public sealed class ProfileTests : NotificationSuite
{
    [Fact]
    public async Task Profile_NothingChosen_IsTheDefault()
    {
        var profile = await Store.ProfileAsync(Asha, None);

        Assert.True(profile.Choice.IsOn(NotificationTopic.MeterSilent, NotificationChannel.Push));
        Assert.Null(profile.Email);
        Assert.Empty(await Store.ReachableAsync([Asha], None));
    }

    [Fact]
    public async Task Change_Everything_IsReadBackAfterReopening()
    {
        var chosen = new NotificationProfile(Asha)
        {
            Choice = new()
            {
                Language = NotificationLanguage.Hindi,
                QuietHours = new(new LocalTime(22, 30), new LocalTime(6, 0)),
                Offers = new()
                {
                    HighestPrice = Price.FromWeiPerKilowattHour(UInt128.MaxValue),
                    LowestPrice = Price.FromWeiPerKilowattHour(7),
                    LeastEnergy = Energy.FromMilliwattHours(long.MaxValue),
                    Microgrids = new HashSet<MicrogridId> { new(3), new(uint.MaxValue) },
                },
                Off = new HashSet<(NotificationTopic, NotificationChannel)>
                {
                    (NotificationTopic.Membership, NotificationChannel.Email), (NotificationTopic.MeterSilent, NotificationChannel.Push),
                },
            },
            Email = "asha@example.org",
            Pending = new("new@example.org", "12345678", Noon, 2),
            CodesSent = 3,
            CodesSince = Noon,
            Webhook = "https://example.org/hook",
            WebhookGeneration = 4,
        };

        await Store.ChangeAsync(Asha, _ => chosen, None);
        await Open.ReopenAsync();

        var read = await Store.ProfileAsync(Asha, None);
        Assert.Equal(chosen with { Choice = read.Choice }, read);
        Assert.Equal((chosen.Choice.Language, chosen.Choice.QuietHours), (read.Choice.Language, read.Choice.QuietHours));
        Assert.Equal(chosen.Choice.Off, read.Choice.Off);
        Assert.Equal(chosen.Choice.Offers, read.Choice.Offers);
    }

    [Fact]
    public async Task Change_Refused_LeavesItAlone()
    {
        await Store.ChangeAsync(Asha, profile => profile with { Email = "asha@example.org" }, None);

        var after = await Store.ChangeAsync(Asha, _ => null, None);

        Assert.Equal("asha@example.org", after.Email);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ChangeAsync(Asha, _ => new NotificationProfile(Ravi), None));
    }

    [Fact]
    public async Task Reachable_AllChannels_EachAddressOnceAndOthersNone()
    {
        await Store.ChangeAsync(Asha, profile => profile with { Email = "asha@example.org", Webhook = "https://example.org/secret" }, None);
        await Store.AddAsync(Subscription(Asha, 1), 5, None);

        var (profile, addresses) = Assert.Single(await Store.ReachableAsync([Asha, Ravi], None));

        Assert.Equal(Asha, profile.Account);
        Assert.Equal(
            [
                new NotificationAddress(NotificationChannel.Email, "asha@example.org"), new(NotificationChannel.Push, "s1"),
                new(NotificationChannel.Webhook, "webhook of asha"),
            ],
            addresses);
    }

    [Fact]
    public async Task Add_OneTooMany_TheOldestGoes()
    {
        for (var i = 1; i <= 3; i++)
            await Store.AddAsync(Subscription(Asha, i), 2, None);
        await Store.AddAsync(Subscription(Ravi, 9), 2, None);

        Assert.Equal("s2 s3", string.Join(' ', (await Store.SubscriptionsAsync(Asha, None)).Select(one => one.Id)));
        Assert.Equal(Subscription(Ravi, 9).Key.ToArray(), (await Store.SubscriptionAsync("s9", None))!.Key.ToArray());
    }

    [Fact]
    public async Task Add_ABrowserThatAnotherUses_BelongsToTheNewOne()
    {
        await Store.AddAsync(Subscription(Asha, 1), 5, None);

        await Store.AddAsync(Subscription(Ravi, 1) with { Id = "again" }, 5, None);

        Assert.Empty(await Store.SubscriptionsAsync(Asha, None));
        Assert.Equal("again", Assert.Single(await Store.SubscriptionsAsync(Ravi, None)).Id);
    }

    [Fact]
    public async Task Remove_AnothersSubscription_IsRefused()
    {
        await Store.AddAsync(Subscription(Asha, 1), 5, None);

        Assert.False(await Store.RemoveAsync(Ravi, "s1", None));
        Assert.True(await Store.RemoveAsync(Asha, "s1", None));
        Assert.False(await Store.RemoveAsync(null, "s1", None));
    }

    [Fact]
    public async Task Forget_AnAccount_LeavesNothingOfIt()
    {
        var test = Notification.Of(
            NotificationMessage.EmailConfirmation, new NotificationScope.Account(Asha), "code 1", Noon, ("code", "12345678"));
        await TellAsync(test, Plan(test, Asha));
        await Store.ChangeAsync(Asha, profile => profile with { Email = "asha@example.org" }, None);
        await Store.AddAsync(Subscription(Asha, 1), 5, None);
        await TellAsync(Silent(1), Plan(Silent(1), Asha), Plan(Silent(1), Ravi, "ravi@example.org"));

        await Store.ForgetAsync(Asha, None);

        Assert.Empty(await Store.OfAccountAsync(Asha, null, 10, None));
        Assert.Single(await Store.OfAccountAsync(Ravi, null, 10, None));
        Assert.Empty(await Store.SubscriptionsAsync(Asha, None));
        Assert.Null((await Store.ProfileAsync(Asha, None)).Email);
        Assert.False(await Store.WasToldAsync(test.Id, None));
        Assert.True(await Store.WasToldAsync(Silent(1).Id, None));
    }

    private static PushSubscription Subscription(RecipientId account, int number) => new(
        $"s{number}", account, new Uri($"https://push.example.org/{number}"), new byte[] { 4, (byte)number }, new byte[16], "phone",
        Noon + Duration.FromMinutes(number));
}
