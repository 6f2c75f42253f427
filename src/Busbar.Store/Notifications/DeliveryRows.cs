using System.Text.Json;
using Busbar.Domain.Notifications;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.Notifications;

/// <summary>Rows of notifications and deliveries, read back.</summary>
internal static class DeliveryRows
{
    private const string Columns =
        """
        SELECT d.id, d.account, d.channel, d.address, n.message, n.at, d.state, d.attempts, d.next_at, d.changed_at, d.error, d.no
        FROM delivery d JOIN notification n ON n.no = d.notification_no
        """;

    private const string OfAccountText = $"{Columns} WHERE d.account = ?1 AND d.no < ?2 ORDER BY d.no DESC LIMIT ?3";
    private const string FailedText = $"{Columns} WHERE d.state = 'failed' ORDER BY d.no DESC LIMIT ?1";
    private const string ClaimText =
        """
        SELECT d.id, d.account, d.channel, d.address, d.language, d.attempts, d.good_until, n.id, n.message, n.at, n.data
        FROM delivery d JOIN notification n ON n.no = d.notification_no WHERE d.no = ?1
        """;

    public static IReadOnlyList<DeliveryRecord> OfAccount(SqliteSession session, RecipientId account, long? below, int limit) =>
        Records(session.Prepare(OfAccountText).Bind(1, account.Value).Bind(2, below ?? long.MaxValue).Bind(3, limit));

    public static IReadOnlyList<DeliveryRecord> Failed(SqliteSession session, int limit) => Records(session.Prepare(FailedText).Bind(1, limit));

    public static IReadOnlyList<DeliveryCount> Counts(SqliteSession session)
    {
        var counts = new List<DeliveryCount>();
        using var rows = session.Prepare("SELECT channel, state, COUNT(*) FROM delivery GROUP BY channel, state ORDER BY channel, state");
        while (rows.Step())
            counts.Add(new(Channel(rows.Text(0)), State(rows.Text(1)), rows.Int64(2)));
        return counts;
    }

    public static bool WasTold(SqliteSession session, NotificationId id)
    {
        using var row = session.Prepare("SELECT 1 FROM notification WHERE id = ?1").Bind(1, id.Value);
        return row.Step();
    }

    public static ClaimedDelivery Claimed(SqliteSession session, long number)
    {
        using var row = session.Prepare(ClaimText).Bind(1, number);
        if (!row.Step())
            throw new InvalidDataException($"delivery {number} has no notification");
        var told = new ToldNotification(new(row.Hash(7)), Name<NotificationMessage>(row.Text(8)), Time(row.Int64(9)), Data(row.Text(10)));
        return new(
            new(row.Hash(0)), new(row.Text(1)), new(Channel(row.Text(2)), row.Text(3)), Language(row.Text(4)), row.Int32(5), Time(row.Int64(6)), told);
    }

    public static long Milliseconds(Instant instant) => instant.ToUnixTimeMilliseconds();

    public static Instant Time(long milliseconds) => Instant.FromUnixTimeMilliseconds(milliseconds);

    public static NotificationLanguage Language(string tag) =>
        NotificationLanguages.TryParse(tag, out var language) ? language : throw new InvalidDataException($"{tag} is no language");

    public static T Name<T>(string name)
        where T : struct, Enum => Enum.TryParse<T>(name, out var value) && Enum.IsDefined(value)
        ? value
        : throw new InvalidDataException($"{name} is no {typeof(T).Name}");

    private static NotificationChannel Channel(string name) => Name<NotificationChannel>(name);

    private static DeliveryState State(string name) => name switch
    {
        "waiting" => DeliveryState.Waiting,
        "handed" => DeliveryState.Handed,
        "sent" => DeliveryState.Sent,
        "failed" => DeliveryState.Failed,
        _ => throw new InvalidDataException($"{name} is no state of a delivery"),
    };

    private static Dictionary<string, string> Data(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? throw new InvalidDataException("a notification has no data");
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException("a notification's data is not JSON", damaged);
        }
    }

    private static List<DeliveryRecord> Records(Statement rows)
    {
        using (rows)
        {
            var records = new List<DeliveryRecord>();
            while (rows.Step())
            {
                var state = State(rows.Text(6));
                records.Add(new(
                    new(rows.Hash(0)),
                    new(rows.Text(1)),
                    new(Channel(rows.Text(2)), rows.Text(3)),
                    Name<NotificationMessage>(rows.Text(4)),
                    Time(rows.Int64(5)),
                    state,
                    rows.Int32(7),
                    state == DeliveryState.Waiting ? Time(rows.Int64(8)) : null,
                    Time(rows.Int64(9)),
                    rows.IsNull(10) ? null : rows.Text(10))
                {
                    Number = rows.Int64(11),
                });
            }

            return records;
        }
    }
}
