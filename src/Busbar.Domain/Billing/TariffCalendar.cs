using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>Which rate band of a tariff an instant is in, by civil time: kind of day, season, hours.</summary>
/// <remarks>
/// An hour that the clock shows twice is in the same band both times; one that it leaves out is in none. Reading it from several threads
/// is safe.
/// </remarks>
public sealed class TariffCalendar
{
    private readonly Tariff _tariff;
    private readonly HashSet<LocalDate> _holidays;
    private readonly LocalTime[] _cuts;

    /// <summary>The calendar of a tariff.</summary>
    /// <exception cref="ArgumentException">The tariff has no bands, or more than four.</exception>
    public TariffCalendar(Tariff tariff)
    {
        ArgumentNullException.ThrowIfNull(tariff);
        if (tariff.Bands.Count is 0 or > LedgerTariff.Bands)
            throw new ArgumentException($"{tariff.Name} has {tariff.Bands.Count} rate bands, a calendar has 1 to {LedgerTariff.Bands}", nameof(tariff));
        _tariff = tariff;
        _holidays = [.. tariff.Holidays];
        _cuts = [.. tariff.Bands.SelectMany(band => band.Times).SelectMany(time => time.Hours)
            .SelectMany(hours => new[] { hours.From, hours.To }).Append(LocalTime.Midnight).Distinct().Order()];
    }

    /// <summary>The band of an instant, 0 to 3.</summary>
    public int BandAt(Instant instant)
    {
        var local = instant.InZone(_tariff.Zone).LocalDateTime;
        return BandAt(local.Date, local.TimeOfDay);
    }

    /// <summary>What kind of day a date is.</summary>
    public DayKinds KindOf(LocalDate date) => _holidays.Contains(date) ? DayKinds.Holiday
        : _tariff.Weekend.Contains(date.DayOfWeek) ? DayKinds.Weekend
        : DayKinds.Weekday;

    /// <summary>The bands of a span of time, each stretch as long as one band holds, without gap or overlap.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span does not end after its start.</exception>
    public BandTimetable Over(Instant from, Instant to)
    {
        if (to <= from)
            throw new ArgumentOutOfRangeException(nameof(to), to, "a span ends after its start");
        var stretches = new List<BandStretch>();
        foreach (var span in _tariff.Zone.GetZoneIntervals(from, to))
        {
            // Within one offset civil time runs evenly, so each cut of each day is an instant.
            var start = span.HasStart && span.Start > from ? span.Start : from;
            var end = span.HasEnd && span.End < to ? span.End : to;
            for (var date = start.WithOffset(span.WallOffset).Date; start < end; date = date.PlusDays(1))
            {
                for (var cut = 0; cut < _cuts.Length; cut++)
                {
                    var next = cut + 1 < _cuts.Length ? date.At(_cuts[cut + 1]) : date.PlusDays(1).AtMidnight();
                    var until = next.WithOffset(span.WallOffset).ToInstant();
                    if (until <= start)
                        continue;
                    Add(stretches, start, until < end ? until : end, BandAt(date, _cuts[cut]));
                    start = until;
                    if (start >= end)
                        break;
                }
            }
        }

        return new([.. stretches]);
    }

    private static void Add(List<BandStretch> stretches, Instant start, Instant end, int band)
    {
        if (stretches.Count > 0 && stretches[^1].Band == band)
            stretches[^1] = stretches[^1] with { End = end };
        else
            stretches.Add(new(start, end, band));
    }

    private int BandAt(LocalDate date, LocalTime time)
    {
        var kind = KindOf(date);
        for (var band = 0; band < _tariff.Bands.Count - 1; band++)
        {
            foreach (var times in _tariff.Bands[band].Times)
            {
                if (IsIn(times, kind, date, time))
                    return band;
            }
        }

        return _tariff.Bands.Count - 1;
    }

    private bool IsIn(BandTime times, DayKinds kind, LocalDate date, LocalTime time) =>
        (times.Days == DayKinds.None || times.Days.HasFlag(kind))
        && (times.Hours.Count == 0 || times.Hours.Any(hours => hours.Contains(time)))
        && (times.Seasons.Count == 0 || _tariff.Seasons.Any(season => times.Seasons.Contains(season.Name, StringComparer.Ordinal) && season.Contains(date)));
}
