using Busbar.Domain.Notifications;
using NodaTime;

namespace Busbar.Store.Notifications;

/// <summary>What one account has chosen, and where it can be reached.</summary>
/// <param name="Account">The account.</param>
public sealed record NotificationProfile(RecipientId Account)
{
    /// <summary>Its choices.</summary>
    public NotificationChoice Choice { get; init; } = new();

    /// <summary>The confirmed mail address.</summary>
    public string? Email { get; init; }

    /// <summary>A mail address that waits for its code.</summary>
    public EmailPending? Pending { get; init; }

    /// <summary>How many codes were sent since <see cref="CodesSince"/>.</summary>
    public int CodesSent { get; init; }

    /// <summary>Since when codes are counted.</summary>
    public Instant CodesSince { get; init; } = Instant.FromUnixTimeSeconds(0);

    /// <summary>Where webhooks go.</summary>
    public string? Webhook { get; init; }

    /// <summary>Which secret signs them: each change makes a new one.</summary>
    public int WebhookGeneration { get; init; }
}

/// <summary>A mail address that is not yet known to be the account's own.</summary>
/// <param name="Address">The address.</param>
/// <param name="Code">The code that was sent there.</param>
/// <param name="Until">When the code ends.</param>
/// <param name="Tries">How often a wrong code was given.</param>
public sealed record EmailPending(string Address, string Code, Instant Until, int Tries);

/// <summary>A browser that takes push messages.</summary>
/// <param name="Id">Its name on the node.</param>
/// <param name="Account">Whose.</param>
/// <param name="Endpoint">Where messages go; whoever has it can send, so it is never shown or logged.</param>
/// <param name="Key">The browser's P-256 public key, 65 bytes, uncompressed.</param>
/// <param name="Auth">The browser's secret, 16 bytes.</param>
/// <param name="Label">What the person calls it.</param>
/// <param name="CreatedAt">Since when.</param>
public sealed record PushSubscription(
    string Id, RecipientId Account, Uri Endpoint, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Auth, string Label, Instant CreatedAt);

/// <summary>How many deliveries stand how, for the operator.</summary>
/// <param name="Channel">Over which channel.</param>
/// <param name="State">How they stand.</param>
/// <param name="Count">How many.</param>
public readonly record struct DeliveryCount(NotificationChannel Channel, DeliveryState State, long Count);
