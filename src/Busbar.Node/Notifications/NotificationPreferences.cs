using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Busbar.Domain.Notifications;
using Busbar.Node.Notifications.Mail;
using Busbar.Node.Notifications.Outbound;
using Busbar.Node.Notifications.Push;
using Busbar.Node.Notifications.Webhooks;
using Busbar.Store.Notifications;
using NodaTime;

namespace Busbar.Node.Notifications;

/// <summary>
/// What one account wants to be told, where and when. The caller has made sure that the account is the one that asks. Safe for concurrent
/// callers.
/// </summary>
public sealed class NotificationPreferences
{
    private const int MostSubscriptions = 10;
    private const int MostTries = 5;
    private const int CodesPerDay = 5;
    private const int LongestLabel = 60;
    private static readonly Duration CodeGoodFor = Duration.FromHours(1);

    private readonly NotificationDesk _desk;
    private readonly NotificationSurroundings _around;
    private readonly AddressRules _rules;

    internal NotificationPreferences(NotificationDesk desk, NotificationSurroundings around, AddressRules rules, string? pushPublicKey) =>
        (_desk, _around, _rules, PushPublicKey) = (desk, around, rules, pushPublicKey);

    /// <summary>What browsers subscribe with (<c>applicationServerKey</c>), in base64url; null when push is not set up.</summary>
    public string? PushPublicKey { get; }

    private INotificationStore Store => _around.Store;

    private Instant Now => _around.Clock.GetCurrentInstant();

    /// <summary>The account's choices and addresses. The code of a pending mail address in it is not for the account to see.</summary>
    public Task<NotificationProfile> ProfileAsync(RecipientId account, CancellationToken cancellation) =>
        Store.ProfileAsync(account, cancellation);

    /// <summary>The account's newest deliveries with their states.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="below">Only those with a smaller number; null for the newest.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync(RecipientId account, long? below, int limit, CancellationToken cancellation) =>
        Store.OfAccountAsync(account, below, Math.Clamp(limit, 1, 200), cancellation);

    /// <summary>The account's browsers.</summary>
    public Task<IReadOnlyList<PushSubscription>> SubscriptionsAsync(RecipientId account, CancellationToken cancellation) =>
        Store.SubscriptionsAsync(account, cancellation);

    /// <summary>Changes topics, quiet hours and language.</summary>
    public async Task<PreferenceResult> ChooseAsync(RecipientId account, NotificationChoice choice, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var reachable = await Store.ReachableAsync([account], cancellation);
        var channels = reachable.SelectMany(one => one.Addresses).Select(address => address.Channel).Where(_desk.Has).Distinct().ToList();
        if (choice.Silenced(channels) is { } topic)
            return new PreferenceResult.CriticalTopicSilenced(topic);
        await Store.ChangeAsync(account, profile => profile with { Choice = choice }, cancellation);
        return new PreferenceResult.Done();
    }

