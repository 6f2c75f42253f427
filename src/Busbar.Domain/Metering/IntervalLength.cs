using NodaTime;

namespace Busbar.Domain.Metering;

/// <summary>The length of a community's intervals: 1, 5, 15, 30 or 60 minutes, aligned to UTC.</summary>
public readonly record struct IntervalLength
{
    private readonly int _minutes;

    private IntervalLength(int minutes) => _minutes = minutes;

    /// <summary>Fifteen minutes: what a community has unless it says otherwise; also the default value.</summary>
    public static IntervalLength Default => new(15);

    /// <summary>A length of so many minutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1, 5, 15, 30 or 60.</exception>
    public static IntervalLength FromMinutes(int minutes) => minutes is 1 or 5 or 15 or 30 or 60
        ? new(minutes)
        : throw new ArgumentOutOfRangeException(nameof(minutes), minutes, "an interval is 1, 5, 15, 30 or 60 minutes long");

    /// <summary>The length in minutes.</summary>
    public int Minutes => _minutes == 0 ? 15 : _minutes;

    /// <summary>The length in seconds.</summary>
    public long Seconds => Minutes * 60L;

    /// <summary>The length as a duration.</summary>
    public Duration Duration => Duration.FromMinutes(Minutes);

    /// <summary>Whether an instant is the boundary of two intervals.</summary>
    public bool IsBoundary(Instant instant) =>
        instant == Instant.FromUnixTimeSeconds(instant.ToUnixTimeSeconds()) && instant.ToUnixTimeSeconds() % Seconds == 0;

    /// <summary>The interval that an instant lies in.</summary>
    public Interval Containing(Instant instant)
    {
        var seconds = instant.ToUnixTimeSeconds();
        var past = ((seconds % Seconds) + Seconds) % Seconds;
        return new(Instant.FromUnixTimeSeconds(seconds - past), this);
    }

    /// <summary>The first boundary that is not before an instant.</summary>
    public Instant EndAtOrAfter(Instant instant) => IsBoundary(instant) ? instant : Containing(instant).End;

    /// <summary>
    /// Whether civil days of a zone are whole numbers of intervals over a span of time: the length must divide every offset
    /// that the zone has in it (60 minutes do not divide India's +05:30).
    /// </summary>
    public bool Divides(DateTimeZone zone, Instant from, Instant to)
    {
        var seconds = Seconds;
        return zone.GetZoneIntervals(from, to).All(span => span.WallOffset.Seconds % seconds == 0);
    }

    /// <inheritdoc />
    public bool Equals(IntervalLength other) => Minutes == other.Minutes;

    /// <inheritdoc />
    public override int GetHashCode() => Minutes;

    /// <inheritdoc />
    public override string ToString() => $"{Minutes} min";
}
