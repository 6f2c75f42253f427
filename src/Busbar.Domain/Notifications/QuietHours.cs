using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>The hours of the day in which a person does not want to be woken, in the community's civil time.</summary>
public sealed record QuietHours
{
    /// <summary>From one time of day to another, over midnight when the second is earlier.</summary>
    /// <exception cref="ArgumentException">Both are the same: neither never nor always can be meant for certain.</exception>
    public QuietHours(LocalTime from, LocalTime to)
    {
        if (from == to)
            throw new ArgumentException("quiet hours that begin and end at the same time say nothing", nameof(to));
        (From, To) = (from, to);
    }

    /// <summary>When they begin.</summary>
    public LocalTime From { get; }

    /// <summary>When they end; this moment is no longer quiet.</summary>
    public LocalTime To { get; }

    /// <summary>The first moment at or after an instant that is not quiet.</summary>
    public Instant After(Instant instant, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var local = instant.InZone(zone).LocalDateTime;
        var time = local.TimeOfDay;
        var isQuiet = From < To ? time >= From && time < To : time >= From || time < To;
        if (!isQuiet)
            return instant;
        var date = From > To && time >= From ? local.Date.PlusDays(1) : local.Date;
        var end = zone.AtLeniently(date + To).ToInstant();

        // Where the clock is put back inside the quiet hours, their end may come twice: the later one counts.
        return end > instant ? end : zone.AtLeniently(date.PlusDays(1) + To).ToInstant();
    }
}
