using System.Text;
using Busbar.Cryptography;
using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>Names a delivery: the same notification to the same account at the same address has the same name at every try.</summary>
/// <param name="Value">The keccak-256 of these.</param>
public readonly record struct DeliveryId(Hash256 Value)
{
    /// <summary>The first 24 bytes in 32 characters of base64url: a push message's topic, a mail's name.</summary>
    public string Token
    {
        get
        {
            var bytes = Value.ToArray();
            return Convert.ToBase64String(bytes, 0, 24).Replace('+', '-').Replace('/', '_');
        }
    }

    /// <summary>The name of a delivery.</summary>
    public static DeliveryId Of(NotificationId notification, RecipientId account, NotificationAddress address) => new(Keccak256.Hash(
        Encoding.UTF8.GetBytes($"busbar delivery v1\n{notification}\n{account}\n{address.Channel}\n{address.Value}")));

    /// <inheritdoc />
    public override string ToString() => Value.ToString();
}

/// <summary>A delivery to be made.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Account">To whom.</param>
/// <param name="Address">Where.</param>
/// <param name="Language">In which language.</param>
/// <param name="NotBefore">When it is first tried.</param>
/// <param name="GoodUntil">When it is no longer worth trying.</param>
public sealed record DeliveryPlan(
    DeliveryId Id, RecipientId Account, NotificationAddress Address, NotificationLanguage Language, Instant NotBefore, Instant GoodUntil);
