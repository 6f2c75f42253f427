using NodaTime;

namespace Busbar.Domain.Supply;

/// <summary>
/// A time in which the node was not running, so that nobody could see a bill there, be warned or pay. Whose permit ended meanwhile, or ends
/// before they had as long again, is given that time.
/// </summary>
/// <param name="Began">When it was last known to run.</param>
/// <param name="Ended">When it ran again.</param>
public sealed record NodeOutage(Instant Began, Instant Ended)
{
    /// <summary>What is shorter took nobody the chance to pay, and would make new permits of every start. 10 minutes.</summary>
    public static readonly Duration Shortest = Duration.FromMinutes(10);

    /// <summary>The outage between the node's last mark and its start; null when there was none worth counting.</summary>
    /// <param name="mark">When the node was last known to run; null at its first start.</param>
    /// <param name="now">The start.</param>
    public static NodeOutage? Between(Instant? mark, Instant now) => mark is { } began && now - began >= Shortest ? new(began, now) : null;

    /// <summary>When a permit's trip may begin, as far as this outage is concerned.</summary>
    /// <param name="until">The permit's end, moved by earlier outages already.</param>
    /// <param name="grace">The most that is given.</param>
    public Instant TripAfter(Instant until, Duration grace)
    {
        var given = Ended + Duration.Min(Ended - Began, grace);
        return until >= Began && until < given ? given : until;
    }
}
