using Busbar.Store.Sqlite;

namespace Busbar.Store.Readings;

/// <summary>
/// Readings not packed yet, in a table keyed (instant, microgrid, meter): rows come at its end. Going along one meter jumps
/// from instant to instant by the key, at most two look-ups for each instant at which anyone has a row.
/// </summary>
internal static class HotReadings
{
    private const string AtOrAfter =
        """
        SELECT instant, microgrid, meter_no, sequence, blob FROM reading
        WHERE (instant, microgrid, meter_no, sequence) >= (?1, ?2, ?3, ?4) AND instant < ?5
        ORDER BY instant, microgrid, meter_no, sequence LIMIT 1
        """;

    private const string At =
        "SELECT instant, sequence, blob FROM reading WHERE instant = ?1 AND microgrid = ?2 AND meter_no = ?3";

    private const string InMicrogrid =
        "SELECT instant, sequence, blob, meter_no FROM reading WHERE instant = ?1 AND microgrid = ?2 ORDER BY meter_no";

    /// <summary>A meter's readings of one second.</summary>
    public static void AddAt(SqliteSession session, MeterNumber meter, long instant, List<HotReading> readings)
    {
        using var rows = session.Prepare(At).Bind(1, instant).Bind(2, meter.Microgrid).Bind(3, meter.Number);
        while (rows.Step())
            readings.Add(ReadingBlob.Read(rows.Blob(2), rows.Int64(0), rows.UInt64(1)));
    }

    /// <summary>A microgrid's readings of one second, by the meter's number; of several the one that stands for them.</summary>
    public static void AddAt(SqliteSession session, uint microgrid, long instant, Dictionary<int, HotReading> readings)
    {
        using var rows = session.Prepare(InMicrogrid).Bind(1, instant).Bind(2, microgrid);
        while (rows.Step())
        {
            var reading = ReadingBlob.Read(rows.Blob(2), rows.Int64(0), rows.UInt64(1));
            if (!readings.TryGetValue(rows.Int32(3), out var other) || HotReading.InOrder(other, reading) < 0)
                readings[rows.Int32(3)] = reading;
        }
    }

    /// <summary>A meter's readings from an instant up to but without another, in seconds; oldest first.</summary>
    public static void Add(SqliteSession session, MeterNumber meter, long from, long to, List<HotReading> readings)
    {
        var statement = session.Prepare(AtOrAfter);
        var (instant, sequence) = (from, long.MinValue);
        while (instant < to)
        {
            using var row = statement.Bind(1, instant).Bind(2, meter.Microgrid).Bind(3, meter.Number).Bind(4, sequence).Bind(5, to);
            if (!row.Step())
                return;
            var found = (Instant: row.Int64(0), Microgrid: row.Int64(1), Meter: row.Int64(2));
            var order = (found.Microgrid, found.Meter).CompareTo((meter.Microgrid, meter.Number));
            if (order == 0)
            {
                readings.Add(ReadingBlob.Read(row.Blob(4), found.Instant, row.UInt64(3)));
                (instant, sequence) = row.Int64(3) == long.MaxValue ? (found.Instant + 1, long.MinValue) : (found.Instant, row.Int64(3) + 1);
            }
            else
            {
                // Past this meter's place within the instant: the meter has no (further) row there.
                (instant, sequence) = (order < 0 ? found.Instant : found.Instant + 1, long.MinValue);
            }
        }
    }
}

/// <summary>A meter's number in one microgrid.</summary>
/// <param name="Number">Its number in the dictionary.</param>
/// <param name="Microgrid">The microgrid.</param>
internal readonly record struct MeterNumber(int Number, long Microgrid);
