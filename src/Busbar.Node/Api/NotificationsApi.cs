using System.ComponentModel;
using System.Globalization;
using Busbar.Domain.Notifications;
using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Busbar.Node.Notifications;
using Busbar.Store.Notifications;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime.Text;

namespace Busbar.Node.Api;

/// <summary>What an account wants to be told, where and when.</summary>
internal static class NotificationsApi
{
    private const int LongestAddress = 2_000;
    private static readonly string[] Unusable = ["ChannelNotSetUp", "AddressRefused", "NothingThere", "TooOften"];
    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/notifications").Guard("notifications").WithTags("Notifications");
        group.MapGet("/choices", ChoicesAsync).Describe("notifications.choices", "What the account has chosen and can choose.");
        group.MapPut("/choices", ChooseAsync).Describe("notifications.choose", "Replaces what the account has chosen.", "CriticalTopicSilenced");
        group.MapGet("/deliveries", DeliveriesAsync).Describe("notifications.deliveries", "What the account was told, newest first, and how it stands.");
        group.MapPost("/test", TestAsync).Describe("notifications.test", "Tells the account something by a channel.", Unusable);
        group.MapPost("/email", (NotificationDesk desk, RequestAccess access, AddressForm form, CancellationToken cancellation) =>
            DoneAsync(desk.Preferences.AskEmailAsync(Of(access), Cut(form.Address), cancellation)))
            .Describe("notifications.email.ask", "Sends a code to a mail address.", Unusable);
        group.MapPost("/email/confirm", (NotificationDesk desk, RequestAccess access, CodeForm form, CancellationToken cancellation) =>
            DoneAsync(desk.Preferences.ConfirmEmailAsync(Of(access), Cut(form.Code), cancellation)))
            .Describe("notifications.email.confirm", "Confirms the mail address by the code that came to it.", "NothingThere", "WrongCode");
        group.MapDelete("/email", (NotificationDesk desk, RequestAccess access, CancellationToken cancellation) =>
            DoneAsync(desk.Preferences.RemoveEmailAsync(Of(access), cancellation)))
            .Describe("notifications.email.remove", "Forgets the mail address.", "NothingThere");
        group.MapPut("/webhook", WebhookAsync)
            .Describe("notifications.webhook.set", "Sets the address that signed requests go to, with a new secret.", Unusable);
        group.MapDelete("/webhook", (NotificationDesk desk, RequestAccess access, CancellationToken cancellation) =>
            DoneAsync(desk.Preferences.RemoveWebhookAsync(Of(access), cancellation)))
            .Describe("notifications.webhook.remove", "Forgets the webhook.", "NothingThere");
        group.MapGet("/push/key", (NotificationDesk desk) => TypedResults.Ok(new PushKeyDocument(desk.Preferences.PushPublicKey)))
            .Describe("notifications.push.key", "The node's key for push messages.");
        group.MapPost("/push", SubscribeAsync).Describe("notifications.push.subscribe", "Subscribes a browser.", Unusable);
        group.MapDelete("/push/{id}", (NotificationDesk desk, RequestAccess access, string id, CancellationToken cancellation) =>
            DoneAsync(desk.Preferences.UnsubscribeAsync(Of(access), id, cancellation)))
            .Describe("notifications.push.unsubscribe", "Ends a browser's subscription.", "NothingThere");
    }

    private static async Task<Ok<ChoicesDocument>> ChoicesAsync(NotificationDesk desk, RequestAccess access, CancellationToken cancellation)
    {
        var profile = await desk.Preferences.ProfileAsync(Of(access), cancellation);
        var browsers = await desk.Preferences.SubscriptionsAsync(Of(access), cancellation);
        var choice = profile.Choice;
        return TypedResults.Ok(new ChoicesDocument(
            choice.Language.Tag(),
            choice.QuietHours is { } quiet ? new(Time.Format(quiet.From), Time.Format(quiet.To)) : null,
            [.. choice.Off.Select(pair => new OffForm(pair.Topic.ToString(), pair.Channel.ToString()))],
            OffersForm.Of(choice.Offers),
            [.. NotificationTopics.Choosable.Select(topic => new TopicDocument(topic.ToString(), topic.IsCritical()))],
            [.. NotificationChannels.All.Select(channel => new ChannelDocument(channel.ToString(), desk.Has(channel), Addresses(channel, profile, browsers)))]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChooseAsync(
        NotificationDesk desk, RequestAccess access, ChoiceForm form, CancellationToken cancellation)
    {
        if (!NotificationLanguages.TryParse(form.Language, out var language))
            return Problems.BadRequest("language is en or hi");
        QuietHours? quiet = null;
        if (form.QuietHours is { } hours)
        {
            if (!Time.Parse(hours.From).TryGetValue(default, out var from) || !Time.Parse(hours.To).TryGetValue(default, out var to) || from == to)
                return Problems.BadRequest("quietHours has from and to such as 22:00, not the same");
            quiet = new(from, to);
        }

        var off = new HashSet<(NotificationTopic, NotificationChannel)>();
        foreach (var one in form.Off)
        {
            if (one is null || !Choice.TryRead<NotificationTopic>(one.Topic, out var topic) || !NotificationTopics.Choosable.Contains(topic)
                || !Choice.TryRead<NotificationChannel>(one.Channel, out var channel) || !NotificationChannels.All.Contains(channel))
                return Problems.BadRequest("off has pairs of a topic and a channel as choices names them");
            off.Add((topic, channel));
        }

        if ((form.Offers ?? OffersForm.All).Read() is not { } offers)
            return Problems.BadRequest(OffersForm.Rule);
        var result = await desk.Preferences.ChooseAsync(
            Of(access), new() { Language = language, QuietHours = quiet, Off = off, Offers = offers }, cancellation);
        return result.IsDone ? TypedResults.NoContent() : Refusal(result);
    }

    private static async Task<Results<Ok<Page<DeliveryDocument>>, ProblemHttpResult>> DeliveriesAsync(
        NotificationDesk desk, RequestAccess access, long? cursor, int? limit, CancellationToken cancellation)
    {
        var most = PageLimit.Of(limit);
        var found = await desk.Preferences.DeliveriesAsync(Of(access), cursor, most, cancellation);
        return TypedResults.Ok(new Page<DeliveryDocument>(
            [
                .. found.Select(one => new DeliveryDocument(
                    one.Id.ToString(),
                    Forms.Text(one.At),
                    one.Message.ToString(),
                    one.Address.Channel.ToString(),
                    one.State.ToString().ToLowerInvariant(),
                    one.Attempts,
                    Forms.Text(one.NextAt),
                    one.Error)),
            ],
            found.Count == most ? found[^1].Number.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TestAsync(
        NotificationDesk desk, RequestAccess access, TestForm form, CancellationToken cancellation) =>
        Choice.TryRead<NotificationChannel>(form.Channel, out var channel) && NotificationChannels.All.Contains(channel)
            ? await DoneAsync(desk.Preferences.TestAsync(Of(access), channel, cancellation))
            : Problems.BadRequest("channel is Email, Push or Webhook");

    private static async Task<Results<Ok<WebhookDocument>, ProblemHttpResult>> WebhookAsync(
        NotificationDesk desk, RequestAccess access, AddressForm form, CancellationToken cancellation) =>
        await desk.Preferences.SetWebhookAsync(Of(access), Cut(form.Address), cancellation) switch
        {
            PreferenceResult.WebhookSet set => TypedResults.Ok(new WebhookDocument(set.Secret)),
            var other => Refusal(other),
        };

    private static async Task<Results<Ok<SubscribedDocument>, ProblemHttpResult>> SubscribeAsync(
        NotificationDesk desk, RequestAccess access, PushForm form, CancellationToken cancellation) =>
        await desk.Preferences.SubscribeAsync(
            Of(access), Cut(form.Endpoint), Cut(form.Keys.P256dh), Cut(form.Keys.Auth), form.Label ?? "", cancellation) switch
        {
            PreferenceResult.Subscribed subscribed => TypedResults.Ok(new SubscribedDocument(subscribed.Id)),
            var other => Refusal(other),
        };

    private static async Task<Results<NoContent, ProblemHttpResult>> DoneAsync(Task<PreferenceResult> asked) =>
        await asked is { IsDone: false } refused ? Refusal(refused) : TypedResults.NoContent();

    private static ProblemHttpResult Refusal(PreferenceResult refused) => Problems.Problem(
        refused switch
        {
            PreferenceResult.NothingThere => StatusCodes.Status404NotFound,
            PreferenceResult.TooOften => StatusCodes.Status429TooManyRequests,
            PreferenceResult.AddressRefused => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status409Conflict,
        },
        refused.Code,
        refused.Detail);

    private static IReadOnlyList<AddressDocumentOf> Addresses(
        NotificationChannel channel, NotificationProfile profile, IReadOnlyList<PushSubscription> browsers) => channel switch
        {
            NotificationChannel.Email when profile.Email is { } email => [new("email", email, true)],
            NotificationChannel.Email when profile.Pending is { } pending => [new("email", pending.Address, false)],
            NotificationChannel.Push => [.. browsers.Select(browser => new AddressDocumentOf(browser.Id, browser.Label, true))],
            NotificationChannel.Webhook when profile.Webhook is { } webhook => [new("webhook", webhook, true)],
            _ => [],
        };

    private static RecipientId Of(RequestAccess access) =>
        new(access.Caller.Account ?? throw new InvalidOperationException("the gate lets only accounts through"));

    private static string Cut(string? text) => text is null ? "" : text[..Math.Min(text.Length, LongestAddress)];
}

/// <summary>What an account has chosen and can choose.</summary>
internal sealed record ChoicesDocument(
    [property: OneOf("en", "hi")] string Language,
    QuietHoursForm? QuietHours,
    [property: Description("All that is switched off.")] IReadOnlyList<OffForm> Off,
    OffersForm Offers,
    [property: Description("All that can be chosen.")] IReadOnlyList<TopicDocument> Topics,
    IReadOnlyList<ChannelDocument> Channels);

/// <summary>A choice.</summary>
internal sealed record ChoiceForm([property: OneOf("en", "hi")] string Language, QuietHoursForm? QuietHours, IReadOnlyList<OffForm> Off)
{
    /// <summary>Which offers of neighbours; all when it is left out.</summary>
    public OffersForm? Offers { get; init; }
}

/// <summary>Hours in which mail and push wait, such as 22:00 to 07:00.</summary>
internal sealed record QuietHoursForm(string From, string To);

/// <summary>A topic that is switched off on a channel.</summary>
internal sealed record OffForm(
    [property: OneOf(typeof(NotificationTopic), Letters.AsNamed, nameof(NotificationTopic.Account))] string Topic,
    [property: OneOf(typeof(NotificationChannel), Letters.AsNamed)] string Channel);

/// <summary>A topic.</summary>
internal sealed record TopicDocument(
    [property: OneOf(typeof(NotificationTopic), Letters.AsNamed, nameof(NotificationTopic.Account))] string Id,
    [property: Description("It cannot be switched off on every channel.")] bool Critical);

/// <summary>A channel and the account's addresses there.</summary>
internal sealed record ChannelDocument(
    [property: OneOf(typeof(NotificationChannel), Letters.AsNamed)] string Id,
    [property: Description("Whether the operator has set it up.")] bool Available,
    IReadOnlyList<AddressDocumentOf> Addresses);

/// <summary>An address on a channel.</summary>
internal sealed record AddressDocumentOf(string Id, string Label, bool Confirmed);

/// <summary>A delivery and how it stands.</summary>
internal sealed record DeliveryDocument(
    string Id,
    string At,
    [property: OneOf(typeof(NotificationMessage), Letters.AsNamed)]
    [property: Description("What was told.")] string Message,
    [property: OneOf(typeof(NotificationChannel), Letters.AsNamed)] string Channel,
    [property: OneOf(typeof(DeliveryState), Letters.Lower)] string State,
    int Attempts,
    [property: Description("When it is tried next; null when it is not.")] string? Next,
    [property: Description("What went wrong at the last try; null when nothing did.")] string? Detail);

/// <summary>A mail address or a webhook's address.</summary>
internal sealed record AddressForm(string Address);

/// <summary>The code from a mail.</summary>
internal sealed record CodeForm(string Code);

/// <summary>A channel to test.</summary>
internal sealed record TestForm([property: OneOf(typeof(NotificationChannel), Letters.AsNamed)] string Channel);

/// <summary>A browser's push subscription (Push API, 8).</summary>
internal sealed record PushForm(string Endpoint, PushKeys Keys, string? Label);

/// <summary>The browser's keys.</summary>
internal sealed record PushKeys(string P256dh, string Auth);

/// <summary>The node's key for push messages (RFC 8292); null when push is not set up.</summary>
internal sealed record PushKeyDocument(string? PublicKey);

/// <summary>A new push subscription.</summary>
/// <param name="Id">Its name, to end it by.</param>
internal sealed record SubscribedDocument(string Id);

/// <summary>A new webhook.</summary>
/// <param name="Secret">What its requests are signed with; it is in this answer and nowhere else.</param>
internal sealed record WebhookDocument(string Secret);
