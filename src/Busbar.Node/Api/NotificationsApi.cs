using System.Globalization;
using Busbar.Domain.Notifications;
using Busbar.Node.Access;
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
    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/notifications").Guard("notifications").WithTags("Notifications");
        group.MapGet("/choices", ChoicesAsync);
        group.MapPut("/choices", ChooseAsync);
        group.MapGet("/deliveries", DeliveriesAsync);
        group.MapPost("/test", TestAsync);
        group.MapPost("/email", (NotificationDesk desk, RequestAccess access, AddressForm form, CancellationToken cancellation) =>
            AnswerAsync(desk.Preferences.AskEmailAsync(Of(access), Cut(form.Address), cancellation)));
        group.MapPost("/email/confirm", (NotificationDesk desk, RequestAccess access, CodeForm form, CancellationToken cancellation) =>
            AnswerAsync(desk.Preferences.ConfirmEmailAsync(Of(access), Cut(form.Code), cancellation)));
        group.MapDelete("/email", (NotificationDesk desk, RequestAccess access, CancellationToken cancellation) =>
            AnswerAsync(desk.Preferences.RemoveEmailAsync(Of(access), cancellation)));
        group.MapPut("/webhook", (NotificationDesk desk, RequestAccess access, AddressForm form, CancellationToken cancellation) =>
            AnswerAsync(desk.Preferences.SetWebhookAsync(Of(access), Cut(form.Address), cancellation)));
        group.MapDelete("/webhook", (NotificationDesk desk, RequestAccess access, CancellationToken cancellation) =>
            AnswerAsync(desk.Preferences.RemoveWebhookAsync(Of(access), cancellation)));
        group.MapGet("/push/key", (NotificationDesk desk) => TypedResults.Ok(new PushKeyDocument(desk.Preferences.PushPublicKey)));
        group.MapPost("/push", (NotificationDesk desk, RequestAccess access, PushForm form, CancellationToken cancellation) =>
            AnswerAsync(desk.Preferences.SubscribeAsync(
                Of(access), Cut(form.Endpoint), Cut(form.Keys.P256dh), Cut(form.Keys.Auth), form.Label ?? "", cancellation)));
        group.MapDelete("/push/{id}", (NotificationDesk desk, RequestAccess access, string id, CancellationToken cancellation) =>
            AnswerAsync(desk.Preferences.UnsubscribeAsync(Of(access), id, cancellation)));
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

        var result = await desk.Preferences.ChooseAsync(Of(access), new() { Language = language, QuietHours = quiet, Off = off }, cancellation);
        return result.IsDone ? TypedResults.NoContent() : Problems.Problem(StatusCodes.Status409Conflict, result.Code, result.Detail);
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

    private static Task<Results<Ok<SubscribedDocument>, NoContent, ProblemHttpResult>> TestAsync(
        NotificationDesk desk, RequestAccess access, TestForm form, CancellationToken cancellation) =>
        Choice.TryRead<NotificationChannel>(form.Channel, out var channel) && NotificationChannels.All.Contains(channel)
            ? AnswerAsync(desk.Preferences.TestAsync(Of(access), channel, cancellation))
            : Task.FromResult<Results<Ok<SubscribedDocument>, NoContent, ProblemHttpResult>>(Problems.BadRequest("channel is Email, Push or Webhook"));

    private static async Task<Results<Ok<SubscribedDocument>, NoContent, ProblemHttpResult>> AnswerAsync(Task<PreferenceResult> asked) => await asked switch
    {
        PreferenceResult.Subscribed subscribed => TypedResults.Ok(new SubscribedDocument(subscribed.Id, null)),
        PreferenceResult.WebhookSet set => TypedResults.Ok(new SubscribedDocument(null, set.Secret)),
        { IsDone: true } => TypedResults.NoContent(),
        PreferenceResult.NothingThere nothing => Problems.Problem(StatusCodes.Status404NotFound, nothing.Code, nothing.Detail),
        PreferenceResult.TooOften often => Problems.Problem(StatusCodes.Status429TooManyRequests, often.Code, often.Detail),
        PreferenceResult.AddressRefused refused => Problems.Problem(StatusCodes.Status400BadRequest, refused.Code, refused.Detail),
        var other => Problems.Problem(StatusCodes.Status409Conflict, other.Code, other.Detail),
    };

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
    string Language, QuietHoursForm? QuietHours, IReadOnlyList<OffForm> Off, IReadOnlyList<TopicDocument> Topics, IReadOnlyList<ChannelDocument> Channels);

/// <summary>A choice.</summary>
internal sealed record ChoiceForm(string Language, QuietHoursForm? QuietHours, IReadOnlyList<OffForm> Off);

/// <summary>Hours in which mail and push wait, such as 22:00 to 07:00.</summary>
internal sealed record QuietHoursForm(string From, string To);

/// <summary>A topic that is switched off on a channel.</summary>
internal sealed record OffForm(string Topic, string Channel);

/// <summary>A topic.</summary>
internal sealed record TopicDocument(string Id, bool Critical);

/// <summary>A channel and the account's addresses there.</summary>
internal sealed record ChannelDocument(string Id, bool Available, IReadOnlyList<AddressDocumentOf> Addresses);

/// <summary>An address on a channel.</summary>
internal sealed record AddressDocumentOf(string Id, string Label, bool Confirmed);

/// <summary>A delivery and how it stands.</summary>
internal sealed record DeliveryDocument(
    string Id, string At, string Topic, string Channel, string State, int Attempts, string? Next, string? Detail);

/// <summary>A mail address or a webhook's address.</summary>
internal sealed record AddressForm(string Address);

/// <summary>The code from a mail.</summary>
internal sealed record CodeForm(string Code);

/// <summary>A channel to test.</summary>
internal sealed record TestForm(string Channel);

/// <summary>A browser's push subscription (Push API, 8).</summary>
internal sealed record PushForm(string Endpoint, PushKeys Keys, string? Label);

/// <summary>The browser's keys.</summary>
internal sealed record PushKeys(string P256dh, string Auth);

/// <summary>The node's key for push messages (RFC 8292); null when push is not set up.</summary>
internal sealed record PushKeyDocument(string? PublicKey);

/// <summary>The new subscription's id, or the new webhook's secret, which is shown once.</summary>
internal sealed record SubscribedDocument(string? Id, string? Secret);
