using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Busbar.Domain.Notifications;
using Busbar.Node.Notifications.Outbound;
using Busbar.Store.Notifications;
using NodaTime;

namespace Busbar.Node.Notifications.Push;

/// <summary>Messages to browsers (RFC 8030).</summary>
/// <param name="store">Holds the subscriptions.</param>
/// <param name="key">Signs for the node.</param>
/// <param name="contact">Whom a push service may write to.</param>
/// <param name="client">The way out.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="time">Measures the limit.</param>
internal sealed class PushChannel(
    INotificationStore store, VapidKey key, string contact, OutboundClient client, IClock clock, TimeProvider time) : IDeliveryChannel
{
    private const int LongestBody = 1_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public NotificationChannel Channel => NotificationChannel.Push;

    public int Places => 8;

    public async Task<DeliveryOutcome> DeliverAsync(ClaimedDelivery delivery, WrittenText text, CancellationToken cancellation)
    {
        if (await store.SubscriptionAsync(delivery.Address.Value, cancellation) is not { } subscription)
            return new DeliveryOutcome.Refused("the browser is not subscribed any more");
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var now = clock.GetCurrentInstant();
            using var request = Request(delivery, text, subscription, now);
            using var response = await client.SendAsync(request, either.Token);
            if ((int)response.StatusCode is not (404 or 410))
                return HttpAnswer.Judge(response, now);
            await store.RemoveAsync(account: null, subscription.Id, cancellation);
            return new DeliveryOutcome.Refused("the browser has ended its subscription; it was removed");
        }
        catch (CryptographicException)
        {
            return new DeliveryOutcome.Refused("the browser's key is not usable");
        }
        catch (Exception failed) when (failed is HttpRequestException or OutboundRefusedException or IOException
            || (failed is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return HttpAnswer.Judge(failed);
        }
    }

    /// <summary>What the service worker gets: title, body, tag (the delivery's name: the same text again takes its own place), page.</summary>
    internal static byte[] Message(ClaimedDelivery delivery, WrittenText text) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        title = Short(text.Subject, 150),
        body = Short(text.Body, LongestBody),
        tag = delivery.Id.Token,
        topic = NotificationForm.Of(delivery.Told.Message).Topic.ToString(),
        language = delivery.Language.Tag(),
        at = delivery.Told.At.ToUnixTimeMilliseconds(),
        page = NotificationForm.Of(delivery.Told.Message).PageOf(delivery.Told.Data),
    });

    private HttpRequestMessage Request(ClaimedDelivery delivery, WrittenText text, PushSubscription subscription, Instant now)
    {
        var body = PushEncryption.Encrypt(Message(delivery, text), subscription.Key.Span, subscription.Auth.Span);
        var request = new HttpRequestMessage(HttpMethod.Post, subscription.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add("aes128gcm");
        request.Headers.TryAddWithoutValidation("Authorization", key.Authorization(subscription.Endpoint, contact, now));
        var left = Math.Max(0, (long)(delivery.GoodUntil - now).TotalSeconds);
        request.Headers.Add("TTL", left.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Urgency", NotificationForm.Of(delivery.Told.Message).Severity switch
        {
            NotificationSeverity.Critical => "high",
            NotificationSeverity.Warning => "normal",
            _ => "low",
        });

        // A second try takes the place of the first while the browser has not fetched it (RFC 8030, 5.4).
        request.Headers.Add("Topic", delivery.Id.Token);
        return request;
    }

    private static string Short(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }
}
