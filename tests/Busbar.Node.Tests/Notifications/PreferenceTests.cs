using System.Security.Cryptography;
using Busbar.Domain.Notifications;
using Busbar.Node.Notifications;
using Busbar.Node.Notifications.Push;
using NodaTime;

namespace Busbar.Node.Tests.Notifications;

public sealed class PreferenceTests : IAsyncLifetime
{
    private OpenDesk _open = null!;
    private NotificationDesk _desk = null!;

    private NotificationPreferences Preferences => _desk.Preferences;

    public async Task InitializeAsync()
    {
        _open = await OpenDesk.OpenAsync();
        _desk = _open.Desk(
            new AnsweredChannel(NotificationChannel.Email), new AnsweredChannel(NotificationChannel.Push), new AnsweredChannel(NotificationChannel.Webhook));
    }

    public async Task DisposeAsync()
    {
        _desk.Dispose();
        await _open.DisposeAsync();
    }

    [Fact]
    public async Task Email_OnlyTheCodeMakesItOnesOwn()
    {
        Assert.True((await Preferences.AskEmailAsync(Samples.Asha, "asha@example.org", default)).IsDone);
        Assert.Null((await Preferences.ProfileAsync(Samples.Asha, default)).Email);
        var sent = Assert.Single((await _open.Store.ClaimAsync(NotificationChannel.Email, Samples.Noon, 5, [], default)).Deliveries);
        Assert.Equal("asha@example.org", sent.Address.Value);
        var code = sent.Told.Data["code"];

        var wrong = await Preferences.ConfirmEmailAsync(Samples.Asha, code[..7] + (char)(code[7] ^ 1), default);
        Assert.Equal(new PreferenceResult.WrongCode(4), wrong);
        Assert.True((await Preferences.ConfirmEmailAsync(Samples.Asha, $" {code} ", default)).IsDone);

        Assert.Equal("asha@example.org", (await Preferences.ProfileAsync(Samples.Asha, default)).Email);
        Assert.Equal(new PreferenceResult.WrongCode(0), await Preferences.ConfirmEmailAsync(Samples.Asha, code, default));
    }

    [Fact]
    public async Task Email_FiveWrongCodesOrAnHour_EndTheCode()
    {
        await Preferences.AskEmailAsync(Samples.Asha, "asha@example.org", default);
        var code = (await Preferences.ProfileAsync(Samples.Asha, default)).Pending!.Code;
        for (var i = 0; i < 5; i++)
            await Preferences.ConfirmEmailAsync(Samples.Asha, "x", default);
        Assert.Equal(new PreferenceResult.WrongCode(0), await Preferences.ConfirmEmailAsync(Samples.Asha, code, default));

        await Preferences.AskEmailAsync(Samples.Asha, "asha@example.org", default);
        code = (await Preferences.ProfileAsync(Samples.Asha, default)).Pending!.Code;
        _open.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(new PreferenceResult.WrongCode(0), await Preferences.ConfirmEmailAsync(Samples.Asha, code, default));
    }

    [Fact]
    public async Task Email_StrangersCannotBeFloodedThroughUs()
    {
        for (var i = 0; i < 5; i++)
            Assert.True((await Preferences.AskEmailAsync(Samples.Asha, $"{i}@example.org", default)).IsDone);

        var sixth = await Preferences.AskEmailAsync(Samples.Asha, "6@example.org", default);

        Assert.Equal(new PreferenceResult.TooOften(Samples.Noon + Duration.FromDays(1)), sixth);
        Assert.Equal(5, (await _open.Store.OfAccountAsync(Samples.Asha, null, 10, default)).Count);
        _open.Time.Advance(TimeSpan.FromDays(1));
        Assert.True((await Preferences.AskEmailAsync(Samples.Asha, "6@example.org", default)).IsDone);
    }

    [Fact]
    public async Task Choose_SafetyOffOnTheOnlyChannel_IsRefusedAndNothingChanges()
    {
        await _open.EmailAsync(Samples.Asha, "asha@example.org");
        var choice = new NotificationChoice
        {
            Language = NotificationLanguage.Hindi,
            Off = new HashSet<(NotificationTopic, NotificationChannel)> { (NotificationTopic.Safety, NotificationChannel.Email) },
        };

        var refused = await Preferences.ChooseAsync(Samples.Asha, choice, default);

        Assert.Equal(new PreferenceResult.CriticalTopicSilenced(NotificationTopic.Safety), refused);
        Assert.Equal("CriticalTopicSilenced", refused.Code);
        Assert.Equal(NotificationLanguage.English, (await Preferences.ProfileAsync(Samples.Asha, default)).Choice.Language);
        Assert.True((await Preferences.ChooseAsync(Samples.Asha, choice with { Off = new HashSet<(NotificationTopic, NotificationChannel)>() }, default)).IsDone);
    }

