using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>Decides which deliveries a notification makes.</summary>
public static class DeliveryRule
{
    /// <summary>
    /// One delivery for each address of each addressed party whose choice lets the topic through. A critical topic that is switched off on
    /// every channel that the party has comes over all of them. Mail and push wait for the end of quiet hours unless the message is critical.
    /// </summary>
    /// <param name="notification">What is told.</param>
    /// <param name="parties">Who might be told.</param>
    /// <param name="now">The moment.</param>
    /// <param name="zone">The community's zone.</param>
    public static IReadOnlyList<DeliveryPlan> Plan(
        Notification notification, IEnumerable<NotificationParty> parties, Instant now, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(notification);
        ArgumentNullException.ThrowIfNull(parties);
        var plans = new Dictionary<DeliveryId, DeliveryPlan>();
        foreach (var party in parties.Where(party => party.Standing.IsAddressed(notification)
            && party.Choice.Offers.LetsThrough(notification, party.Standing.Participant)))
        {
            foreach (var address in Through(notification.Form.Topic, party))
            {
                var plan = To(notification, party.Standing.Account, party.Choice, address, now, zone);
                plans.TryAdd(plan.Id, plan);
            }
        }

        return [.. plans.Values];
    }

    /// <summary>The delivery of a notification to one address, whatever is switched off.</summary>
    public static DeliveryPlan To(
        Notification notification, RecipientId account, NotificationChoice choice, NotificationAddress address, Instant now, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(notification);
        ArgumentNullException.ThrowIfNull(choice);
        var waits = address.Channel.HasQuietHours() && notification.Form.Severity != NotificationSeverity.Critical;
        var first = waits && choice.QuietHours is { } quiet ? quiet.After(now, zone) : now;
        return new(DeliveryId.Of(notification.Id, account, address), account, address, choice.Language, first, first + notification.Form.GoodFor);
    }

    private static IEnumerable<NotificationAddress> Through(NotificationTopic topic, NotificationParty party)
    {
        var on = party.Addresses.Where(address => party.Choice.IsOn(topic, address.Channel)).ToList();
        return on.Count == 0 && topic.IsCritical() ? party.Addresses : on;
    }
}
