using NodaTime;
using NodaTime.Text;

namespace Busbar.Domain.Metering;

/// <summary>A half-open slice of time, from its start up to but without its end.</summary>
public readonly record struct Interval : IComparable<Interval>
{
    /// <summary>The interval of a length that begins at an instant.</summary>
    /// <exception cref="ArgumentException">The instant is not a boundary of intervals of that length.</exception>
    public Interval(Instant start, IntervalLength length)
    {
        if (!length.IsBoundary(start))
            throw new ArgumentException($"{InstantPattern.General.Format(start)} is no boundary of {length} intervals", nameof(start));
        Start = start;
        Length = length;
    }

    /// <summary>The first instant in it.</summary>
    public Instant Start { get; }

    /// <summary>Its length.</summary>
    public IntervalLength Length { get; }

    /// <summary>The first instant after it.</summary>
    public Instant End => Start + Length.Duration;

    /// <summary>The one that follows.</summary>
    public Interval Next => new(End, Length);

    /// <summary>The one before.</summary>
    public Interval Previous => new(Start - Length.Duration, Length);

    /// <inheritdoc />
    public int CompareTo(Interval other) => Start.CompareTo(other.Start);

    /// <summary>The start in UTC and the length.</summary>
    public override string ToString() => $"{InstantPattern.General.Format(Start)} + {Length}";
}
