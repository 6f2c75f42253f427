using NodaTime;

namespace Busbar.Domain.Supply;

/// <summary>A part of each day, in minutes from its midnight, over midnight when it ends before it begins; equal ends are none at all.</summary>
public readonly record struct QuietMinutes
{
    /// <summary>The minutes of a day.</summary>
    public const int OfDay = 24 * 60;

    /// <summary>Names a part of the day.</summary>
    /// <param name="from">The first minute, 0 to 1,439.</param>
    /// <param name="to">The first minute after it, 0 to 1,439.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a minute of a day.</exception>
    public QuietMinutes(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, OfDay);
        ArgumentOutOfRangeException.ThrowIfNegative(to);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(to, OfDay);
        (From, To) = ((ushort)from, (ushort)to);
    }

    /// <summary>Its first minute.</summary>
    public ushort From { get; }

    /// <summary>The first minute after it.</summary>
    public ushort To { get; }

    /// <summary>Whether there is such a part of the day at all.</summary>
    public bool IsNone => From == To;

    /// <summary>Whether a minute of the day lies in it.</summary>
    public bool Contains(int minute) => From <= To ? minute >= From && minute < To : minute >= From || minute < To;

    /// <summary>Whether an instant lies in it, where the day begins by an offset east of UTC.</summary>
    public bool Contains(Instant instant, int offset)
    {
        var minute = (instant.ToUnixTimeSeconds() + offset) / 60 % OfDay;
        return Contains((int)(minute < 0 ? minute + OfDay : minute));
    }
}
