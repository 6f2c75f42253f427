using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using Busbar.Ledger.Anchoring;
using Busbar.Store.Sqlite;
using NodaTime;
using Interval = Busbar.Domain.Metering.Interval;

namespace Busbar.Store.Anchoring;

/// <summary>Reads closed intervals from rows whose first nine columns are <see cref="Columns"/>.</summary>
internal static class ClosedIntervalRows
{
    public const string Columns = "c.microgrid, c.start, c.version, c.minutes, c.root, c.import, c.export, c.count, c.detail";

    public static List<ClosedInterval> All(Statement rows)
    {
        using (rows)
        {
            var all = new List<ClosedInterval>();
            while (rows.Step())
                all.Add(Read(rows));
            return all;
        }
    }

    public static ClosedInterval? First(Statement rows)
    {
        using (rows)
            return rows.Step() ? Read(rows) : null;
    }

    private static ClosedInterval Read(Statement row)
    {
        var (opening, closing, estimates) = ClosedIntervalBlob.Read(row.Blob(8));
        var sum = new EnergySum(Energy.FromMilliwattHours(row.Int64(5)), Energy.FromMilliwattHours(row.Int64(6)));
        return new(
            new((uint)row.Int64(0)),
            new Interval(Instant.FromUnixTimeSeconds(row.Int64(1)), IntervalLength.FromMinutes(row.Int32(3))),
            row.Int32(2),
            new(row.Hash(4), sum),
            row.Int32(7),
            opening,
            closing,
            estimates);
    }
}