    /// <summary>Takes a mail address and sends a code there. It is used only when the code has come back.</summary>
    public async Task<PreferenceResult> AskEmailAsync(RecipientId account, string address, CancellationToken cancellation)
    {
        if (!_desk.Has(NotificationChannel.Email))
            return new PreferenceResult.ChannelNotSetUp(NotificationChannel.Email);
        if (!MailAddress.TryParse(address, out var mail))
            return new PreferenceResult.AddressRefused("this is no mail address");
        var now = Now;
        var code = RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);
        PreferenceResult result = new PreferenceResult.Done();
        var profile = await Store.ChangeAsync(
            account,
            before =>
            {
                var isNewDay = now - before.CodesSince >= Duration.FromDays(1);
                var sent = isNewDay ? 0 : before.CodesSent;
                result = sent < CodesPerDay ? new PreferenceResult.Done() : new PreferenceResult.TooOften(before.CodesSince + Duration.FromDays(1));
                return result.IsDone
                    ? before with
                    {
                        Pending = new(mail.Value, code, now + CodeGoodFor, Tries: 0),
                        CodesSent = sent + 1,
                        CodesSince = isNewDay ? now : before.CodesSince,
                    }
                    : null;
            },
            cancellation);
        if (!result.IsDone)
            return result;
        var told = Notification.Of(
            NotificationMessage.EmailConfirmation, new NotificationScope.Account(account), Once("code", now), now, ("code", code));
        await SendAsync(told, profile, new(NotificationChannel.Email, mail.Value), cancellation);
        return result;
    }

    /// <summary>Confirms a mail address by the code that was sent there; a code bears five wrong tries.</summary>
    public async Task<PreferenceResult> ConfirmEmailAsync(RecipientId account, string code, CancellationToken cancellation)
    {
        var now = Now;
        PreferenceResult result = new PreferenceResult.WrongCode(0);
        await Store.ChangeAsync(
            account,
            before =>
            {
                if (before.Pending is not { } pending || pending.Until < now || pending.Tries >= MostTries)
                {
                    result = new PreferenceResult.WrongCode(0);
                    return null;
                }

                if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(pending.Code), Encoding.UTF8.GetBytes(code.Trim())))
                {
                    result = new PreferenceResult.Done();
                    return before with { Email = pending.Address, Pending = null };
                }

                result = new PreferenceResult.WrongCode(MostTries - pending.Tries - 1);
                return before with { Pending = pending with { Tries = pending.Tries + 1 } };
            },
            cancellation);
        return result;
    }

    /// <summary>Removes the mail address, confirmed or not.</summary>
    public async Task<PreferenceResult> RemoveEmailAsync(RecipientId account, CancellationToken cancellation)
    {
        await Store.ChangeAsync(account, before => before with { Email = null, Pending = null }, cancellation);
        return new PreferenceResult.Done();
    }

    /// <summary>Sets where webhooks go, and makes a new secret; the same address again makes a new secret too.</summary>
    public async Task<PreferenceResult> SetWebhookAsync(RecipientId account, string address, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return new PreferenceResult.AddressRefused("this is no address");
        if (OutboundClient.Fault(_rules, uri) is { } fault)
            return new PreferenceResult.AddressRefused(fault);
        var profile = await Store.ChangeAsync(
            account,
            before => before with { Webhook = uri.AbsoluteUri, WebhookGeneration = before.WebhookGeneration + 1 },
            cancellation);
        return new PreferenceResult.WebhookSet(WebhookSignature.Secret(_around.Secret, account, profile.WebhookGeneration));
    }

    /// <summary>Removes the webhook.</summary>
    public async Task<PreferenceResult> RemoveWebhookAsync(RecipientId account, CancellationToken cancellation)
    {
        await Store.ChangeAsync(account, before => before with { Webhook = null }, cancellation);
        return new PreferenceResult.Done();
    }

    /// <summary>Subscribes a browser; ten for an account, beyond which the oldest goes.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="endpoint">The subscription's <c>endpoint</c>.</param>
    /// <param name="key">Its <c>keys.p256dh</c>, in base64url.</param>
    /// <param name="auth">Its <c>keys.auth</c>, in base64url.</param>
    /// <param name="label">What the person calls the browser.</param>
    /// <param name="cancellation">Gives up before anything is stored.</param>
    public async Task<PreferenceResult> SubscribeAsync(
        RecipientId account, string endpoint, string key, string auth, string label, CancellationToken cancellation)
    {
        if (!_desk.Has(NotificationChannel.Push))
            return new PreferenceResult.ChannelNotSetUp(NotificationChannel.Push);
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || OutboundClient.Fault(_rules, uri) is not null || uri.Scheme != Uri.UriSchemeHttps)
            return new PreferenceResult.AddressRefused("the endpoint is no public https address");
        if (!Push.Base64Url.TryDecode(key, PushEncryption.PointLength, out var point) || !PushEncryption.IsKey(point)
            || !Push.Base64Url.TryDecode(auth, PushEncryption.AuthLength, out var secret))
            return new PreferenceResult.AddressRefused("the browser's keys are not those of a push subscription");
        var id = Push.Base64Url.Encode(RandomNumberGenerator.GetBytes(12));
        var name = new string([.. (label ?? "").Where(character => !char.IsControl(character)).Take(LongestLabel)]);
        await Store.AddAsync(new(id, account, uri, point, secret, name, Now), MostSubscriptions, cancellation);
        return new PreferenceResult.Subscribed(id);
    }

    /// <summary>Ends a browser's subscription.</summary>
    public async Task<PreferenceResult> UnsubscribeAsync(RecipientId account, string id, CancellationToken cancellation) =>
        await Store.RemoveAsync(account, id, cancellation) ? new PreferenceResult.Done() : new PreferenceResult.NothingThere();

    /// <summary>Sends a test over a channel to all of the account's addresses there; at most once a minute.</summary>
    public async Task<PreferenceResult> TestAsync(RecipientId account, NotificationChannel channel, CancellationToken cancellation)
    {
        if (!_desk.Has(channel))
            return new PreferenceResult.ChannelNotSetUp(channel);
        var reachable = await Store.ReachableAsync([account], cancellation);
        var addresses = reachable.SelectMany(one => one.Addresses).Where(address => address.Channel == channel).ToList();
        if (addresses.Count == 0)
            return new PreferenceResult.NothingThere();
        var now = Now;
        var minute = now.ToUnixTimeSeconds() / 60;
        var told = Notification.Of(
            NotificationMessage.Test, new NotificationScope.Account(account), string.Create(CultureInfo.InvariantCulture, $"test {channel} {minute}"),
            now, ("time", NodaTime.Text.InstantPattern.ExtendedIso.Format(now)));
        var choice = reachable[0].Profile.Choice;
        var plans = addresses.Select(address => DeliveryRule.To(told, account, choice, address, now, _around.Zone)).ToList();
        return await _desk.TellAsync(told, plans, cancellation) == NotificationOutcome.Stored
            ? new PreferenceResult.Done()
            : new PreferenceResult.TooOften(Instant.FromUnixTimeSeconds((minute + 1) * 60));
    }

    /// <summary>Forgets all about an account: choices, addresses, deliveries.</summary>
    public Task ForgetAsync(RecipientId account, CancellationToken cancellation) => Store.ForgetAsync(account, cancellation);

    private Task SendAsync(Notification told, NotificationProfile profile, NotificationAddress address, CancellationToken cancellation) =>
        _desk.TellAsync(told, [DeliveryRule.To(told, profile.Account, profile.Choice, address, Now, _around.Zone)], cancellation);

    private static string Once(string what, Instant now) => string.Create(
        CultureInfo.InvariantCulture, $"{what} {now.ToUnixTimeMilliseconds()} {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
}
