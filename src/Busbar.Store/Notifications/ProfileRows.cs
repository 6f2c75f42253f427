using Busbar.Domain.Notifications;
using Busbar.Store.Sqlite;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Store.Notifications;

/// <summary>Rows of profiles.</summary>
internal static class ProfileRows
{
    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    public static NotificationProfile Read(SqliteSession session, RecipientId account)
    {
        using var row = session.Prepare(
            """
            SELECT language, quiet_from, quiet_to, off, email, email_pending, code, code_until, code_tries, codes_sent, codes_since,
                webhook, webhook_generation, offers
            FROM notification_profile WHERE account = ?1
            """)
            .Bind(1, account.Value);
        if (!row.Step())
            return new(account);
        return new(account)
        {
            Choice = new()
            {
                Language = DeliveryRows.Language(row.Text(0)),
                QuietHours = row.IsNull(1) ? null : new(TimeOf(row.Text(1)), TimeOf(row.Text(2))),
                Off = ReadOff(row.Text(3)),
                Offers = row.IsNull(13) ? new() : OfferRows.Read(row.Text(13)),
            },
            Email = row.IsNull(4) ? null : row.Text(4),
            Pending = row.IsNull(5) ? null : new(row.Text(5), row.Text(6), DeliveryRows.Time(row.Int64(7)), row.Int32(8)),
            CodesSent = row.Int32(9),
            CodesSince = DeliveryRows.Time(row.Int64(10)),
            Webhook = row.IsNull(11) ? null : row.Text(11),
            WebhookGeneration = row.Int32(12),
        };
    }

    public static void Write(SqliteSession session, NotificationProfile profile)
    {
        var choice = profile.Choice;
        session.Prepare("INSERT OR REPLACE INTO notification_profile VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)")
            .Bind(1, profile.Account.Value).Bind(2, choice.Language.Tag())
            .Bind(3, choice.QuietHours is { } from ? Time.Format(from.From) : null).Bind(4, choice.QuietHours is { } to ? Time.Format(to.To) : null)
            .Bind(5, string.Join(' ', choice.Off.Select(off => $"{off.Topic}/{off.Channel}").Order(StringComparer.Ordinal)))
            .Bind(6, profile.Email).Bind(7, profile.Pending?.Address).Bind(8, profile.Pending?.Code)
            .Bind(9, profile.Pending is { } pending ? DeliveryRows.Milliseconds(pending.Until) : 0).Bind(10, profile.Pending?.Tries ?? 0)
            .Bind(11, profile.CodesSent).Bind(12, DeliveryRows.Milliseconds(profile.CodesSince))
            .Bind(13, profile.Webhook).Bind(14, profile.WebhookGeneration).Bind(15, OfferRows.Write(choice.Offers)).Run();
    }

    /// <summary>Where an account can be reached; nothing for one that cannot be.</summary>
    public static IReadOnlyList<NotificationAddress> Addresses(SqliteSession session, NotificationProfile profile)
    {
        var addresses = new List<NotificationAddress>();
        if (profile.Email is { } email)
            addresses.Add(new(NotificationChannel.Email, email));
        using (var rows = session.Prepare("SELECT id FROM push_subscription WHERE account = ?1 ORDER BY created_at, id").Bind(1, profile.Account.Value))
        {
            while (rows.Step())
                addresses.Add(new(NotificationChannel.Push, rows.Text(0)));
        }

        if (profile.Webhook is not null)
            addresses.Add(new(NotificationChannel.Webhook, WebhookName(profile.Account)));
        return addresses;
    }

    /// <summary>A webhook's address may be a secret, so deliveries name its owner instead.</summary>
    public static string WebhookName(RecipientId account) => $"webhook of {account}";

    private static LocalTime TimeOf(string text) =>
        Time.Parse(text).TryGetValue(default, out var time) ? time : throw new InvalidDataException($"{text} is no time of day");

    private static HashSet<(NotificationTopic Topic, NotificationChannel Channel)> ReadOff(string text)
    {
        var off = new HashSet<(NotificationTopic, NotificationChannel)>();
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var names = part.Split('/');
            if (names.Length != 2)
                throw new InvalidDataException($"{part} is no choice");
            off.Add((DeliveryRows.Name<NotificationTopic>(names[0]), DeliveryRows.Name<NotificationChannel>(names[1])));
        }

        return off;
    }
}
