using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Ledger.Readings;
using Busbar.Store.Anchoring;
using Busbar.Store.Sqlite;
using NodaTime;

namespace Busbar.Store.Readings;

/// <summary>Registers that closed intervals estimate at boundaries where a meter was not read.</summary>
internal static class EstimatedBoundaries
{
    private const string Newest = "SELECT detail FROM closed_interval WHERE microgrid = ?1 AND start = ?2 ORDER BY version DESC LIMIT 1";

    /// <summary>Those after a meter's first reading, ascending.</summary>
    public static List<HistoryPoint> Find(
        SqliteSession session,
        MeterId meter,
        IReadOnlyList<MeterNumber> numbers,
        IReadOnlyList<Instant> boundaries,
        List<RegisterPoint> readings,
        IntervalLength length)
    {
        var found = new List<HistoryPoint>();
        var next = 0;
        foreach (var boundary in boundaries)
        {
            while (next < readings.Count && readings[next].Instant < boundary)
                next++;
            if (boundary <= readings[0].Instant || (next < readings.Count && readings[next].Instant == boundary) || !length.IsBoundary(boundary))
                continue;
            foreach (var number in numbers)
            {
                if (At(session, meter, number.Microgrid, boundary - length.Duration) is { } registers)
                {
                    found.Add(new(boundary, registers));
                    break;
                }
            }
        }

        return found;
    }

    private static Registers? At(SqliteSession session, MeterId meter, long microgrid, Instant start)
    {
        using var row = session.Prepare(Newest).Bind(1, microgrid).Bind(2, start.ToUnixTimeSeconds());
        if (!row.Step())
            return null;
        foreach (var leaf in ClosedIntervalBlob.Read(row.Blob(0)).Estimates)
        {
            if (leaf.Meter == meter && leaf.Flags.HasFlag(LeafFlags.Estimated))
                return leaf.Closing;
        }

        return null;
    }
}
