using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>A stretch of time that is in one rate band.</summary>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first after it.</param>
/// <param name="Band">The band, 0 to 3.</param>
public readonly record struct BandStretch(Instant Start, Instant End, int Band);

/// <summary>The rate bands of a span of time, worked out once and used for every meter that has no bands of its own.</summary>
public sealed class BandTimetable
{
    private readonly BandStretch[] _stretches;

    internal BandTimetable(BandStretch[] stretches) => _stretches = stretches;

    /// <summary>The stretches, ascending, without gap or overlap.</summary>
    public IReadOnlyList<BandStretch> Stretches => _stretches;

    /// <summary>The first instant.</summary>
    public Instant Start => _stretches[0].Start;

    /// <summary>The first instant after it.</summary>
    public Instant End => _stretches[^1].End;

    /// <summary>
    /// The energy of an interval by band. Where the band changes inside the interval the energy is taken as even over it; what rounding
    /// leaves goes to the later part, so that the bands make up the energy exactly.
    /// </summary>
    /// <param name="start">The interval's start, in the span.</param>
    /// <param name="end">The interval's end, after its start, in the span.</param>
    /// <param name="energy">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is empty or not wholly in the span, or the energy negative.</exception>
    public BandEnergies Split(Instant start, Instant end, Energy energy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(energy, Energy.Zero);
        if (start < Start || end > End || end <= start)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"the interval is not in the timetable, {Start} to {End}");
        var at = At(start);
        if (end <= _stretches[at].End)
            return BandEnergies.In(_stretches[at].Band, energy);
        var (sum, counted) = (default(BandEnergies), Energy.Zero);
        for (; at < _stretches.Length && _stretches[at].Start < end; at++)
        {
            var until = _stretches[at].End < end ? _stretches[at].End : end;
            var total = Part(energy, until - start, end - start);
            sum += BandEnergies.In(_stretches[at].Band, total - counted);
            counted = total;
        }

        return sum;
    }

    /// <summary>The energy of many intervals by band.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As for one.</exception>
    public BandEnergies Split(IEnumerable<(Instant Start, Instant End, Energy Energy)> intervals)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        var sum = default(BandEnergies);
        foreach (var (start, end, energy) in intervals)
            sum += Split(start, end, energy);
        return sum;
    }

    private static Energy Part(Energy energy, Duration part, Duration whole) => Energy.FromMilliwattHours((long)WholeFraction.TimesFloor(
        (UInt128)energy.MilliwattHours, (ulong)part.BclCompatibleTicks, (ulong)whole.BclCompatibleTicks));

    private int At(Instant instant)
    {
        var (low, high) = (0, _stretches.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_stretches[middle].Start <= instant)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }
}
