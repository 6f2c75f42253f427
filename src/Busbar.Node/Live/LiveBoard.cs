using System.Collections.Concurrent;
using Busbar.Domain.Metering;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Node.Live;

/// <summary>What is seen of a meter now.</summary>
/// <param name="Meter">Which.</param>
/// <param name="PowerWatts">Its power, import positive; null when it says nothing.</param>
/// <param name="LastSeen">When it was last heard of.</param>
/// <param name="Last">Its newest accepted reading.</param>
/// <param name="DayStart">Its registers when the community's day began, or at its first reading since.</param>
public sealed record LiveMeter(MeterId Meter, double? PowerWatts, Instant? LastSeen, Reading? Last, Registers? DayStart)
{
    /// <summary>The energy of the day that began at an instant, up to the newest reading; none when there is no reading of that day.</summary>
    public EnergySum Since(Instant today)
    {
        if (Last is null || DayStart is not { } start || Last.Instant < today)
            return default;
        var (import, export) = Last.Since(start);
        return new(import, export);
    }
}

/// <summary>The newest telemetry and readings of all meters, for the screens. Thread safe; nothing here is money.</summary>
/// <param name="clock">The node's clock.</param>
/// <param name="zone">The community's, in which its day begins.</param>
public sealed class LiveBoard(IClock clock, DateTimeZone zone)
{
    /// <summary>A meter that has said nothing for so long counts as silent.</summary>
    public static readonly Duration FreshFor = Duration.FromMinutes(30);

    private readonly ConcurrentDictionary<MeterId, LiveMeter> _meters = new();
    private readonly ConcurrentDictionary<MeterId, PowerSamples> _samples = new();
    private long _version;

    /// <summary>Grows with every change, so that a screen knows whether to ask.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The meters that count in totals, with their microgrids: all electricity meters but the transformers'.</summary>
    public Func<IEnumerable<KeyValuePair<MeterId, MicrogridId>>> Counted { get; set; } = static () => [];

    /// <summary>What is seen of a meter; empty when nothing is.</summary>
    public LiveMeter Of(MeterId meter) => _meters.TryGetValue(meter, out var live) ? live : new(meter, null, null, null, null);

    /// <summary>When the community's day began.</summary>
    public Instant DayStart => clock.GetCurrentInstant().InZone(zone).Date.AtStartOfDayInZone(zone).ToInstant();

    /// <summary>
    /// The sums over a microgrid, or over all when null: powers as they were at one instant, the newest that most meters have told of,
    /// and the energy of the community's day up to each meter's newest reading.
    /// </summary>
    public LiveTotals Totals(MicrogridId? microgrid)
    {
        var now = clock.GetCurrentInstant();
        var meters = Counted().Where(pair => microgrid is null || pair.Value == microgrid).Select(pair => pair.Key).ToList();
        var today = DayStart;
        var energy = meters.Aggregate(default(EnergySum), (sum, meter) => sum + Of(meter).Since(today));
        PowerSamples[] fresh =
        [
            .. meters.Select(meter => _samples.GetValueOrDefault(meter)?.After(now - FreshFor)).OfType<PowerSamples>().Where(samples => !samples.IsEmpty),
        ];
        if (PowerSamples.BestInstant(fresh) is not { } at)
            return new(null, meters.Count, 0, Power.FromWatts(0), Power.FromWatts(0), energy.Import, energy.Export);
        var powers = fresh.Select(samples => samples.At(at)).ToList();
        return new(
            at,
            meters.Count,
            fresh.Length,
            Power.FromWatts(powers.Where(watts => watts > 0).Sum()),
            Power.FromWatts(-powers.Where(watts => watts < 0).Sum()),
            energy.Import,
            energy.Export);
    }

    internal void TakeTelemetry(MeterId meter, ReadOnlySpan<byte> payload)
    {
        if (PowerTelemetry.Read(payload) is not { } told)
            return;
        var now = clock.GetCurrentInstant();
        var sample = told.SampledAt(now);
        _samples.AddOrUpdate(meter, _ => PowerSamples.Of(sample), (_, samples) => samples.With(sample));
        Change(meter, live => live with { PowerWatts = told.Watts, LastSeen = now });
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
            // Registers that began anew began at zero: what the old ones had counted today is not shown any more.
            if (start is { } from && !reading.Registers.NotBelow(from))
                start = default(Registers);
            return live with { Last = reading, DayStart = start, LastSeen = clock.GetCurrentInstant() };
        });
    }

    /// <summary>Shows what a meter last read, after a restart.</summary>
    /// <param name="last">Its newest accepted reading.</param>
    /// <param name="dayStart">Its registers when the community's day began; null when it has read nothing since.</param>
    internal void Restore(Reading last, Registers? dayStart) => Change(last.Meter, live => live with
    {
        Last = last,
        DayStart = dayStart is { } from && !last.Registers.NotBelow(from) ? default(Registers) : dayStart,
    });

    private void Change(MeterId meter, Func<LiveMeter, LiveMeter> change)
    {
        _meters.AddOrUpdate(meter, id => change(new(id, null, null, null, null)), (_, live) => change(live));
        Interlocked.Increment(ref _version);
    }
}
