using System.Buffers;
using Busbar.Ledger.Readings;
using Busbar.Store.Readings;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Packing;

/// <summary>Reads packed days. Rows have the key (meter number, day or slice), so a month of a meter lies side by side.</summary>
internal static class PackedReadings
{
    private const string Days = "SELECT id, blob FROM meter_day WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
    private const string Evidence = "SELECT id, blob FROM evidence WHERE id BETWEEN ?1 AND ?2 ORDER BY id";

    public static long Key(int meter, long slice) => ((long)meter << Schema.SliceBits) | slice;

    public static long Slice(long key) => key & ((1L << Schema.SliceBits) - 1);

    /// <summary>A meter's points from a second up to but without another; oldest first.</summary>
    public static void AddSeries(SqliteSession session, int meter, long from, long to, DayValues values, List<RegisterPoint> points)
    {
        from = Math.Max(from, 0);
        if (from >= to)
            return;
        var last = Math.Min((to - 1) / DayValues.SecondsPerDay, (1L << Schema.SliceBits) - 1);
        using var rows = session.Prepare(Days).Bind(1, Key(meter, from / DayValues.SecondsPerDay)).Bind(2, Key(meter, last));
        while (rows.Step())
        {
            values.Read(rows.Blob(1), Slice(rows.Int64(0)));
            values.AddTo(points, from, to);
        }
    }

    /// <summary>A meter's whole readings of one day from a second up to but without another.</summary>
    public static void Add(SqliteSession session, int meter, long day, long from, long to, List<HotReading> readings)
    {
        var values = new DayValues();
        using (var row = session.Prepare(Days).Bind(1, Key(meter, day)).Bind(2, Key(meter, day)))
        {
            if (!row.Step())
                return;
            values.Read(row.Blob(1), day);
        }

        var index = 0;
        while (index < values.Count && values.At(index) < from)
            index++;
        while (index < values.Count && values.At(index) < to)
            index = AddSlice(session, meter, values, index, from, to, readings);
    }

    /// <summary>Adds the readings of the six hours that a value lies in.</summary>
    /// <returns>The first value after them.</returns>
    private static int AddSlice(
        SqliteSession session, int meter, DayValues values, int index, long from, long to, List<HotReading> readings)
    {
        var slice = values.At(index) / SliceEvidence.SecondsPerSlice;
        var first = index;
        while (first > 0 && values.At(first - 1) / SliceEvidence.SecondsPerSlice == slice)
            first--;
        var end = index;
        while (end < values.Count && values.At(end) / SliceEvidence.SecondsPerSlice == slice)
            end++;

        var signed = ArrayPool<SliceEvidence.Signed>.Shared.Rent(end - first);
        try
        {
            using var row = session.Prepare(Evidence).Bind(1, Key(meter, slice)).Bind(2, Key(meter, slice));
            if (!row.Step())
                return end;
            SliceEvidence.Read(row.Blob(1), signed.AsSpan(0, end - first));
            for (var i = first; i < end; i++)
            {
                var at = values.At(i);
                if (at < from || at >= to)
                    continue;
                var found = signed[i - first];
                readings.Add(new(at, found.Sequence, found.Flags, found.Boot, found.Firmware, values.Registers(i), found.Signature));
            }

            return end;
        }
        finally
        {
            ArrayPool<SliceEvidence.Signed>.Shared.Return(signed);
        }
    }
}
