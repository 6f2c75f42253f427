using System.Globalization;
using System.Text.Json;
using Busbar.Domain.Notifications;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.Notifications;

/// <summary>Changes of notifications and deliveries, each inside the writer's transaction.</summary>
internal static class DeliveryWrites
{
    private const int MostText = 300;

    // Enough to look past all that waits behind a few busy addresses.
    private const int Candidates = 2_000;

    private const string NoAnswer = "the node stopped before the answer was recorded; it is tried again under the same name";

    public static NotificationOutcome Tell(
        SqliteSession session, Notification notification, IReadOnlyList<DeliveryPlan> plans, Instant now, NotificationBounds bounds)
    {
        if (notification.At < now - bounds.TellWithin)
            return NotificationOutcome.TooOld;
        session.Prepare(
            """
            INSERT OR IGNORE INTO notification (id, message, scope, cause, at, told_at, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """)
            .Bind(1, notification.Id.Value).Bind(2, notification.Form.Message.ToString()).Bind(3, notification.Scope.ToString())
            .Bind(4, notification.Cause).Bind(5, Ms(notification.At)).Bind(6, Ms(now)).Bind(7, JsonSerializer.Serialize(notification.Data)).Run();
        if (session.Changes == 0)
            return NotificationOutcome.AlreadyTold;
        var number = One(session.Prepare("SELECT no FROM notification WHERE id = ?1").Bind(1, notification.Id.Value));
        var room = new WaitingRoom(session, bounds, notification.Form.Severity == NotificationSeverity.Critical);
        foreach (var plan in plans)
            Insert(session, number, plan, now, room.Refuse(plan.Account));
        return NotificationOutcome.Stored;
    }

    public static DueDeliveries Claim(SqliteSession session, NotificationChannel channel, Instant now, int most, IReadOnlyCollection<string> busy)
    {
        GiveUp(session, channel, now);
        var taken = new HashSet<string>(busy, StringComparer.Ordinal);
        var numbers = new List<long>();
        using (var due = session.Prepare(
            "SELECT no, address FROM delivery WHERE state = 'waiting' AND channel = ?1 AND next_at <= ?2 ORDER BY next_at, no LIMIT ?3")
            .Bind(1, channel.ToString()).Bind(2, Ms(now)).Bind(3, Candidates))
        {
            while (numbers.Count < most && due.Step())
            {
                if (taken.Add(due.Text(1)))
                    numbers.Add(due.Int64(0));
            }
        }

        var claimed = new List<ClaimedDelivery>();
        foreach (var number in numbers)
        {
            session.Prepare("UPDATE delivery SET state = 'handed', attempts = attempts + 1, changed_at = ?2 WHERE no = ?1")
                .Bind(1, number).Bind(2, Ms(now)).Run();
            claimed.Add(DeliveryRows.Claimed(session, number));
        }

        using var next = session.Prepare("SELECT MIN(next_at) FROM delivery WHERE state = 'waiting' AND channel = ?1").Bind(1, channel.ToString());
        return new(claimed, next.Step() && !next.IsNull(0) ? DeliveryRows.Time(next.Int64(0)) : null);
    }

    public static void Settle(SqliteSession session, DeliveryId id, DeliverySettlement settlement, Instant now)
    {
        (string State, long Next, string? Receipt, string? Error) row = settlement switch
        {
            DeliverySettlement.Sent sent => ("sent", 0, Short(sent.Receipt), null),
            DeliverySettlement.Again again => ("waiting", Ms(again.At), null, Short(again.Error)),
            DeliverySettlement.Failed failed => ("failed", 0, null, Short(failed.Error)),
            _ => throw new ArgumentException($"{settlement.GetType().Name} is not known here", nameof(settlement)),
        };
        session.Prepare(
            """
            UPDATE delivery SET state = ?2, next_at = ?3, receipt = ?4, error = ?5, changed_at = ?6 WHERE id = ?1 AND state = 'handed'
            """)
            .Bind(1, id.Value).Bind(2, row.State).Bind(3, row.Next).Bind(4, row.Receipt).Bind(5, row.Error).Bind(6, Ms(now)).Run();
    }

