using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.History;

/// <summary>Where the rows of a history begin and end.</summary>
public static class HistoryCalendar
{
    /// <summary>The most rows of one history: a leap year of quarter hours fits.</summary>
    public const int MaximumRows = 36_000;

    /// <summary>
    /// The boundaries of all steps that have a part in a span: the first is at or before its start, the last at or after its end.
    /// </summary>
    /// <param name="from">The span's start, inclusive.</param>
    /// <param name="to">The span's end, exclusive; after its start.</param>
    /// <param name="step">How long a step is.</param>
    /// <param name="zone">The community's zone.</param>
    /// <param name="length">The community's intervals.</param>
    /// <returns>Two or more instants, ascending.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The span is empty, has more than <see cref="MaximumRows"/> steps, or the step is none.
    /// </exception>
    public static IReadOnlyList<Instant> Boundaries(Instant from, Instant to, HistoryStep step, DateTimeZone zone, IntervalLength length)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (to <= from)
            throw new ArgumentOutOfRangeException(nameof(to), to, "a span ends after its start");
        var boundaries = new List<Instant> { First(from, step, zone, length) };
        while (boundaries[^1] < to)
        {
            if (boundaries.Count > MaximumRows)
                throw new ArgumentOutOfRangeException(nameof(to), to, $"a history has at most {MaximumRows} rows; take longer steps");
            boundaries.Add(Next(boundaries[^1], step, zone, length));
        }

        return boundaries;
    }

    private static Instant First(Instant from, HistoryStep step, DateTimeZone zone, IntervalLength length)
    {
        var date = from.InZone(zone).Date;
        return step switch
        {
            HistoryStep.Interval => length.Containing(from).Start,
            HistoryStep.Hour => HourAtOrBefore(from, zone),
            HistoryStep.Day => Start(date, zone),
            HistoryStep.Month => Start(date.With(DateAdjusters.StartOfMonth), zone),
            HistoryStep.Year => Start(new(date.Year, 1, 1), zone),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "a history has a step"),
        };
    }

    private static Instant Next(Instant at, HistoryStep step, DateTimeZone zone, IntervalLength length)
    {
        var date = at.InZone(zone).Date;
        return step switch
        {
            HistoryStep.Interval => at + length.Duration,
            HistoryStep.Hour => NextHour(at, zone),
            HistoryStep.Day => Start(date.PlusDays(1), zone),
            HistoryStep.Month => Start(date.With(DateAdjusters.StartOfMonth).PlusMonths(1), zone),
            _ => Start(new(date.Year + 1, 1, 1), zone),
        };
    }

    private static Instant Start(LocalDate date, DateTimeZone zone) => zone.AtStartOfDay(date).ToInstant();

    // Full hours of the wall clock within a span of one offset; a change of the offset begins an hour where the clock then shows a full one.
    private static Instant HourAtOrBefore(Instant at, DateTimeZone zone)
    {
        var span = zone.GetZoneInterval(at);
        var hour = at - Duration.FromSeconds(Past(at, span.WallOffset));
        return span.HasStart && hour < span.Start ? span.Start : hour;
    }

    private static Instant NextHour(Instant at, DateTimeZone zone)
    {
        var span = zone.GetZoneInterval(at);
        var next = at + Duration.FromSeconds(3600 - Past(at, span.WallOffset));
        return span.HasEnd && next > span.End ? span.End : next;
    }

    private static long Past(Instant at, Offset offset) => (((at.ToUnixTimeSeconds() + offset.Seconds) % 3600) + 3600) % 3600;
}
