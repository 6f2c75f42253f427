namespace Busbar.Store.Notifications;

/// <summary>The tables of notifications: one step of the store's schema.</summary>
internal static class NotificationSchema
{
    /// <summary>
    /// A delivery's number grows, so that the newest is the last. Times are Unix milliseconds. <c>next_at</c> orders what waits; a delivery
    /// that is handed over has none until its outcome is known.
    /// </summary>
    public const string Step =
        """
        CREATE TABLE notification (
            no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, message TEXT NOT NULL, scope TEXT NOT NULL, cause TEXT NOT NULL,
            at INTEGER NOT NULL, told_at INTEGER NOT NULL, data TEXT NOT NULL);
        CREATE INDEX notification_told ON notification (told_at);
        CREATE TABLE delivery (
            no INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE,
            notification_no INTEGER NOT NULL REFERENCES notification (no) ON DELETE CASCADE,
            account TEXT NOT NULL, channel TEXT NOT NULL, address TEXT NOT NULL, language TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'handed', 'sent', 'failed')),
            attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, good_until INTEGER NOT NULL, changed_at INTEGER NOT NULL,
            receipt TEXT, error TEXT);
        CREATE INDEX delivery_due ON delivery (channel, next_at) WHERE state = 'waiting';
        CREATE INDEX delivery_handed ON delivery (no) WHERE state = 'handed';
        CREATE INDEX delivery_failed ON delivery (no) WHERE state = 'failed';
        CREATE INDEX delivery_open ON delivery (account) WHERE state IN ('waiting', 'handed');
        CREATE INDEX delivery_account ON delivery (account, no);
        CREATE INDEX delivery_of ON delivery (notification_no);
        CREATE TABLE notification_profile (
            account TEXT PRIMARY KEY, language TEXT NOT NULL, quiet_from TEXT, quiet_to TEXT, off TEXT NOT NULL,
            email TEXT, email_pending TEXT, code TEXT, code_until INTEGER NOT NULL DEFAULT 0, code_tries INTEGER NOT NULL DEFAULT 0,
            codes_sent INTEGER NOT NULL DEFAULT 0, codes_since INTEGER NOT NULL DEFAULT 0,
            webhook TEXT, webhook_generation INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE push_subscription (
            id TEXT PRIMARY KEY, account TEXT NOT NULL, endpoint TEXT NOT NULL UNIQUE, key BLOB NOT NULL, auth BLOB NOT NULL,
            label TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX push_subscription_of ON push_subscription (account, created_at);
        """;

    /// <summary>Which offers of neighbours a person is told of.</summary>
    public const string OffersStep = "ALTER TABLE notification_profile ADD COLUMN offers TEXT;";
}
