using Busbar.Store.Sqlite;
using Busbar.Store.Writing;
using NodaTime;

namespace Busbar.Store.Packing;

/// <summary>
/// Moves complete days from the hot table into packed rows, some readings in a transaction. What is written is made ready beside the
/// writer, so that appends wait for milliseconds only. Whoever reads sees each reading once, before, while and after it moves; late
/// readings of a packed day are merged in the next time.
/// </summary>
internal sealed class Packer(StoreWriter writer, ReaderPool readers)
{
    // At some 10 microseconds a reading the writer is held for ten milliseconds, and an append waits twenty at most.
    private const int ReadingsAtOnce = 1_000;

    private const string MetersOfDay =
        """
        SELECT microgrid, meter_no, COUNT(*) FROM reading WHERE instant >= ?1 AND instant < ?2
        GROUP BY microgrid, meter_no ORDER BY microgrid, meter_no
        """;

    // What is made ready counts on packed rows staying as they are, so one packs at a time.
    private readonly SemaphoreSlim _gate = new(1);

    /// <returns>How many readings were moved.</returns>
    public async Task<long> PackAsync(Instant before, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return await PackDaysAsync(before, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Divides meters into groups that are packed in a transaction each.</summary>
    internal static IEnumerable<MeterRange> Groups(List<MeterOfDay> meters)
    {
        for (var i = 0; i < meters.Count;)
        {
            var (first, last, readings) = (meters[i], meters[i].Number, 0L);
            do
            {
                last = meters[i].Number;
                readings += meters[i++].Readings;
            }
            while (i < meters.Count && meters[i].Microgrid == first.Microgrid && readings + meters[i].Readings <= ReadingsAtOnce);
            yield return new(first.Microgrid, first.Number, last);
        }
    }

    private async Task<long> PackDaysAsync(Instant before, CancellationToken cancellation)
    {
        var end = Math.Max(before.ToUnixTimeSeconds(), 0) / DayValues.SecondsPerDay * DayValues.SecondsPerDay;
        var moved = 0L;
        for (var from = 0L; from < end;)
        {
            if (await readers.ReadAsync(session => PackedGroup.NextInstant(session, from, end), cancellation) is not { } first)
                break;
            var day = first / DayValues.SecondsPerDay;
            var meters = await readers.ReadAsync(session => Meters(session, day), cancellation);
            foreach (var some in Groups(meters))
                moved += await PackAsync(day, some, cancellation);
            from = (day + 1) * DayValues.SecondsPerDay;
        }

        return moved;
    }

    private async Task<long> PackAsync(long day, MeterRange meters, CancellationToken cancellation)
    {
        var moved = 0L;
        while (await readers.ReadAsync(session => PackedGroup.Prepare(session, day, meters, ReadingsAtOnce), cancellation) is { Count: > 0 } group)
        {
            await writer.DoAsync(transaction => group.Write(transaction.Session), alone: true, cancellation);
            moved += group.Count;
        }

        return moved;
    }

    private static List<MeterOfDay> Meters(SqliteSession session, long day)
    {
        using var rows = session.Prepare(MetersOfDay).Bind(1, day * DayValues.SecondsPerDay).Bind(2, (day + 1) * DayValues.SecondsPerDay);
        var meters = new List<MeterOfDay>();
        while (rows.Step())
            meters.Add(new(rows.Int64(0), rows.Int32(1), rows.Int64(2)));
        return meters;
    }

    /// <summary>How many readings of a day a meter has in the hot table.</summary>
    internal readonly record struct MeterOfDay(long Microgrid, int Number, long Readings);
}

/// <summary>Meters of one microgrid whose numbers lie side by side.</summary>
internal readonly record struct MeterRange(long Microgrid, int First, int Last);
