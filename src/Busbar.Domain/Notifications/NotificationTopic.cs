namespace Busbar.Domain.Notifications;

/// <summary>What a person can choose to hear of, and where. The names are stored: none is ever renamed.</summary>
public enum NotificationTopic
{
    /// <summary>Nothing: never a choice.</summary>
    None,

    /// <summary>A meter says nothing, or is heard again.</summary>
    MeterSilent,

    /// <summary>A meter's reading was not believed.</summary>
    ReadingRefused,

    /// <summary>An interval could not be put on the ledger.</summary>
    AnchorFailed,

    /// <summary>Somebody was admitted, changed or removed.</summary>
    Membership,

    /// <summary>A rule was proposed or has changed.</summary>
    RuleChanged,

    /// <summary>An authority asks for data.</summary>
    AccessRequest,

    /// <summary>A meter, its firmware or an appliance is unsafe.</summary>
    Advisory,

    /// <summary>Somebody was invited to look at a home, or to switch in it.</summary>
    GuestInvited,

    /// <summary>A home's supply: that it will end, has ended or is back, and whether a meter follows its permit.</summary>
    Supply,

    /// <summary>Bills, corrections, arrears, payments and answers to objections.</summary>
    Bills,

    /// <summary>Neighbours offer energy, or ask for it; as one's filter lets through.</summary>
    Offers,

    /// <summary>One's own trades: offers, purchases, deliveries, what has expired.</summary>
    Trades,

    /// <summary>Fire, gas or water.</summary>
    Safety,

    /// <summary>One's own account: confirmations and tests, sent only on request.</summary>
    Account,
}

/// <summary>Facts of topics.</summary>
public static class NotificationTopics
{
    /// <summary>The topics that a person can choose of.</summary>
    public static IReadOnlyList<NotificationTopic> Choosable { get; } =
        [.. Enum.GetValues<NotificationTopic>().Where(topic => topic is not (NotificationTopic.None or NotificationTopic.Account))];

    /// <summary>Whether life or limb may hang on it: it cannot be silenced on every channel, and does not wait for the morning.</summary>
    public static bool IsCritical(this NotificationTopic topic) => topic is NotificationTopic.Safety or NotificationTopic.Advisory;
}
