using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Notifications;
using NodaTime;

namespace Busbar.Node.Notifications.Webhooks;

/// <summary>How a webhook's receiver knows that a request is the node's: HMAC-SHA256 over the time and the body.</summary>
public static class WebhookSignature
{
    /// <summary>The header: <c>t=</c> Unix seconds <c>,v1=</c> 64 hexadecimal digits.</summary>
    public const string Header = "Busbar-Signature";

    /// <summary>The header with the delivery's name, the same at every try.</summary>
    public const string DeliveryHeader = "Busbar-Delivery";

    /// <summary>An account's secret. It follows from the node's and is stored nowhere; another generation gives another one.</summary>
    internal static string Secret(Hash256 root, RecipientId account, int generation)
    {
        var form = string.Create(CultureInfo.InvariantCulture, $"busbar webhook v1\n{account}\n{generation}");
        return "whsec_" + Convert.ToHexStringLower(HMACSHA256.HashData(root.ToArray(), Encoding.UTF8.GetBytes(form)));
    }

    /// <summary>The header's value for a body.</summary>
    /// <param name="secret">The secret as it was shown, prefix and all, in ASCII.</param>
    /// <param name="at">The moment of this try.</param>
    /// <param name="body">The body's bytes.</param>
    public static string Sign(string secret, Instant at, ReadOnlySpan<byte> body)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(seconds), (byte)'.', .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), signed))}";
    }

    /// <summary>Whether a header belongs to a body, and is not older or newer than a limit.</summary>
    /// <param name="secret">The secret as it was shown.</param>
    /// <param name="header">The header's value.</param>
    /// <param name="body">The body's bytes.</param>
    /// <param name="now">The receiver's clock.</param>
    /// <param name="limit">How far the clocks and the way may be apart.</param>
    public static bool Verify(string secret, string header, ReadOnlySpan<byte> body, Instant now, Duration limit)
    {
        ArgumentNullException.ThrowIfNull(header);
        var parts = header.Split(',');
        if (parts is not [['t', '=', .. var seconds], _]
            || !long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var unix) || unix > 253_402_300_799)
            return false;
        var at = Instant.FromUnixTimeSeconds(unix);
        var apart = now > at ? now - at : at - now;
        return apart <= limit
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(secret, at, body)), Encoding.UTF8.GetBytes(header));
    }
}
