using NodaTime;

namespace Busbar.Node.Clock;

/// <summary>A clock that stands still until it is moved: in replays and simulations time goes on only when all work is done.</summary>
/// <param name="start">What it shows first.</param>
public sealed class SteppedClock(Instant start) : IClock
{
    private long _ticks = start.ToUnixTimeTicks();

    /// <inheritdoc />
    public Instant GetCurrentInstant() => Instant.FromUnixTimeTicks(Interlocked.Read(ref _ticks));

    /// <summary>Moves the clock forward; never back.</summary>
    /// <exception cref="ArgumentException">The instant lies before what the clock shows.</exception>
    public void MoveTo(Instant instant)
    {
        if (instant < GetCurrentInstant())
            throw new ArgumentException($"the clock shows {GetCurrentInstant()} and cannot go back to {instant}", nameof(instant));
        Interlocked.Exchange(ref _ticks, instant.ToUnixTimeTicks());
    }
}
