using System.Globalization;
using Busbar.Ledger.Journal;
using Busbar.Store.Accounts;
using Busbar.Store.Cash;
using Busbar.Store.Channels;
using Busbar.Store.Deliveries;
using Busbar.Store.Notifications;
using Busbar.Store.Supply;

namespace Busbar.Store.Sqlite;

/// <summary>The tables, as numbered steps; SQLite's <c>user_version</c> holds the number of the last one taken.</summary>
internal static class Schema
{
    /// <summary>Rows of a journal have the key (journal number, first position) in one integer: positions take 40 bits.</summary>
    public const int PositionBits = 40;

    /// <summary>Packed rows have the key (meter number, slice of time) in one integer: slices of six hours since 1970 take 22 bits.</summary>
    public const int SliceBits = 22;

    /// <summary>Transactions have the key (block, position in it) in one integer: positions take 20 bits.</summary>
    public const int TransactionBits = 20;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE journal_owner (
            no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch INTEGER NOT NULL,
            next_position INTEGER NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE journal (
            id INTEGER PRIMARY KEY, count INTEGER NOT NULL, epoch INTEGER NOT NULL, checksum INTEGER NOT NULL, blob BLOB NOT NULL);
        CREATE TABLE checkpoint (
            journal_no INTEGER PRIMARY KEY, position INTEGER NOT NULL, epoch INTEGER NOT NULL, state BLOB NOT NULL);

        CREATE TABLE meter (
            no INTEGER PRIMARY KEY, id BLOB NOT NULL, microgrid INTEGER NOT NULL, transformer INTEGER NOT NULL DEFAULT 0,
            UNIQUE (id, microgrid));
        CREATE INDEX meter_of_microgrid ON meter (microgrid, no);
        CREATE TABLE firmware (no INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE);
        CREATE TABLE reading (
            instant INTEGER NOT NULL, microgrid INTEGER NOT NULL, meter_no INTEGER NOT NULL, sequence INTEGER NOT NULL, blob BLOB NOT NULL,
            PRIMARY KEY (instant, microgrid, meter_no, sequence)) WITHOUT ROWID;
        CREATE TABLE meter_day (id INTEGER PRIMARY KEY, count INTEGER NOT NULL, blob BLOB NOT NULL);
        CREATE TABLE evidence (id INTEGER PRIMARY KEY, blob BLOB NOT NULL);

        CREATE TABLE quarantine (
            id INTEGER PRIMARY KEY AUTOINCREMENT, microgrid INTEGER, position INTEGER NOT NULL, topic TEXT NOT NULL, reason TEXT NOT NULL,
            detail TEXT NOT NULL, payload BLOB NOT NULL, received_at INTEGER NOT NULL);
        CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE closed_interval (
            microgrid INTEGER NOT NULL, start INTEGER NOT NULL, version INTEGER NOT NULL, minutes INTEGER NOT NULL,
            root BLOB NOT NULL, import INTEGER NOT NULL, export INTEGER NOT NULL, count INTEGER NOT NULL, detail BLOB NOT NULL,
            PRIMARY KEY (microgrid, start, version)) WITHOUT ROWID;
        CREATE TABLE outbox (
            microgrid INTEGER NOT NULL, start INTEGER NOT NULL, version INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'settled', 'failed')),
            tx BLOB, block INTEGER, failure TEXT,
            PRIMARY KEY (microgrid, start, version)) WITHOUT ROWID;
        CREATE INDEX outbox_waiting ON outbox (microgrid, start, version) WHERE state = 'waiting';
        CREATE INDEX outbox_tx ON outbox (tx) WHERE tx IS NOT NULL;
        CREATE INDEX outbox_sent ON outbox (tx) WHERE state = 'sent';
        CREATE INDEX outbox_block ON outbox (block) WHERE block IS NOT NULL;

        CREATE TABLE block (
            number INTEGER PRIMARY KEY, hash BLOB NOT NULL, parent BLOB NOT NULL, time INTEGER NOT NULL,
            transactions INTEGER NOT NULL, gas_used INTEGER NOT NULL);
        CREATE TABLE event (
            block INTEGER NOT NULL, log_index INTEGER NOT NULL, tx BLOB NOT NULL, contract BLOB NOT NULL,
            topic0 BLOB NOT NULL, topics BLOB NOT NULL, data BLOB NOT NULL,
            PRIMARY KEY (block, log_index)) WITHOUT ROWID;
        CREATE INDEX event_topic ON event (topic0, block, log_index);
        """,

        // What people call a meter and where it is.
        """
        CREATE TABLE house (
            meter BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, kind TEXT NOT NULL, microgrid INTEGER NOT NULL,
            premises BLOB NOT NULL, district TEXT NOT NULL, feeder TEXT NOT NULL, connection_milliwatts INTEGER) WITHOUT ROWID;
        """,
        AccountSchema.Step,
        NotificationSchema.Step,

        // What the explorer shows.
        """
        ALTER TABLE block ADD COLUMN content INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX block_hash ON block (hash);
        CREATE INDEX block_bare ON block (number) WHERE content = 0;
        CREATE TABLE tx (
            id INTEGER PRIMARY KEY, hash BLOB NOT NULL, sender BLOB NOT NULL, recipient BLOB, created BLOB, value BLOB NOT NULL,
            nonce INTEGER NOT NULL, gas_used INTEGER NOT NULL, gas_limit INTEGER NOT NULL, succeeded INTEGER NOT NULL,
            selector INTEGER, revert BLOB, input BLOB NOT NULL);
        CREATE INDEX tx_hash ON tx (hash);
        CREATE TABLE other_log (
            block INTEGER NOT NULL, log_index INTEGER NOT NULL, tx BLOB NOT NULL, contract BLOB NOT NULL, topics BLOB NOT NULL, data BLOB NOT NULL,
            PRIMARY KEY (block, log_index)) WITHOUT ROWID;
        CREATE TABLE address (no INTEGER PRIMARY KEY, address BLOB NOT NULL UNIQUE, transactions INTEGER NOT NULL);
        CREATE TABLE address_tx (address_no INTEGER NOT NULL, tx INTEGER NOT NULL, PRIMARY KEY (address_no, tx)) WITHOUT ROWID;
        CREATE INDEX address_of_tx ON address_tx (tx);
        """,

        // How often a device's token was renewed; devices that are not here have their first.
        "CREATE TABLE device_token (meter BLOB PRIMARY KEY, generation INTEGER NOT NULL) WITHOUT ROWID;",
        SqliteSupply.Step,
        SqliteCash.Step,
        SqliteSupply.OutageStep,
        SqliteVouchers.Step,
        SqliteDeliveries.Step,
        NotificationSchema.OffersStep,
        SqliteTurns.Step,
    ];

    /// <summary>The number of the newest step.</summary>
    public static int Newest => Steps.Length;

    /// <summary>Takes the steps that a file has not had yet, each in a transaction of its own.</summary>
    /// <exception cref="StoreException">A newer Busbar made the file.</exception>
    public static void Migrate(SqliteSession session, string file)
    {
        var version = Version(session);
        if (version > Newest)
        {
            throw new StoreException(
                string.Create(CultureInfo.InvariantCulture, $"{file} was written by a newer Busbar (schema {version}, this one knows {Newest}); ")
                + "nothing was changed. Install the newer version, or restore an older backup",
                isTransient: false);
        }

        for (; version < Newest; version++)
        {
            try
            {
                session.Execute("BEGIN IMMEDIATE");
                session.Execute(Steps[version]);
                session.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1}"));
                session.Execute("COMMIT");
            }
            catch
            {
                session.Rollback();
                throw;
            }
        }
    }

    private static int Version(SqliteSession session)
    {
        using var statement = session.Prepare("PRAGMA user_version");
        return statement.Step() ? statement.Int32(0) : 0;
    }
}
