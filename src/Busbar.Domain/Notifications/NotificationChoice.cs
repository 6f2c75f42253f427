namespace Busbar.Domain.Notifications;

/// <summary>What a person wants to hear of, where, when and in which language. By default everything, everywhere, always, in English.</summary>
public sealed record NotificationChoice
{
    /// <summary>The language of the texts.</summary>
    public NotificationLanguage Language { get; init; }

    /// <summary>When mail and push wait; null for never. What is critical does not wait.</summary>
    public QuietHours? QuietHours { get; init; }

    /// <summary>Which offers and wishes of neighbours.</summary>
    public OfferFilter Offers { get; init; } = new();

    /// <summary>What is switched off.</summary>
    public IReadOnlySet<(NotificationTopic Topic, NotificationChannel Channel)> Off { get; init; } =
        new HashSet<(NotificationTopic, NotificationChannel)>();

    /// <summary>Whether a topic comes over a channel.</summary>
    public bool IsOn(NotificationTopic topic, NotificationChannel channel) => !Off.Contains((topic, channel));

    /// <summary>The critical topic that this would silence on every channel that a person has; null when it may be chosen.</summary>
    /// <param name="channels">The channels that the person has an address for.</param>
    public NotificationTopic? Silenced(IReadOnlyCollection<NotificationChannel> channels)
    {
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count == 0)
            channels = NotificationChannels.All;
        foreach (var topic in NotificationTopics.Choosable)
        {
            if (topic.IsCritical() && channels.All(channel => !IsOn(topic, channel)))
                return topic;
        }

        return null;
    }
}
