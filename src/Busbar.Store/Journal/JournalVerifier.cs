using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Journal;

/// <summary>A journal's damage.</summary>
/// <param name="Journal">Which.</param>
/// <param name="Position">The first record that cannot be trusted.</param>
/// <param name="End">The position that the next record gets.</param>
/// <param name="Checkpoint">The record that its owner begins with at a start; null when it begins with the first.</param>
/// <param name="Detail">What is wrong, for a person.</param>
public sealed record JournalDamage(JournalName Journal, long Position, long End, long? Checkpoint, string Detail)
{
    /// <summary>Whether a start does not see it, because it lies before the checkpoint.</summary>
    public bool IsBeforeCheckpoint => Checkpoint > Position;
}

/// <summary>Walks a whole journal and holds every row against the chain of checksums.</summary>
internal sealed class JournalVerifier(ReaderPool readers, TimeProvider time)
{
    private const int BytesAtOnce = 1024 * 1024;

    public Task<IReadOnlyList<JournalName>> JournalsAsync(CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyList<JournalName>>(
            session =>
            {
                using var rows = session.Prepare("SELECT name FROM journal_owner ORDER BY no");
                var names = new List<JournalName>();
                while (rows.Step())
                    names.Add(new(rows.Text(0)));
                return names;
            },
            cancellation);

    public async Task<JournalDamage?> VerifyAsync(JournalName journal, TimeSpan pause, CancellationToken cancellation)
    {
        var (rows, end, checksum) = await readers.ReadAsync(
            session => (JournalRows.From(session, journal, 0), JournalHead.Load(session, journal)?.Next ?? 0, JournalHead.Load(session, journal)?.Checksum),
            cancellation);
        if (rows is null)
            return null;
        try
        {
            while (!rows.AtEnd)
            {
                await readers.ReadAsync(session => Walk(session, rows), cancellation);
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, time, cancellation);
            }
        }
        catch (JournalDamagedException damaged)
        {
            return await ToldAsync(damaged, end, cancellation);
        }

        return rows.Checksum == checksum
            ? null
            : await ToldAsync(new(journal, end - 1, "the last row is not the one that was written last"), end, cancellation);
    }

    private static bool Walk(SqliteSession session, JournalRows rows)
    {
        rows.Take(session, BytesAtOnce, []);
        return true;
    }

    private Task<JournalDamage> ToldAsync(JournalDamagedException damaged, long end, CancellationToken cancellation) =>
        readers.ReadAsync(
            session =>
            {
                using var row = session.Prepare("SELECT position FROM checkpoint JOIN journal_owner ON no = journal_no WHERE name = ?1")
                    .Bind(1, damaged.Journal.Name);
                return new JournalDamage(damaged.Journal, damaged.Position, end, row.Step() ? row.Int64(0) : null, damaged.Message);
            },
            cancellation);
}
