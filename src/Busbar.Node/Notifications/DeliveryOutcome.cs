using Busbar.Domain.Notifications;
using Busbar.Store.Notifications;
using NodaTime;

namespace Busbar.Node.Notifications;

/// <summary>What the other side said to a delivery. A closed set.</summary>
internal abstract record DeliveryOutcome
{
    private DeliveryOutcome()
    {
    }

    /// <summary>It took it.</summary>
    /// <param name="Receipt">In which words.</param>
    public sealed record Accepted(string Receipt) : DeliveryOutcome;

    /// <summary>Not now: another try may succeed.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="After">How long it asked to wait.</param>
    public sealed record Later(string Reason, Duration? After = null) : DeliveryOutcome;

    /// <summary>Never: another try would be refused too.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(string Reason) : DeliveryOutcome;
}

/// <summary>A text in a reader's language.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Body">One or more sentences.</param>
/// <param name="Page">Where more is shown; null when the node has no public address.</param>
internal sealed record WrittenText(string Subject, string Body, Uri? Page);

/// <summary>A way out of the node. Failures that belong to the other side are outcomes; what is thrown is a bug or a cancellation.</summary>
internal interface IDeliveryChannel
{
    /// <summary>Which channel.</summary>
    NotificationChannel Channel { get; }

    /// <summary>How many may be under way at the same time.</summary>
    int Places { get; }

    /// <summary>Hands one delivery over and waits for the answer, within a time of its own.</summary>
    Task<DeliveryOutcome> DeliverAsync(ClaimedDelivery delivery, WrittenText text, CancellationToken cancellation);
}
