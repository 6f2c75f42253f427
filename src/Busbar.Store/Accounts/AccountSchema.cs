namespace Busbar.Store.Accounts;

/// <summary>The tables of accounts and of what hangs on them.</summary>
internal static class AccountSchema
{
    /// <summary>A guest is an invitation of its own kind: taking the invitation back takes the guest's right back.</summary>
    public const string Step =
        """
        CREATE TABLE account (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, password TEXT,
            address BLOB UNIQUE, keystore TEXT, settings TEXT, roles TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE passkey (
            id BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id), name TEXT NOT NULL, public_key BLOB NOT NULL,
            counter INTEGER NOT NULL, transports TEXT NOT NULL, flags INTEGER NOT NULL,
            created INTEGER NOT NULL, last_used INTEGER) WITHOUT ROWID;
        CREATE INDEX passkey_of_account ON passkey (account);
        CREATE TABLE session (
            id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, account TEXT NOT NULL REFERENCES account (id),
            created INTEGER NOT NULL, last_used INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX session_of_account ON session (account);
        CREATE TABLE invitation (
            id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL, premises BLOB,
            can_switch INTEGER NOT NULL, until INTEGER, maker TEXT, maker_address BLOB, created INTEGER NOT NULL, expires INTEGER NOT NULL,
            used_by TEXT REFERENCES account (id), used_at INTEGER) WITHOUT ROWID;
        """;
}