    public static int Resume(SqliteSession session, Instant now)
    {
        session.Prepare("UPDATE delivery SET state = 'waiting', next_at = ?1, changed_at = ?1, error = ?2 WHERE state = 'handed'")
            .Bind(1, Ms(now)).Bind(2, NoAnswer).Run();
        return session.Changes;
    }

    public static int Purge(SqliteSession session, Instant now, NotificationBounds bounds)
    {
        // What still waits keeps its notification; nothing waits for so long unless the clock was wrong.
        session.Prepare(
            """
            DELETE FROM notification WHERE told_at < ?1
            AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.notification_no = notification.no AND d.state IN ('waiting', 'handed'))
            """)
            .Bind(1, Ms(now - bounds.KeepFor)).Run();
        return session.Changes;
    }

    // Tries that a crash cut off count too, or a message that kills the node would do so for ever.
    private static void GiveUp(SqliteSession session, NotificationChannel channel, Instant now)
    {
        session.Prepare(
            """
            UPDATE delivery SET state = 'failed', changed_at = ?2, error = 'too late: ' || COALESCE(error, 'the node was not running when it was due')
            WHERE state = 'waiting' AND channel = ?1 AND next_at <= ?2 AND good_until < ?2
            """)
            .Bind(1, channel.ToString()).Bind(2, Ms(now)).Run();
        session.Prepare(
            """
            UPDATE delivery SET state = 'failed', changed_at = ?2, error = 'tried ' || attempts || ' times; last: ' || COALESCE(error, '')
            WHERE state = 'waiting' AND channel = ?1 AND next_at <= ?2 AND attempts >= ?3
            """)
            .Bind(1, channel.ToString()).Bind(2, Ms(now)).Bind(3, RetrySchedule.MostAttempts).Run();
    }

    private static void Insert(SqliteSession session, long notification, DeliveryPlan plan, Instant now, string? refused) => session.Prepare(
        """
        INSERT INTO delivery
            (id, notification_no, account, channel, address, language, state, attempts, next_at, good_until, changed_at, receipt, error)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?10, NULL, ?11)
        """)
        .Bind(1, plan.Id.Value).Bind(2, notification).Bind(3, plan.Account.Value).Bind(4, plan.Address.Channel.ToString())
        .Bind(5, plan.Address.Value).Bind(6, plan.Language.Tag()).Bind(7, refused is null ? "waiting" : "failed").Bind(8, Ms(plan.NotBefore))
        .Bind(9, Ms(plan.GoodUntil)).Bind(10, Ms(now)).Bind(11, refused).Run();

    private static string Short(string text) => text.Length <= MostText ? text : text[..MostText];

    private static long Ms(Instant instant) => DeliveryRows.Milliseconds(instant);

    private static long One(Statement statement)
    {
        using (statement)
            return statement.Step() ? statement.Int64(0) : throw new InvalidDataException("a row that was just written is not there");
    }

    /// <summary>Counts what waits, so that neither one account nor all of them fill the disk.</summary>
    private sealed class WaitingRoom(SqliteSession session, NotificationBounds bounds, bool isCritical)
    {
        private readonly int _factor = isCritical ? 2 : 1;
        private readonly Dictionary<RecipientId, long> _accounts = [];
        private long _all = One(session.Prepare("SELECT COUNT(*) FROM delivery WHERE state IN ('waiting', 'handed')"));

        /// <summary>Why a delivery may not wait, or null, and then it is counted.</summary>
        public string? Refuse(RecipientId account)
        {
            if (!_accounts.TryGetValue(account, out var waiting))
            {
                waiting = One(session.Prepare("SELECT COUNT(*) FROM delivery WHERE account = ?1 AND state IN ('waiting', 'handed')")
                    .Bind(1, account.Value));
            }

            if (waiting >= (long)bounds.WaitingPerAccount * _factor)
                return string.Create(CultureInfo.InvariantCulture, $"not sent: {waiting} deliveries wait for this account already");
            if (_all >= (long)bounds.Waiting * _factor)
                return string.Create(CultureInfo.InvariantCulture, $"not sent: {_all} deliveries wait already");
            _accounts[account] = waiting + 1;
            _all++;
            return null;
        }
    }
}
