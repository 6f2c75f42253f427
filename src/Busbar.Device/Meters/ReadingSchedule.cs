using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Device.Meters;

/// <summary>Cuts the time between two samples at the interval ends that lie in it.</summary>
internal sealed class ReadingSchedule(IntervalLength length)
{
    private Instant? _previous;

    /// <summary>
    /// The spans since the last sample, each with the interval end that closes it, if one does. The spans add up to the time that
    /// passed. Where clock and passed time disagree by more than a second the clock was set anew: then nothing is cut, since no part of
    /// the time can be told to lie before an end or behind it.
    /// </summary>
    public IReadOnlyList<(Duration Span, Instant? End)> Advance(Instant? now, Duration passed)
    {
        var before = _previous;
        _previous = now;
        if (now is not { } to || before is not { } from || Distance(to - from, passed) > Duration.FromSeconds(1))
            return [(passed, null)];
        var spans = new List<(Duration, Instant?)>();
        var at = to - passed;
        for (var end = length.Containing(from).End; end <= to; end += length.Duration)
        {
            var span = end - at;
            // The clock may be a little ahead of the passed time; an end is then reached with nothing to count before it.
            if (span < Duration.Zero)
                span = Duration.Zero;
            spans.Add((span, end));
            at += span;
        }

        if (to > at)
            spans.Add((to - at, null));
        return spans;
    }

    private static Duration Distance(Duration one, Duration other) => one > other ? one - other : other - one;
}
