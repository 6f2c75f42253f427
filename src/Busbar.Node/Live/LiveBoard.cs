using System.Collections.Concurrent;
using System.Text.Json;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Node.Live;

/// <summary>What is seen of a meter now.</summary>
/// <param name="Meter">Which.</param>
/// <param name="PowerWatts">Its power, import positive; null when it says nothing.</param>
/// <param name="LastSeen">When it was last heard of.</param>
/// <param name="Last">Its newest accepted reading.</param>
/// <param name="DayStart">Its registers when the community's day began, or at its first reading since.</param>
public sealed record LiveMeter(MeterId Meter, double? PowerWatts, Instant? LastSeen, Reading? Last, Registers? DayStart);

/// <summary>The newest telemetry and readings of all meters, for the screens. Thread safe; nothing here is money.</summary>
public sealed class LiveBoard(IClock clock, DateTimeZone zone)
{
    private readonly ConcurrentDictionary<MeterId, LiveMeter> _meters = new();
    private long _version;

    /// <summary>Grows with every change, so that a screen knows whether to ask.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>What is seen of a meter; empty when nothing is.</summary>
    public LiveMeter Of(MeterId meter) => _meters.TryGetValue(meter, out var live) ? live : new(meter, null, null, null, null);

    /// <summary>When the community's day began.</summary>
    public Instant DayStart => clock.GetCurrentInstant().InZone(zone).Date.AtStartOfDayInZone(zone).ToInstant();

    internal void TakeTelemetry(MeterId meter, ReadOnlySpan<byte> payload)
    {
        if (PowerOf(payload) is { } power)
            Change(meter, live => live with { PowerWatts = power, LastSeen = clock.GetCurrentInstant() });
    }

    internal void TakeReading(Reading reading, Registers? before)
    {
        var dayStart = DayStart;
        Change(reading.Meter, live =>
        {
            var isNewDay = live.Last is null || live.Last.Instant < dayStart;
            var start = reading.Instant == dayStart ? reading.Registers
                : isNewDay ? live.Last?.Registers ?? before ?? reading.Registers
                : live.DayStart;
            return live with { Last = reading, DayStart = start, LastSeen = clock.GetCurrentInstant() };
        });
    }

    internal void Restore(Reading last) => Change(last.Meter, live => live with { Last = last });

    private static double? PowerOf(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > 4096)
            return null;
        try
        {
            var json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 4 });
            while (json.Read())
            {
                if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1 && json.ValueTextEquals("power"u8))
                    return json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var power) && double.IsFinite(power)
                        ? power
                        : null;
            }
        }
        catch (JsonException)
        {
            // Telemetry is for screens alone: what cannot be read is not shown, and the device's readings go on.
            return null;
        }

        return null;
    }

    private void Change(MeterId meter, Func<LiveMeter, LiveMeter> change)
    {
        _meters.AddOrUpdate(meter, id => change(new(id, null, null, null, null)), (_, live) => change(live));
        Interlocked.Increment(ref _version);
    }
}
