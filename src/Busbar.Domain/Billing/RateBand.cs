using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>A rate band: a price for some hours of some days.</summary>
/// <param name="Name">What it is called, on bills too.</param>
/// <param name="Price">Its price, on top of the slabs where there are any.</param>
/// <param name="Times">When it is: any of these; empty for all times that the bands before it leave.</param>
public sealed record RateBand(string Name, Price Price, ValueList<BandTime> Times);

/// <summary>Some hours of some days; what is left empty is any.</summary>
/// <param name="Days">The kinds of day; none is all of them.</param>
/// <param name="Seasons">The seasons, by name; empty is all the year.</param>
/// <param name="Hours">The hours; empty is all the day.</param>
public sealed record BandTime(DayKinds Days, ValueList<string> Seasons, ValueList<HourSpan> Hours);

/// <summary>The kinds of day. A holiday is neither a weekday nor of the weekend.</summary>
[Flags]
public enum DayKinds
{
    /// <summary>None named.</summary>
    None = 0,

    /// <summary>A day outside the weekend.</summary>
    Weekday = 1,

    /// <summary>A day of the weekend.</summary>
    Weekend = 2,

    /// <summary>A day of the list of holidays.</summary>
    Holiday = 4,

    /// <summary>Every day.</summary>
    All = Weekday | Weekend | Holiday,
}

/// <summary>Hours of a civil day from one whole minute up to but without another; over midnight when the second is not later.</summary>
/// <param name="From">When they begin.</param>
/// <param name="To">When they end; midnight is the end of the day.</param>
public readonly record struct HourSpan(LocalTime From, LocalTime To)
{
    /// <summary>Whether a time of day is in it. Hours over midnight are the early and the late part of the same day.</summary>
    public bool Contains(LocalTime time) => From < To ? time >= From && time < To : time >= From || time < To;
}

/// <summary>A part of the year that comes again each year, over its end when the second day is earlier.</summary>
/// <param name="Name">What the bands call it.</param>
/// <param name="From">Its first day.</param>
/// <param name="To">Its last day, inclusive.</param>
public sealed record Season(string Name, AnnualDate From, AnnualDate To)
{
    /// <summary>Whether a day is in it.</summary>
    public bool Contains(LocalDate date)
    {
        var (day, from, to) = (DayOf(date.Month, date.Day), DayOf(From.Month, From.Day), DayOf(To.Month, To.Day));
        return from <= to ? day >= from && day <= to : day >= from || day <= to;
    }

    private static int DayOf(int month, int day) => (month * 100) + day;
}