    [Theory]
    [InlineData("https://hooks.example.org/a", true)]
    [InlineData("http://hooks.example.org/a", false)]
    [InlineData("https://192.168.1.1/a", false)]
    [InlineData("nonsense", false)]
    public async Task Webhook_PublicHttpsAlone_GetsASecretOfItsOwn(string address, bool isTaken)
    {
        var result = await Preferences.SetWebhookAsync(Samples.Asha, address, default);

        Assert.Equal(isTaken, result.IsDone);
        if (!isTaken)
            return;
        var again = Assert.IsType<PreferenceResult.WebhookSet>(await Preferences.SetWebhookAsync(Samples.Asha, address, default));
        var other = Assert.IsType<PreferenceResult.WebhookSet>(await Preferences.SetWebhookAsync(new("ravi"), address, default));
        Assert.Equal(3, new HashSet<string>(StringComparer.Ordinal) { ((PreferenceResult.WebhookSet)result).Secret, again.Secret, other.Secret }.Count);
        Assert.DoesNotContain(again.Secret, $"{again}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_KeysAndEndpointAreChecked()
    {
        using var browser = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var key = Base64Url.Encode(PushEncryption.Bytes(browser.ExportParameters(false)));
        var auth = Base64Url.Encode(new byte[16]);

        var taken = await Preferences.SubscribeAsync(Samples.Asha, "https://push.example.org/1", key, auth, "phone\n", default);

        Assert.Equal("phone", Assert.Single(await Preferences.SubscriptionsAsync(Samples.Asha, default)).Label);
        Assert.False((await Preferences.SubscribeAsync(Samples.Asha, "http://push.example.org/1", key, auth, "", default)).IsDone);
        Assert.False((await Preferences.SubscribeAsync(Samples.Asha, "https://10.0.0.1/1", key, auth, "", default)).IsDone);
        Assert.False((await Preferences.SubscribeAsync(Samples.Asha, "https://push.example.org/1", key[..^4], auth, "", default)).IsDone);
        Assert.False((await Preferences.SubscribeAsync(Samples.Asha, "https://push.example.org/1", key, key, "", default)).IsDone);
        var id = Assert.IsType<PreferenceResult.Subscribed>(taken).Id;
        Assert.False((await Preferences.UnsubscribeAsync(new("ravi"), id, default)).IsDone);
        Assert.True((await Preferences.UnsubscribeAsync(Samples.Asha, id, default)).IsDone);
    }

    [Fact]
    public async Task Test_OnceAMinute_OnlyWhereThereIsAnAddress()
    {
        Assert.IsType<PreferenceResult.NothingThere>(await Preferences.TestAsync(Samples.Asha, NotificationChannel.Email, default));
        await _open.EmailAsync(Samples.Asha, "asha@example.org");

        Assert.True((await Preferences.TestAsync(Samples.Asha, NotificationChannel.Email, default)).IsDone);
        Assert.IsType<PreferenceResult.TooOften>(await Preferences.TestAsync(Samples.Asha, NotificationChannel.Email, default));
        _open.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await Preferences.TestAsync(Samples.Asha, NotificationChannel.Email, default)).IsDone);
        Assert.Equal(2, (await Preferences.DeliveriesAsync(Samples.Asha, null, 10, default)).Count);
    }

    [Fact]
    public async Task AnyWish_ChannelThatIsNotSetUp_SaysSo()
    {
        using var desk = _open.Desk(new AnsweredChannel(NotificationChannel.Webhook));

        Assert.IsType<PreferenceResult.ChannelNotSetUp>(await desk.Preferences.AskEmailAsync(Samples.Asha, "asha@example.org", default));
        Assert.IsType<PreferenceResult.ChannelNotSetUp>(await desk.Preferences.SubscribeAsync(Samples.Asha, "https://a.example.org/", "", "", "", default));
        Assert.Null(desk.Preferences.PushPublicKey);
    }
}
