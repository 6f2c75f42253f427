using System.Net.Http.Headers;
using System.Text.Json;
using Busbar.Cryptography;
using Busbar.Domain.Notifications;
using Busbar.Node.Notifications.Outbound;
using Busbar.Store.Notifications;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Notifications.Webhooks;

/// <summary>Signed requests to programs.</summary>
/// <param name="store">Holds the addresses.</param>
/// <param name="root">What the secrets follow from.</param>
/// <param name="client">The way out.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="time">Measures the limit.</param>
internal sealed class WebhookChannel(INotificationStore store, Hash256 root, OutboundClient client, IClock clock, TimeProvider time)
    : IDeliveryChannel
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public NotificationChannel Channel => NotificationChannel.Webhook;

    public int Places => 8;

    public async Task<DeliveryOutcome> DeliverAsync(ClaimedDelivery delivery, WrittenText text, CancellationToken cancellation)
    {
        var profile = await store.ProfileAsync(delivery.Account, cancellation);
        if (profile.Webhook is null || !Uri.TryCreate(profile.Webhook, UriKind.Absolute, out var address))
            return new DeliveryOutcome.Refused("the webhook was removed");
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var now = clock.GetCurrentInstant();
            var body = Body(delivery, text);
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
            request.Headers.Add(WebhookSignature.DeliveryHeader, delivery.Id.ToString());
            request.Headers.Add(
                WebhookSignature.Header, WebhookSignature.Sign(WebhookSignature.Secret(root, profile.Account, profile.WebhookGeneration), now, body));
            request.Headers.Add("User-Agent", "Busbar");
            using var response = await client.SendAsync(request, either.Token);
            return HttpAnswer.Judge(response, now);
        }
        catch (Exception failed) when (failed is HttpRequestException or OutboundRefusedException or IOException
            || (failed is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return HttpAnswer.Judge(failed);
        }
    }

    /// <summary>The body: the same bytes at every try.</summary>
    internal static byte[] Body(ClaimedDelivery delivery, WrittenText text)
    {
        var form = NotificationForm.Of(delivery.Told.Message);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            id = delivery.Told.Id.ToString(),
            delivery = delivery.Id.ToString(),
            topic = form.Topic.ToString(),
            message = form.Message.ToString(),
            severity = form.Severity.ToString(),
            at = InstantPattern.ExtendedIso.Format(delivery.Told.At),
            language = delivery.Language.Tag(),
            subject = text.Subject,
            body = text.Body,
            data = new SortedDictionary<string, string>(delivery.Told.Data.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal),
            page = text.Page?.AbsoluteUri,
        });
    }
}
