using Busbar.Domain.History;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Trading;

/// <summary>How long a row of a series of prices is.</summary>
public enum PriceStep
{
    /// <summary>Not known.</summary>
    None,

    /// <summary>A full hour of the community's clock.</summary>
    Hour,

    /// <summary>A day of the community's zone.</summary>
    Day,

    /// <summary>From Monday on (ISO 8601).</summary>
    Week,
}

/// <summary>Where the rows of a series of prices begin and end.</summary>
public static class PriceCalendar
{
    /// <summary>The most rows of one series: a quarter of a year by the hour fits.</summary>
    public const int MaximumRows = 2_400;

    private const int DaysOfWeek = 7;

    /// <summary>The boundaries of all steps that have a part in a span: the first is at or before its start, the last at or after its end.</summary>
    /// <param name="from">The span's start, inclusive.</param>
    /// <param name="to">The span's end, exclusive; after its start.</param>
    /// <param name="step">How long a step is.</param>
    /// <param name="zone">The community's zone.</param>
    /// <returns>Two or more instants, ascending.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The span is empty, has more than <see cref="MaximumRows"/> steps, or the step is none.
    /// </exception>
    public static IReadOnlyList<Instant> Boundaries(Instant from, Instant to, PriceStep step, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var boundaries = step switch
        {
            PriceStep.Hour => HistoryCalendar.Boundaries(from, to, HistoryStep.Hour, zone, IntervalLength.Default),
            PriceStep.Day => HistoryCalendar.Boundaries(from, to, HistoryStep.Day, zone, IntervalLength.Default),
            PriceStep.Week => Weeks(from, to, zone),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "a series of prices has a step"),
        };
        return boundaries.Count <= MaximumRows + 1
            ? boundaries
            : throw new ArgumentOutOfRangeException(nameof(to), to, $"a series of prices has at most {MaximumRows} rows; take longer steps");
    }

    private static IReadOnlyList<Instant> Weeks(Instant from, Instant to, DateTimeZone zone)
    {
        var day = from.InZone(zone).Date;
        var monday = day.PlusDays(1 - (int)day.DayOfWeek);
        var last = HistoryCalendar.Boundaries(zone.AtStartOfDay(monday).ToInstant(), to, HistoryStep.Day, zone, IntervalLength.Default).Count - 1;
        var weeks = (last + DaysOfWeek - 1) / DaysOfWeek;
        return [.. Enumerable.Range(0, weeks + 1).Select(week => zone.AtStartOfDay(monday.PlusDays(week * DaysOfWeek)).ToInstant())];
    }
}
