using Busbar.Domain.Notifications;
using NodaTime;

namespace Busbar.Store.Notifications;

/// <summary>How a delivery stands. The names are stored in lower case.</summary>
public enum DeliveryState
{
    /// <summary>It waits for its first or next try.</summary>
    Waiting,

    /// <summary>It was handed over, and the answer is not recorded yet.</summary>
    Handed,

    /// <summary>The receiving server took it.</summary>
    Sent,

    /// <summary>It failed for good: refused, out of tries, or too late.</summary>
    Failed,
}

/// <summary>What came of asking for a notification to be told.</summary>
public enum NotificationOutcome
{
    /// <summary>It happened too long ago; nothing was stored.</summary>
    TooOld,

    /// <summary>The same cause was told before; nothing was stored.</summary>
    AlreadyTold,

    /// <summary>It is on disk with its deliveries, of which there may be none.</summary>
    Stored,
}

/// <summary>A delivery as it stands, for its receiver and the operator.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Account">To whom.</param>
/// <param name="Address">Where.</param>
/// <param name="Message">What is said.</param>
/// <param name="At">When it happened.</param>
/// <param name="State">How it stands.</param>
/// <param name="Attempts">Tries so far.</param>
/// <param name="NextAt">The next try; null when there is none.</param>
/// <param name="ChangedAt">When it came to stand so.</param>
/// <param name="Error">What went wrong last; null when nothing did.</param>
public sealed record DeliveryRecord(
    DeliveryId Id,
    RecipientId Account,
    NotificationAddress Address,
    NotificationMessage Message,
    Instant At,
    DeliveryState State,
    int Attempts,
    Instant? NextAt,
    Instant ChangedAt,
    string? Error)
{
    /// <summary>Where it stands in the order of all deliveries, for paging.</summary>
    public required long Number { get; init; }
}

/// <summary>A delivery to be made now: nobody else has it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Account">To whom.</param>
/// <param name="Address">Where.</param>
/// <param name="Language">In which language.</param>
/// <param name="Attempt">Which try this is, from 1.</param>
/// <param name="GoodUntil">When it is no longer worth trying.</param>
/// <param name="Told">What it tells.</param>
public sealed record ClaimedDelivery(
    DeliveryId Id,
    RecipientId Account,
    NotificationAddress Address,
    NotificationLanguage Language,
    int Attempt,
    Instant GoodUntil,
    ToldNotification Told);

/// <summary>A notification as it is stored.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Message">What is said.</param>
/// <param name="At">When it happened.</param>
/// <param name="Data">The fields of its text.</param>
public sealed record ToldNotification(NotificationId Id, NotificationMessage Message, Instant At, IReadOnlyDictionary<string, string> Data);

/// <summary>What was due on a channel.</summary>
/// <param name="Deliveries">Claimed now.</param>
/// <param name="NextAt">When the first of the others is due; null when none waits.</param>
public sealed record DueDeliveries(IReadOnlyList<ClaimedDelivery> Deliveries, Instant? NextAt);

/// <summary>What came of a try. A closed set.</summary>
public abstract record DeliverySettlement
{
    private DeliverySettlement()
    {
    }

    /// <summary>The receiving server took it.</summary>
    /// <param name="Receipt">What it said, for the operator.</param>
    public sealed record Sent(string Receipt) : DeliverySettlement;

    /// <summary>It will be tried again.</summary>
    /// <param name="At">When.</param>
    /// <param name="Error">What went wrong.</param>
    public sealed record Again(Instant At, string Error) : DeliverySettlement;

    /// <summary>It has failed for good.</summary>
    /// <param name="Error">What went wrong.</param>
    public sealed record Failed(string Error) : DeliverySettlement;
}
