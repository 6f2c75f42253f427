using Busbar.Domain.Notifications;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Notifications;

/// <summary>Rows of push subscriptions.</summary>
internal static class SubscriptionRows
{
    private const string Columns = "SELECT id, account, endpoint, key, auth, label, created_at FROM push_subscription";

    public static IReadOnlyList<PushSubscription> Of(SqliteSession session, RecipientId account) =>
        All(session.Prepare($"{Columns} WHERE account = ?1 ORDER BY created_at, id").Bind(1, account.Value));

    public static PushSubscription? Named(SqliteSession session, string id) =>
        All(session.Prepare($"{Columns} WHERE id = ?1").Bind(1, id)) is [var only] ? only : null;

    public static void Add(SqliteSession session, PushSubscription subscription, int most)
    {
        // A browser that another account uses now belongs to that one.
        session.Prepare("DELETE FROM push_subscription WHERE endpoint = ?1").Bind(1, subscription.Endpoint.AbsoluteUri).Run();
        session.Prepare("INSERT INTO push_subscription VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .Bind(1, subscription.Id).Bind(2, subscription.Account.Value).Bind(3, subscription.Endpoint.AbsoluteUri)
            .Bind(4, subscription.Key.Span).Bind(5, subscription.Auth.Span).Bind(6, subscription.Label)
            .Bind(7, DeliveryRows.Milliseconds(subscription.CreatedAt)).Run();
        session.Prepare(
            """
            DELETE FROM push_subscription WHERE id IN (
                SELECT id FROM push_subscription WHERE account = ?1 ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?2)
            """)
            .Bind(1, subscription.Account.Value).Bind(2, most).Run();
    }

    public static bool Remove(SqliteSession session, RecipientId? account, string id)
    {
        session.Prepare("DELETE FROM push_subscription WHERE id = ?1 AND (?2 IS NULL OR account = ?2)")
            .Bind(1, id).Bind(2, account?.Value).Run();
        return session.Changes > 0;
    }

    private static List<PushSubscription> All(Statement rows)
    {
        using (rows)
        {
            var list = new List<PushSubscription>();
            while (rows.Step())
            {
                list.Add(new(
                    rows.Text(0), new(rows.Text(1)), new Uri(rows.Text(2)), rows.Blob(3).ToArray(), rows.Blob(4).ToArray(), rows.Text(5),
                    DeliveryRows.Time(rows.Int64(6))));
            }

            return list;
        }
    }
}
