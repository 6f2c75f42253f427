using System.Collections.Frozen;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Node.Live;

/// <summary>
/// How many readings of each meter were refused in the last 24 hours, among the newest 5000. Read from the store again only when something was
/// refused since, or after some seconds: it is asked for every second. Thread safe.
/// </summary>
internal sealed class RefusalCounts(NodeParts parts, TimeProvider time)
{
    private const int LookedThrough = 5_000;
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(10);

    private Counted _newest = new(-1, 0, FrozenDictionary<MeterId, int>.Empty);

    /// <summary>The counts; a meter without refusals is not among them.</summary>
    public async ValueTask<IReadOnlyDictionary<MeterId, int>> GetAsync(CancellationToken cancellation)
    {
        var refused = parts.Actors.Sum(actor => actor.Counts.Refused);
        var newest = Volatile.Read(ref _newest);
        if (newest.Refused == refused && time.GetElapsedTime(newest.At) < GoodFor)
            return newest.Counts;
        var at = time.GetTimestamp();
        var since = parts.Clock!.GetCurrentInstant() - Duration.FromDays(1);
        var counts = (await parts.Store!.Readings.QuarantineAsync(LookedThrough, cancellation))
            .Where(one => one.ReceivedAt >= since)
            .Select(one => DeviceTopic.TryParse(one.Topic, out var meter, out _) ? meter : default)
            .CountBy(meter => meter)
            .ToFrozenDictionary();
        Volatile.Write(ref _newest, new(refused, at, counts));
        return counts;
    }

    private sealed record Counted(long Refused, long At, FrozenDictionary<MeterId, int> Counts);
}
