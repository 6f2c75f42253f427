using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.Notifications;

/// <summary>What is known of a meter when its silence is judged.</summary>
/// <param name="Meter">Which.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Scope">Whose it is.</param>
/// <param name="LastReading">The instant of its last accepted reading; null when there is none.</param>
/// <param name="LastSeen">When anything was last heard of it since the watch began; null when nothing was.</param>
public sealed record WatchedMeter(MeterId Meter, string Name, NotificationScope Scope, Instant? LastReading, Instant? LastSeen);

/// <summary>
/// Finds meters that fall silent and are heard again. Silence counts from the beginning of the watch at the earliest, so that a node that
/// was away does not take its own absence for theirs. Used by one caller at a time.
/// </summary>
/// <param name="began">When the watch began.</param>
/// <param name="limit">How long a meter may say nothing.</param>
public sealed class SilenceWatch(Instant began, Duration limit)
{
    private readonly Dictionary<MeterId, Silence> _silent = [];

    /// <summary>Takes up a silence that was told before the watch began, so that its end is told too.</summary>
    /// <param name="meter">Whose.</param>
    /// <param name="lastReading">The last accepted reading before it.</param>
    public void Resume(MeterId meter, Instant? lastReading) => _silent[meter] = new(lastReading, LastSeen: null);

    /// <summary>What there is to tell now.</summary>
    public IReadOnlyList<Notification> Look(IEnumerable<WatchedMeter> meters, Instant now)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var told = new List<Notification>();
        foreach (var meter in meters)
        {
            if (_silent.TryGetValue(meter.Meter, out var silence))
            {
                if (meter.LastSeen is not { } heard || heard == silence.LastSeen)
                    continue;
                _silent.Remove(meter.Meter);
                told.Add(NotificationCauses.MeterHeard(meter.Meter, meter.Name, meter.Scope, silence.LastReading, heard));
            }
            else if (now - (meter.LastSeen ?? began) >= limit)
            {
                _silent.Add(meter.Meter, new(meter.LastReading, meter.LastSeen));
                var last = meter.LastSeen ?? meter.LastReading ?? began;
                told.Add(NotificationCauses.MeterSilent(meter.Meter, meter.Name, meter.Scope, meter.LastReading, last, now));
            }
        }

        return told;
    }

    private sealed record Silence(Instant? LastReading, Instant? LastSeen);
}
