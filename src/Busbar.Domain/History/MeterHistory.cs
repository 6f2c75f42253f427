using NodaTime;

namespace Busbar.Domain.History;

/// <summary>
/// Makes one meter's history. Every row is the difference of two registers, so the rows add up to the difference of the first
/// and the last one: nothing is rounded or spread. Where no register is known at a boundary, the row before it is marked missing
/// and its energy falls into the next row at whose end one is known. Before the first register nothing is known, nor after the
/// last; where these lie between two boundaries their rows are partial. Where a meter was changed, the new one counts from zero.
/// </summary>
public static class MeterHistory
{
    /// <summary>Makes the rows.</summary>
    /// <param name="boundaries">Two or more instants, ascending.</param>
    /// <param name="readings">The meter's registers from the first boundary to the last, both inclusive, ascending.</param>
    /// <param name="estimates">
    /// Registers estimated at boundaries, ascending; one that does not lie between its neighbours' registers is left out.
    /// </param>
    public static HistoryTable Make(
        IReadOnlyList<Instant> boundaries, IReadOnlyList<HistoryPoint> readings, IReadOnlyList<HistoryPoint> estimates)
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        ArgumentNullException.ThrowIfNull(readings);
        ArgumentNullException.ThrowIfNull(estimates);
        ArgumentOutOfRangeException.ThrowIfLessThan(boundaries.Count, 2, nameof(boundaries));
        var line = HistoryLine.Of(readings, estimates);
        var rows = new HistoryRow[boundaries.Count - 1];
        var walk = new Walk(line);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = walk.Row(boundaries[i], boundaries[i + 1]);
        return line.Count == 0 ? new(rows, default, null, null) : new(rows, line[^1].Since(line[0]), line[0].At, line[^1].At);
    }

    /// <summary>Goes along the line from row to row.</summary>
    private sealed class Walk(List<HistoryLine.Point> line)
    {
        // The point up to which the rows so far count; the first one not looked at; whether rows before this one are missing.
        private int _counted;
        private int _next;
        private bool _pending;

        public HistoryRow Row(Instant start, Instant end)
        {
            while (_next < line.Count && line[_next].At <= end)
                _next++;
            var closing = _next - 1;
            if (closing <= _counted && (closing < 0 || line[0].At == end || _next == line.Count))
                return new(start, end, null, HistoryMarks.Nothing);
            var marks = line[0].At > start ? HistoryMarks.Partial : HistoryMarks.Complete;
            if (line[closing].At < end)
            {
                // Readings go on later, so this row's end lies between two of them.
                if (_next < line.Count)
                {
                    _pending = true;
                    return new(start, end, null, marks | HistoryMarks.Missing);
                }

                marks |= HistoryMarks.Partial;
            }

            var (from, to) = (line[_counted], line[closing]);
            if (_pending)
                marks |= HistoryMarks.Gathered;
            if (from.IsEstimated || to.IsEstimated)
                marks |= HistoryMarks.Estimated;
            if (from.Resets != to.Resets)
                marks |= HistoryMarks.RegisterReset;
            (_counted, _pending) = (closing, false);
            return new(start, end, to.Since(from), marks);
        }
    }
}
