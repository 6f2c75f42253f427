using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.History;

/// <summary>A meter's registers over time as one line that never falls: after a change of the meter they count on.</summary>
internal static class HistoryLine
{
    /// <summary>Joins readings and the estimates that fit between them, ascending; of both at one instant the reading.</summary>
    public static List<Point> Of(IReadOnlyList<HistoryPoint> readings, IReadOnlyList<HistoryPoint> estimates)
    {
        var line = new List<Point>(readings.Count + estimates.Count);
        var (import, export, resets) = (0L, 0L, 0);
        var next = 0;
        for (var i = 0; i < readings.Count; i++)
        {
            if (i > 0 && !readings[i].Registers.NotBelow(readings[i - 1].Registers))
            {
                import += readings[i - 1].Registers.Import.MilliwattHours;
                export += readings[i - 1].Registers.Export.MilliwattHours;
                resets++;
            }

            var point = Lifted(readings[i], import, export, resets, isEstimated: false);
            var until = line.Count;
            // Estimates before the first reading hang in the air; those before this one go on from the reading before it.
            for (; next < estimates.Count && estimates[next].At < point.At; next++)
            {
                if (until > 0 && Before(estimates[next], readings[i - 1], line[until - 1]) is { } estimate && line[^1].At < estimate.At
                    && estimate.NotBelow(line[^1]) && point.NotBelow(estimate))
                    line.Add(estimate);
            }

            while (next < estimates.Count && estimates[next].At == point.At)
                next++;
            line.Add(point);
        }

        for (; next < estimates.Count && line.Count > 0; next++)
        {
            var estimate = Lifted(estimates[next], import, export, resets, isEstimated: true);
            if (estimate.At > line[^1].At && estimate.NotBelow(line[^1]))
                line.Add(estimate);
        }

        return line;
    }

    // An estimate counts from where the reading before it stood.
    private static Point Before(in HistoryPoint estimate, in HistoryPoint reading, in Point lifted) => Lifted(
        estimate,
        lifted.Import - reading.Registers.Import.MilliwattHours,
        lifted.Export - reading.Registers.Export.MilliwattHours,
        lifted.Resets,
        isEstimated: true);

    private static Point Lifted(in HistoryPoint point, long import, long export, int resets, bool isEstimated) => new(
        point.At,
        import + point.Registers.Import.MilliwattHours,
        export + point.Registers.Export.MilliwattHours,
        resets,
        isEstimated);

    /// <summary>A place on the line.</summary>
    /// <param name="At">When.</param>
    /// <param name="Import">Import in mWh, counted on over changes of the meter.</param>
    /// <param name="Export">Export likewise.</param>
    /// <param name="Resets">How many changes there were until here.</param>
    /// <param name="IsEstimated">Whether it is an estimate.</param>
    internal readonly record struct Point(Instant At, long Import, long Export, int Resets, bool IsEstimated)
    {
        public bool NotBelow(in Point other) => Import >= other.Import && Export >= other.Export;

        public EnergySum Since(in Point other) =>
            new(Energy.FromMilliwattHours(Import - other.Import), Energy.FromMilliwattHours(Export - other.Export));
    }
}
