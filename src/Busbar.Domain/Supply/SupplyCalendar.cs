using NodaTime;

namespace Busbar.Domain.Supply;

/// <summary>When the community begins no trip for debt, in its civil time, and how long a meter that is cut off goes on.</summary>
/// <param name="Zone">The zone of its civil time.</param>
public sealed record SupplyCalendar(DateTimeZone Zone)
{
    // A list of holidays that never ends would else be walked for ever.
    private const int MostSteps = 60;

    /// <summary>The hours of the day in which no trip for debt begins. Default none.</summary>
    public QuietMinutes Quiet { get; init; }

    /// <summary>The days on which none begins.</summary>
    public IReadOnlySet<LocalDate> Holidays { get; init; } = new HashSet<LocalDate>();

    /// <summary>How long a permit holds beyond its end for a meter that is cut off. Default 72 hours.</summary>
    public Duration Grace { get; init; } = SupplyPermit.DefaultGrace;

    /// <summary>Seconds east of UTC at an instant.</summary>
    public int OffsetAt(Instant instant) => Zone.GetUtcOffset(instant).Seconds;

    /// <summary>
    /// The earliest instant at which a trip may begin that would else begin at an instant, when a holiday stands in its way; null when none
    /// does. Quiet hours alone are not told: the meter keeps them by itself, but what follows them may be a holiday.
    /// </summary>
    public Instant? NoTripBefore(Instant wanted)
    {
        Instant? holidayEnd = null;
        var at = wanted;
        for (var step = 0; step < MostSteps; step++)
        {
            var local = at.InZone(Zone).LocalDateTime;
            if (Holidays.Contains(local.Date))
                holidayEnd = at = Zone.AtStartOfDay(local.Date.PlusDays(1)).ToInstant();
            else if (Quiet.Contains(at, OffsetAt(at)))
                at = EndOfQuiet(at);
            else
                break;
        }

        return holidayEnd;
    }

    // By the offset at that instant, as the meter reckons.
    private Instant EndOfQuiet(Instant at)
    {
        var minute = (at.ToUnixTimeSeconds() + OffsetAt(at)) / 60 % QuietMinutes.OfDay;
        var left = (Quiet.To - minute + QuietMinutes.OfDay) % QuietMinutes.OfDay;
        return Instant.FromUnixTimeSeconds((at.ToUnixTimeSeconds() / 60 * 60) + (left * 60));
    }
}
