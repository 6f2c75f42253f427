using NodaTime;

namespace Busbar.Device.Clock;

/// <summary>
/// The time by which a meter trips: its clock, but not its clock's jumps. Where the clock moves otherwise than the machine's monotonic
/// counter by more than a bound, the counter carries the time on, until two messages of the node's time in a row agree with each other:
/// then it is that. Not thread safe.
/// </summary>
/// <param name="clock">The meter's clock.</param>
/// <param name="time">The monotonic counter.</param>
/// <param name="notBefore">An instant that has passed for certain, as before the last restart; null when none is known.</param>
internal sealed class SteadyClock(MeterClock clock, TimeProvider time, Instant? notBefore)
{
    /// <summary>How far the clock may be corrected without being asked why.</summary>
    public static readonly Duration Bound = Duration.FromMinutes(10);

    private (Instant Instant, long Timestamp)? _base;
    private (Instant Instant, long Timestamp)? _heard;

    /// <summary>By how much the clock is ahead of the time that is believed, when that is more than the bound; else null.</summary>
    public Duration? Jump { get; private set; }

    /// <summary>The time; null while none is known.</summary>
    public Instant? Now
    {
        get
        {
            if (!clock.IsSet)
                return Carried(_base);
            var shown = clock.Now;
            var expected = Carried(_base) ?? (shown < notBefore - Bound ? notBefore!.Value : shown);
            Jump = AreNear(shown, expected) ? null : shown - expected;
            if (Jump is null)
                _base = (shown, time.GetTimestamp());
            return Carried(_base);
        }
    }

    /// <summary>The node says what time it is, now.</summary>
    public void Hear(Instant now)
    {
        var agrees = Carried(_heard) is { } expected && AreNear(expected, now);
        _heard = (now, time.GetTimestamp());
        if (agrees && (Now is not { } believed || !AreNear(believed, now)))
            _base = _heard;
    }

    private Instant? Carried((Instant Instant, long Timestamp)? from) =>
        from is { } known ? known.Instant + Duration.FromTimeSpan(time.GetElapsedTime(known.Timestamp)) : null;

    private static bool AreNear(Instant one, Instant other) => (one > other ? one - other : other - one) <= Bound;
}
