using Busbar.Cryptography;
using Busbar.Domain.Notifications;
using Busbar.Node.Notifications.Mail;
using Busbar.Store.Notifications;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Busbar.Node.Notifications;

/// <summary>What a notification desk stands on.</summary>
/// <param name="Community">The community's name, under which it writes.</param>
/// <param name="Zone">The community's zone.</param>
/// <param name="Secret">What webhook secrets and the push key follow from: <c>NodeKeys.Derive("notifications")</c>.</param>
/// <param name="Store">Where everything is kept.</param>
/// <param name="Directory">Who is who.</param>
/// <param name="Clock">The node's clock.</param>
/// <param name="Time">Measures waiting.</param>
/// <param name="Logs">The node's logs.</param>
public sealed record NotificationSurroundings(
    string Community,
    DateTimeZone Zone,
    Hash256 Secret,
    INotificationStore Store,
    INotificationDirectory Directory,
    IClock Clock,
    TimeProvider Time,
    ILoggerFactory Logs)
{
    /// <summary>Knows what a mail carries beside its text; null for nothing.</summary>
    internal IEnclosures? Enclosures { get; init; }

    /// <summary>The secret stays out of every text.</summary>
    public override string ToString() => $"notifications of {Community}";
}

/// <summary>Knows which accounts there are, and what they are in the community.</summary>
public interface INotificationDirectory
{
    /// <summary>The accounts that a notification might be for. Too many are harmless: each is held against the notification's audience.</summary>
    Task<IReadOnlyList<NotificationStanding>> StandingsAsync(Notification notification, CancellationToken cancellation);
}
