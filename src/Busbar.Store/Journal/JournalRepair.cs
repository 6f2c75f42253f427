using System.Text.Json;
using Busbar.Ledger.Journal;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Store.Journal;

/// <summary>What a repair did to a journal.</summary>
/// <param name="Journal">Which.</param>
/// <param name="End">The position that the next record gets now.</param>
/// <param name="Removed">How many records were taken away; 0 when there was nothing to repair.</param>
/// <param name="CheckpointRemoved">Whether the checkpoint went too, because it knew of removed records.</param>
/// <param name="File">Where the removed rows are, one JSON object a line; null when there are none.</param>
public sealed record JournalRepair(JournalName Journal, long End, long Removed, bool CheckpointRemoved, string? File);

/// <summary>Cuts a journal off before its first damaged row and puts what is cut off into a file.</summary>
internal static class TailRepair
{
    private const int BytesAtOnce = 8 * 1024 * 1024;

    public static JournalRepair Run(WriteTransaction transaction, JournalName journal, string folder, Instant now)
    {
        var session = transaction.Session;
        var head = JournalHead.Load(session, journal)
            ?? throw new StoreException($"there is no journal {journal}; nothing was changed", isTransient: false);
        var (end, checksum) = Sound(session, journal);
        if (end == head.Next && checksum == head.Checksum)
            return new(journal, end, 0, false, null);

        var file = Path.Combine(folder, FileName(journal, end, now));
        PutAside(session, head, end, file);
        session.Prepare("DELETE FROM journal WHERE id >= ?1 AND id < ?2")
            .Bind(1, JournalHead.Key(head.Number, end)).Bind(2, JournalHead.Key(head.Number + 1, 0)).Run();
        // The epoch grows, so that an owner that still counts on the removed records can write nothing.
        session.Prepare("UPDATE journal_owner SET epoch = epoch + 1, next_position = ?1, checksum = ?2 WHERE no = ?3")
            .Bind(1, end).Bind(2, checksum).Bind(3, head.Number).Run();
        session.Prepare("DELETE FROM checkpoint WHERE journal_no = ?1 AND position > ?2").Bind(1, head.Number).Bind(2, end).Run();
        var checkpointRemoved = session.Changes > 0;
        RepairMark.Set(session, journal, end);
        transaction.Forget();
        return new(journal, end, head.Next - end, checkpointRemoved, file);
    }

    private static (long End, uint Checksum) Sound(SqliteSession session, JournalName journal)
    {
        if (JournalRows.From(session, journal, 0) is not { } rows)
            return (0, JournalChecksum.Start);
        var entries = new List<JournalEntry>();
        try
        {
            while (!rows.AtEnd)
            {
                entries.Clear();
                rows.Take(session, BytesAtOnce, entries);
            }
        }
        catch (JournalDamagedException)
        {
            // What was walked before it is sound; from here on it is cut.
        }

        return (rows.Next, rows.Checksum);
    }

    private static void PutAside(SqliteSession session, JournalHead head, long end, string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var rows = session.Prepare("SELECT id, count, epoch, checksum, blob FROM journal WHERE id >= ?1 AND id < ?2 ORDER BY id")
            .Bind(1, JournalHead.Key(head.Number, end)).Bind(2, JournalHead.Key(head.Number + 1, 0));
        while (rows.Step())
        {
            using (var json = new Utf8JsonWriter(file))
            {
                json.WriteStartObject();
                json.WriteString("journal", head.Name.Name);
                json.WriteNumber("first", JournalHead.Position(rows.Int64(0)));
                json.WriteNumber("count", rows.Int64(1));
                json.WriteNumber("epoch", rows.Int64(2));
                json.WriteNumber("checksum", rows.Int64(3));
                json.WriteBase64String("blob", rows.Blob(4));
                json.WriteEndObject();
            }

            file.WriteByte((byte)'\n');
        }

        file.Flush(flushToDisk: true);
    }

    private static string FileName(JournalName journal, long end, Instant now)
    {
        var name = string.Concat(journal.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        var time = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmssfff'Z'").Format(now);
        return $"damaged-{name}-from-{end}-{time}.jsonl";
    }
}
