using System.Collections.Concurrent;
using Busbar.Cryptography;
using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Ledger.Anchoring;
using Busbar.Ledger.Readings;
using Busbar.Store.Anchoring;
using Busbar.Store.Packing;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.Readings;

/// <summary>Readings and closed intervals on SQLite.</summary>
internal sealed class SqliteReadingStore(ReaderPool readers) : IReadingStore
{
    private const string Closed = $"SELECT {ClosedIntervalRows.Columns} FROM closed_interval c WHERE c.microgrid = ?1 ";

    // Numbers once given never change their meaning, so what was read may be remembered.
    private readonly ConcurrentDictionary<int, Hash256> _firmware = new();

    public Task<SignedReading?> ReadingAsync(MeterId meter, Instant instant, CancellationToken cancellation) =>
        readers.ReadAsync(session => Reading(session, meter, instant.ToUnixTimeSeconds()), cancellation);

    public Task<IReadOnlyList<SignedReading>> ReadingsAtAsync(MicrogridId microgrid, Instant instant, CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyList<SignedReading>>(session => At(session, microgrid, instant.ToUnixTimeSeconds()), cancellation);

    public Task<IReadOnlyList<RegisterPoint>> SeriesAsync(MeterId meter, Instant from, Instant to, CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyList<RegisterPoint>>(
            session => Series(session, meter, Seconds(from), Seconds(to)), cancellation);

    public Task<HistoryTable> HistoryAsync(HistoryQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Meters.Count == 0)
            throw new ArgumentException("a history is of a meter", nameof(query));
        var boundaries = HistoryCalendar.Boundaries(query.From, query.To, query.Step, query.Zone, query.Length);
        return readers.ReadAsync(
            session => HistoryTable.Sum([.. query.Meters.Distinct().Select(meter => History(session, meter, boundaries, query.Length))]),
            cancellation);
    }

    public Task<ClosedInterval?> ClosedAsync(MicrogridId microgrid, Instant start, int? version, CancellationToken cancellation) =>
        readers.ReadAsync(
            session => ClosedIntervalRows.First(
                session.Prepare(Closed + "AND c.start = ?2 AND c.version BETWEEN ?3 AND ?4 ORDER BY c.version DESC LIMIT 1")
                    .Bind(1, microgrid.Number).Bind(2, start.ToUnixTimeSeconds()).Bind(3, version ?? 0).Bind(4, version ?? int.MaxValue)),
            cancellation);

    public Task<IReadOnlyList<ClosedInterval>> ClosedBeforeAsync(
        MicrogridId microgrid, Instant? before, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        const string Newest =
            """
            AND c.start < ?2
            AND c.version = (SELECT MAX(d.version) FROM closed_interval d WHERE d.microgrid = c.microgrid AND d.start = c.start)
            ORDER BY c.start DESC LIMIT ?3
            """;
        return readers.ReadAsync<IReadOnlyList<ClosedInterval>>(
            session => ClosedIntervalRows.All(
                session.Prepare(Closed + Newest)
                    .Bind(1, microgrid.Number).Bind(2, before is { } at ? Seconds(at) : long.MaxValue).Bind(3, limit)),
            cancellation);
    }

    public Task<IReadOnlyList<ClosedInterval>> VersionsAfterAsync(
        MicrogridId microgrid, Instant start, int version, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync<IReadOnlyList<ClosedInterval>>(
            session => ClosedIntervalRows.All(
                session.Prepare(Closed + "AND (c.start, c.version) > (?2, ?3) ORDER BY c.start, c.version LIMIT ?4")
                    .Bind(1, microgrid.Number).Bind(2, start.ToUnixTimeSeconds()).Bind(3, version).Bind(4, limit)),
            cancellation);
    }

    public Task<IReadOnlyList<SignedReading>> AllReadingsAsync(
        MicrogridId microgrid, Instant from, Instant to, CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyList<SignedReading>>(session => All(session, microgrid, Seconds(from), Seconds(to)), cancellation);

    public Task<IReadOnlyList<StoredRefusal>> QuarantineAsync(long? below, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return readers.ReadAsync<IReadOnlyList<StoredRefusal>>(
            session =>
            {
                using var rows = session.Prepare(
                    "SELECT id, received_at, topic, reason, detail, length(payload) FROM quarantine WHERE id < ?1 ORDER BY id DESC LIMIT ?2")
                    .Bind(1, below ?? long.MaxValue).Bind(2, limit);
                var refusals = new List<StoredRefusal>();
                while (rows.Step())
                    refusals.Add(new(rows.Int64(0), Instant.FromUnixTimeMilliseconds(rows.Int64(1)), rows.Text(2), rows.Text(3), rows.Text(4), rows.Int32(5)));
                return refusals;
            },
            cancellation);
    }

    /// <summary>Reads every hot row: for reconciling, not for a page that is shown often.</summary>
    public Task<StoreTotals> TotalsAsync(CancellationToken cancellation) => readers.ReadAsync(Totals.Read, cancellation);

    /// <summary>The first second at or after an instant.</summary>
    private static long Seconds(Instant instant)
    {
        var seconds = instant.ToUnixTimeSeconds();
        return Instant.FromUnixTimeSeconds(seconds) < instant ? seconds + 1 : seconds;
    }

    private static List<MeterNumber> Numbers(SqliteSession session, MeterId meter)
    {
        using var rows = session.Prepare("SELECT no, microgrid FROM meter WHERE id = ?1").Bind(1, meter.Key);
        var numbers = new List<MeterNumber>(1);
        while (rows.Step())
            numbers.Add(new(rows.Int32(0), rows.Int64(1)));
        return numbers;
    }

    private static List<RegisterPoint> Series(SqliteSession session, MeterId meter, long from, long to)
    {
        var points = new List<RegisterPoint>();
        var late = new List<HotReading>();
        var values = new DayValues();
        var numbers = Numbers(session, meter);
        foreach (var number in numbers)
        {
            PackedReadings.AddSeries(session, number.Number, from, to, values, points);
            HotReadings.Add(session, number, from, to, late);
        }

        return late.Count == 0 && numbers.Count <= 1 ? points : SeriesMerge.Join(points, late);
    }

    private static HistoryTable History(SqliteSession session, MeterId meter, IReadOnlyList<Instant> boundaries, IntervalLength length)
    {
        var series = Series(session, meter, Seconds(boundaries[0]), Seconds(boundaries[^1]) + 1);
        var numbers = Numbers(session, meter);
        return MeterHistory.Make(
            boundaries,
            series.ConvertAll(point => new HistoryPoint(point.Instant, point.Registers)),
            series.Count == 0 ? [] : EstimatedBoundaries.Find(session, meter, numbers, boundaries, series, length));
    }

    private SignedReading? Reading(SqliteSession session, MeterId meter, long instant)
    {
        var found = new List<HotReading>();
        foreach (var number in Numbers(session, meter))
        {
            HotReadings.AddAt(session, number, instant, found);
            PackedReadings.Add(session, number.Number, instant / DayValues.SecondsPerDay, instant, instant + 1, found);
        }

        found.Sort(HotReading.InOrder);
        return found.Count == 0 ? null : found[^1].Signed(meter, Firmware(session, found[^1].Firmware));
    }

    private List<SignedReading> At(SqliteSession session, MicrogridId microgrid, long instant)
    {
        var hot = new Dictionary<int, HotReading>();
        HotReadings.AddAt(session, microgrid.Number, instant, hot);
        var readings = new List<SignedReading>();
        var packed = new List<HotReading>();
        foreach (var (number, meter) in Meters(session, microgrid))
        {
            packed.Clear();
            var isHot = hot.TryGetValue(number, out var best);
            if (!isHot || best.IsOnRequest)
                PackedReadings.Add(session, number, instant / DayValues.SecondsPerDay, instant, instant + 1, packed);
            if (isHot)
                packed.Add(best);
            packed.Sort(HotReading.InOrder);
            if (packed.Count > 0)
                readings.Add(packed[^1].Signed(meter, Firmware(session, packed[^1].Firmware)));
        }

        return readings;
    }

    private List<SignedReading> All(SqliteSession session, MicrogridId microgrid, long from, long to)
    {
        var found = new List<(MeterId Meter, HotReading Reading)>();
        foreach (var (number, meter) in Meters(session, microgrid))
        {
            var readings = new List<HotReading>();
            HotReadings.Add(session, new(number, microgrid.Number), from, to, readings);
            for (var day = from / DayValues.SecondsPerDay; day * DayValues.SecondsPerDay < to; day++)
                PackedReadings.Add(session, number, day, from, to, readings);
            found.AddRange(readings.Select(reading => (meter, reading)));
        }

        // One that was stored again after it had been packed is the same reading.
        return [.. found.DistinctBy(one => (one.Meter, one.Reading.At, one.Reading.Sequence))
            .OrderBy(one => one.Reading.At).ThenBy(one => one.Reading.Sequence)
            .Select(one => one.Reading.Signed(one.Meter, Firmware(session, one.Reading.Firmware)))];
    }

    private static List<(int Number, MeterId Meter)> Meters(SqliteSession session, MicrogridId microgrid)
    {
        using var rows = session.Prepare("SELECT no, id FROM meter WHERE microgrid = ?1 ORDER BY no").Bind(1, microgrid.Number);
        var meters = new List<(int, MeterId)>();
        while (rows.Step())
            meters.Add((rows.Int32(0), new(rows.Address(1))));
        return meters;
    }

    private Hash256 Firmware(SqliteSession session, int number)
    {
        if (_firmware.TryGetValue(number, out var hash))
            return hash;
        using var row = session.Prepare("SELECT hash FROM firmware WHERE no = ?1").Bind(1, number);
        if (!row.Step())
            throw new InvalidDataException($"firmware {number} is not in the dictionary");
        return _firmware.GetOrAdd(number, row.Hash(0));
    }
}
