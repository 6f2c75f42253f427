using Busbar.Store.Bytes;
using Busbar.Store.Readings;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Packing;

/// <summary>Readings on their way from the hot table into packed rows: all that is written at once, made ready by a reader.</summary>
internal sealed class PackedGroup
{
    private const string Rows =
        """
        SELECT meter_no, sequence, blob FROM reading
        WHERE instant = ?1 AND microgrid = ?2 AND meter_no BETWEEN ?3 AND ?4
        """;

    private readonly List<(long Instant, int Meter, ulong Sequence)> _taken = [];
    private readonly List<(long Key, int Count, byte[] Blob)> _days = [];
    private readonly List<(long Key, byte[] Blob)> _evidence = [];
    private readonly long _microgrid;
    private long _added;

    private PackedGroup(long microgrid) => _microgrid = microgrid;

    /// <summary>How many readings leave the hot table.</summary>
    public int Count => _taken.Count;

    /// <summary>The first second with a reading in the hot table, from one up to but without another.</summary>
    public static long? NextInstant(SqliteSession session, long from, long end)
    {
        using var row = session.Prepare("SELECT MIN(instant) FROM reading WHERE instant >= ?1 AND instant < ?2").Bind(1, from).Bind(2, end);
        return row.Step() && !row.IsNull(0) ? row.Int64(0) : null;
    }

    /// <summary>Takes a day's readings of some meters, oldest first, until there are so many of them or no more.</summary>
    public static PackedGroup Prepare(SqliteSession session, long day, MeterRange meters, int most)
    {
        var group = new PackedGroup(meters.Microgrid);
        var hot = new SortedDictionary<int, List<HotReading>>();
        var end = (day + 1) * DayValues.SecondsPerDay;
        var next = NextInstant(session, day * DayValues.SecondsPerDay, end);
        while (group.Count < most && next is { } instant)
        {
            group.Take(session, instant, meters, hot);
            next = NextInstant(session, instant + 1, end);
        }

        var writer = new ByteWriter(8192);
        foreach (var (meter, readings) in hot)
            group.Merge(session, meter, day, readings, writer);
        return group;
    }

    /// <summary>Moves the readings. What came for the day since stays in the hot table until the next time.</summary>
    public bool Write(SqliteSession session)
    {
        var delete = session.Prepare("DELETE FROM reading WHERE instant = ?1 AND microgrid = ?2 AND meter_no = ?3 AND sequence = ?4");
        foreach (var (instant, meter, sequence) in _taken)
            delete.Bind(1, instant).Bind(2, _microgrid).Bind(3, meter).Bind(4, sequence).Run();
        foreach (var (key, count, blob) in _days)
        {
            session.Prepare("INSERT OR REPLACE INTO meter_day (id, count, blob) VALUES (?1, ?2, ?3)")
                .Bind(1, key).Bind(2, count).Bind(3, blob).Run();
        }

        foreach (var (key, blob) in _evidence)
            session.Prepare("INSERT OR REPLACE INTO evidence (id, blob) VALUES (?1, ?2)").Bind(1, key).Bind(2, blob).Run();
        session.Prepare("INSERT INTO counter VALUES ('packed_readings', ?1) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value")
            .Bind(1, _added).Run();
        return true;
    }

    private void Take(SqliteSession session, long instant, MeterRange meters, SortedDictionary<int, List<HotReading>> hot)
    {
        using var rows = session.Prepare(Rows).Bind(1, instant).Bind(2, meters.Microgrid).Bind(3, meters.First).Bind(4, meters.Last);
        while (rows.Step())
        {
            var (meter, sequence) = (rows.Int32(0), rows.UInt64(1));
            if (!hot.TryGetValue(meter, out var readings))
                hot.Add(meter, readings = []);
            readings.Add(ReadingBlob.Read(rows.Blob(2), instant, sequence));
            _taken.Add((instant, meter, sequence));
        }
    }

    private void Merge(SqliteSession session, int meter, long day, List<HotReading> late, ByteWriter writer)
    {
        var all = new List<HotReading>();
        PackedReadings.Add(session, meter, day, 0, long.MaxValue, all);
        var packed = all.Count;
        var known = all.Select(reading => (reading.At, reading.Sequence)).ToHashSet();
        all.AddRange(late.Where(reading => known.Add((reading.At, reading.Sequence))));
        if (all.Count == packed)
            return;
        _added += all.Count - packed;
        all.Sort(HotReading.InOrder);

        var readings = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all);
        writer.Clear();
        DayValues.Write(writer, day, readings);
        _days.Add((PackedReadings.Key(meter, day), readings.Length, writer.Written.ToArray()));
        var touched = late.Select(reading => reading.At / SliceEvidence.SecondsPerSlice).ToHashSet();
        for (var first = 0; first < readings.Length;)
        {
            var slice = readings[first].At / SliceEvidence.SecondsPerSlice;
            var end = first;
            while (end < readings.Length && readings[end].At / SliceEvidence.SecondsPerSlice == slice)
                end++;
            if (touched.Contains(slice))
            {
                writer.Clear();
                SliceEvidence.Write(writer, readings[first..end]);
                _evidence.Add((PackedReadings.Key(meter, slice), writer.Written.ToArray()));
            }

            first = end;
        }
    }
}
