using System.Runtime.InteropServices;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Busbar.Ledger.Readings;
using Busbar.Store.Packing;
using Busbar.Store.Sqlite;

namespace Busbar.Store.Readings;

/// <summary>Counts and sums over everything.</summary>
internal static class Totals
{
    public static StoreTotals Read(SqliteSession session)
    {
        var count = 0L;
        var spans = new Dictionary<int, Span>();
        AddHot(session, spans, ref count);
        count += Number(session, "SELECT value FROM counter WHERE name = 'packed_readings'");
        AddPacked(session, spans);
        var versions = Number(session, "SELECT COUNT(*) FROM closed_interval");
        var intervals = Number(session, "SELECT COUNT(*) FROM closed_interval WHERE version = 1");
        return new(
            count,
            Number(session, "SELECT COUNT(*) FROM quarantine") + Number(session, "SELECT value FROM counter WHERE name = 'quarantine_removed'"),
            Energy(session, spans),
            intervals,
            versions - intervals,
            Number(session, "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'") + Number(session, "SELECT COUNT(*) FROM outbox WHERE state = 'sent'"));
    }

    private static void AddHot(SqliteSession session, Dictionary<int, Span> spans, ref long count)
    {
        using var rows = session.Prepare("SELECT instant, meter_no, blob FROM reading ORDER BY instant, microgrid, meter_no, sequence");
        while (rows.Step())
        {
            count++;
            Add(spans, rows.Int32(1), rows.Int64(0), ReadingBlob.ReadRegisters(rows.Blob(2)));
        }
    }

    /// <summary>The first and the last packed day of each meter tell its first and newest registers.</summary>
    private static void AddPacked(SqliteSession session, Dictionary<int, Span> spans)
    {
        var values = new DayValues();
        using var meters = session.Prepare("SELECT no FROM meter");
        while (meters.Step())
        {
            var meter = meters.Int32(0);
            using var days = session.Prepare(
                """
                SELECT id, blob FROM meter_day WHERE id IN (
                    (SELECT MIN(id) FROM meter_day WHERE id BETWEEN ?1 AND ?2), (SELECT MAX(id) FROM meter_day WHERE id BETWEEN ?1 AND ?2))
                """).Bind(1, PackedReadings.Key(meter, 0)).Bind(2, PackedReadings.Key(meter + 1, 0) - 1);
            while (days.Step())
            {
                values.Read(days.Blob(1), PackedReadings.Slice(days.Int64(0)));
                Add(spans, meter, values.At(0), values.Registers(0));
                Add(spans, meter, values.At(values.Count - 1), values.Registers(values.Count - 1));
            }
        }
    }

    private static void Add(Dictionary<int, Span> spans, int meter, long at, in Registers registers)
    {
        ref var span = ref CollectionsMarshal.GetValueRefOrAddDefault(spans, meter, out var known);
        if (!known || at < span.FirstAt)
            (span.FirstAt, span.First) = (at, registers);
        if (!known || at >= span.LastAt)
            (span.LastAt, span.Last) = (at, registers);
    }

    /// <summary>A meter that moved between microgrids has several numbers and is one meter all the same.</summary>
    private static EnergySum Energy(SqliteSession session, Dictionary<int, Span> spans)
    {
        var meters = new Dictionary<Address, Span>();
        var transformers = new HashSet<Address>();
        using var rows = session.Prepare("SELECT no, id, transformer FROM meter");
        while (rows.Step())
        {
            var id = rows.Address(1);
            if (rows.Int64(2) != 0)
                transformers.Add(id);
            if (!spans.TryGetValue(rows.Int32(0), out var span))
                continue;
            ref var whole = ref CollectionsMarshal.GetValueRefOrAddDefault(meters, id, out var known);
            if (!known || span.FirstAt < whole.FirstAt)
                (whole.FirstAt, whole.First) = (span.FirstAt, span.First);
            if (!known || span.LastAt >= whole.LastAt)
                (whole.LastAt, whole.Last) = (span.LastAt, span.Last);
        }

        var sum = default(EnergySum);
        foreach (var (id, span) in meters)
        {
            if (!transformers.Contains(id))
                sum += new EnergySum(span.Last.Import - span.First.Import, span.Last.Export - span.First.Export);
        }

        return sum;
    }

    private static long Number(SqliteSession session, string sql)
    {
        using var row = session.Prepare(sql);
        return row.Step() ? row.Int64(0) : 0;
    }

    /// <summary>The first and the newest registers of a meter.</summary>
    private struct Span
    {
        public long FirstAt;
        public long LastAt;
        public Registers First;
        public Registers Last;
    }
}
