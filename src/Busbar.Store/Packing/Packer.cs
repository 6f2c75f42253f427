using Busbar.Store.Bytes;
using Busbar.Store.Readings;
using Busbar.Store.Sqlite;
using Busbar.Store.Writing;
using NodaTime;

namespace Busbar.Store.Packing;

/// <summary>
/// Moves complete days from the hot table into packed rows, some meters in a transaction, so that appends wait for
/// milliseconds only. Whoever reads sees each reading once, before, while and after it moves; late readings of a packed day
/// are merged in the next time.
/// </summary>
internal sealed class Packer(StoreWriter writer, ReaderPool readers)
{
    private const int MetersAtOnce = 32;

    private const string MetersOfDay =
        "SELECT DISTINCT microgrid, meter_no FROM reading WHERE instant >= ?1 AND instant < ?2 ORDER BY microgrid, meter_no";

    private const string Rows =
        """
        SELECT meter_no, sequence, blob FROM reading
        WHERE instant = ?1 AND microgrid = ?2 AND meter_no BETWEEN ?3 AND ?4
        """;

    private const string DeleteRows = "DELETE FROM reading WHERE instant = ?1 AND microgrid = ?2 AND meter_no BETWEEN ?3 AND ?4";

    /// <returns>How many readings were moved.</returns>
    public async Task<long> PackAsync(Instant before, CancellationToken cancellation)
    {
        var end = Math.Max(before.ToUnixTimeSeconds(), 0) / DayValues.SecondsPerDay * DayValues.SecondsPerDay;
        var moved = 0L;
        for (var from = 0L; from < end;)
        {
            if (await readers.ReadAsync(session => NextInstant(session, from, end), cancellation) is not { } first)
                break;
            var day = first / DayValues.SecondsPerDay;
            var meters = await readers.ReadAsync(session => Meters(session, day), cancellation);
            foreach (var some in Groups(meters))
                moved += await writer.DoAsync(transaction => Pack(transaction, day, some), alone: true, cancellation);
            from = (day + 1) * DayValues.SecondsPerDay;
        }

        return moved;
    }

    private static long? NextInstant(SqliteSession session, long from, long end)
    {
        using var row = session.Prepare("SELECT MIN(instant) FROM reading WHERE instant >= ?1 AND instant < ?2").Bind(1, from).Bind(2, end);
        return row.Step() && !row.IsNull(0) ? row.Int64(0) : null;
    }

    private static List<MeterNumber> Meters(SqliteSession session, long day)
    {
        using var rows = session.Prepare(MetersOfDay).Bind(1, day * DayValues.SecondsPerDay).Bind(2, (day + 1) * DayValues.SecondsPerDay);
        var meters = new List<MeterNumber>();
        while (rows.Step())
            meters.Add(new(rows.Int32(1), rows.Int64(0)));
        return meters;
    }

    private static IEnumerable<Range> Groups(List<MeterNumber> meters)
    {
        for (var i = 0; i < meters.Count;)
        {
            var first = meters[i];
            var last = first;
            for (var taken = 0; i < meters.Count && taken < MetersAtOnce && meters[i].Microgrid == first.Microgrid; taken++)
                last = meters[i++];
            yield return new(first.Microgrid, first.Number, last.Number);
        }
    }

    private static long Pack(WriteTransaction transaction, long day, Range meters)
    {
        var session = transaction.Session;
        var hot = new SortedDictionary<int, List<HotReading>>();
        var end = (day + 1) * DayValues.SecondsPerDay;
        var moved = 0L;
        for (var at = NextInstant(session, day * DayValues.SecondsPerDay, end); at is { } instant; at = NextInstant(session, instant + 1, end))
            moved += Take(session, instant, meters, hot);

        var added = 0L;
        var writer = new ByteWriter(8192);
        foreach (var (meter, readings) in hot)
            added += Merge(session, meter, day, readings, writer);
        session.Prepare("INSERT INTO counter VALUES ('packed_readings', ?1) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value")
            .Bind(1, added).Run();
        return moved;
    }

    private static long Take(SqliteSession session, long instant, Range meters, SortedDictionary<int, List<HotReading>> hot)
    {
        var taken = 0L;
        using (var rows = session.Prepare(Rows).Bind(1, instant).Bind(2, meters.Microgrid).Bind(3, meters.First).Bind(4, meters.Last))
        {
            for (; rows.Step(); taken++)
            {
                if (!hot.TryGetValue(rows.Int32(0), out var readings))
                    hot.Add(rows.Int32(0), readings = []);
                readings.Add(ReadingBlob.Read(rows.Blob(2), instant, rows.UInt64(1)));
            }
        }

        if (taken > 0)
            session.Prepare(DeleteRows).Bind(1, instant).Bind(2, meters.Microgrid).Bind(3, meters.First).Bind(4, meters.Last).Run();
        return taken;
    }

    private static int Merge(SqliteSession session, int meter, long day, List<HotReading> late, ByteWriter writer)
    {
        var all = new List<HotReading>();
        PackedReadings.Add(session, meter, day, 0, long.MaxValue, all);
        var packed = all.Count;
        var known = all.Select(reading => (reading.At, reading.Sequence)).ToHashSet();
        all.AddRange(late.Where(reading => known.Add((reading.At, reading.Sequence))));
        all.Sort(HotReading.InOrder);

        var readings = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all);
        writer.Clear();
        DayValues.Write(writer, day, readings);
        session.Prepare("INSERT OR REPLACE INTO meter_day (id, count, blob) VALUES (?1, ?2, ?3)")
            .Bind(1, PackedReadings.Key(meter, day)).Bind(2, readings.Length).Bind(3, writer.Written).Run();
        for (var first = 0; first < readings.Length;)
        {
            var slice = readings[first].At / SliceEvidence.SecondsPerSlice;
            var end = first;
            while (end < readings.Length && readings[end].At / SliceEvidence.SecondsPerSlice == slice)
                end++;
            writer.Clear();
            SliceEvidence.Write(writer, readings[first..end]);
            session.Prepare("INSERT OR REPLACE INTO evidence (id, blob) VALUES (?1, ?2)")
                .Bind(1, PackedReadings.Key(meter, slice)).Bind(2, writer.Written).Run();
            first = end;
        }

        return all.Count - packed;
    }

    /// <summary>Meters of one microgrid whose numbers lie side by side.</summary>
    private readonly record struct Range(long Microgrid, int First, int Last);
}
