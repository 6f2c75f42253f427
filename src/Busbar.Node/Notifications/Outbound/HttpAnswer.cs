using System.Globalization;
using System.Net;
using NodaTime;

namespace Busbar.Node.Notifications.Outbound;

/// <summary>What an HTTP status means for a delivery.</summary>
internal static class HttpAnswer
{
    private static readonly Duration LongestWait = Duration.FromHours(12);

    /// <summary>
    /// Taken with 2xx; to be tried again with 408, 425, 429 and 5xx but 501 and 505; refused with everything else, redirects too.
    /// </summary>
    public static DeliveryOutcome Judge(HttpResponseMessage response, Instant now)
    {
        var status = (int)response.StatusCode;
        var said = string.Create(CultureInfo.InvariantCulture, $"HTTP {status}");
        return status switch
        {
            >= 200 and < 300 => new DeliveryOutcome.Accepted(said),
            408 or 425 or 429 => new DeliveryOutcome.Later(said, RetryAfter(response, now)),
            501 or 505 => new DeliveryOutcome.Refused(said),
            >= 500 => new DeliveryOutcome.Later(said, RetryAfter(response, now)),
            >= 300 and < 400 => new DeliveryOutcome.Refused($"{said}: redirects are not followed; give the address that it leads to"),
            _ => new DeliveryOutcome.Refused(said),
        };
    }

    /// <summary>What a failure to get an answer means; the message holds no part of the address.</summary>
    public static DeliveryOutcome Judge(Exception failure) => failure switch
    {
        OutboundRefusedException refused => new DeliveryOutcome.Refused(refused.Message),
        HttpRequestException http => new DeliveryOutcome.Later($"no answer: {http.HttpRequestError}"),
        OperationCanceledException => new DeliveryOutcome.Later("no answer in time"),
        _ => new DeliveryOutcome.Later("no answer"),
    };

    private static Duration? RetryAfter(HttpResponseMessage response, Instant now)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
            return null;
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => Duration.FromTimeSpan(delta),
            { Date: { } date } => Instant.FromDateTimeOffset(date) - now,
            _ => Duration.Zero,
        };
        if (wait <= Duration.Zero)
            return null;
        return wait < LongestWait ? wait : LongestWait;
    }
}
