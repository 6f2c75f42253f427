using Busbar.Cryptography;
using Busbar.Domain.Billing;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Cash;

/// <summary>A stored entry of the cash book.</summary>
/// <param name="Reference">Names it on the ledger, as it was when it was written.</param>
/// <param name="Slip">The entry.</param>
/// <param name="Transaction">The transaction that was to book it.</param>
public sealed record StoredSlip(Hash256 Reference, CashSlip Slip, Hash256 Transaction);

/// <summary>
/// The cash book on SQLite: entries are only ever added, each in one step with its transaction
/// (<see cref="StoreChange.CashBooked"/>). Safe for concurrent callers.
/// </summary>
public sealed class SqliteCash
{
    internal const string Step =
        "CREATE TABLE cash_slip (no INTEGER PRIMARY KEY AUTOINCREMENT, reference BLOB NOT NULL UNIQUE, slip TEXT NOT NULL, tx BLOB NOT NULL);";

    private readonly ReaderPool _readers;

    internal SqliteCash(ReaderPool readers) => _readers = readers;

    /// <summary>All entries, oldest first.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public Task<IReadOnlyList<StoredSlip>> AllAsync(CancellationToken cancellation) => _readers.ReadAsync(Read, cancellation);

    /// <summary>All entries as they were written: the reference, and the entry.</summary>
    /// <exception cref="StoreException">The file is damaged or the disk fails.</exception>
    public async Task<IReadOnlyList<(Hash256 Reference, CashSlip Slip)>> SlipsAsync(CancellationToken cancellation) =>
        [.. (await AllAsync(cancellation)).Select(slip => (slip.Reference, slip.Slip))];

    private static IReadOnlyList<StoredSlip> Read(SqliteSession session)
    {
        using var rows = session.Prepare("SELECT reference, slip, tx FROM cash_slip ORDER BY no");
        var slips = new List<StoredSlip>();
        while (rows.Step())
            slips.Add(new(rows.Hash(0), CashSlip.Parse(rows.Text(1)), rows.Hash(2)));
        return slips;
    }
}
