namespace Busbar.Domain.Notifications;

/// <summary>A way to tell somebody something. The names are stored.</summary>
public enum NotificationChannel
{
    /// <summary>None: never a way.</summary>
    None,

    /// <summary>A mail.</summary>
    Email,

    /// <summary>A message to a browser, also when the page is closed.</summary>
    Push,

    /// <summary>A signed HTTP request to a program.</summary>
    Webhook,
}

/// <summary>Facts of channels.</summary>
public static class NotificationChannels
{
    /// <summary>All ways.</summary>
    public static IReadOnlyList<NotificationChannel> All { get; } =
        [NotificationChannel.Email, NotificationChannel.Push, NotificationChannel.Webhook];

    /// <summary>Whether a person is reached, who may be asleep; programs are not.</summary>
    public static bool HasQuietHours(this NotificationChannel channel) => channel is NotificationChannel.Email or NotificationChannel.Push;
}
