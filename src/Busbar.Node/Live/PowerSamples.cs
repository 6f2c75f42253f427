using NodaTime;

namespace Busbar.Node.Live;

/// <summary>A power that a meter told, import positive.</summary>
/// <param name="At">When it was so.</param>
/// <param name="Watts">The power.</param>
internal readonly record struct PowerSample(Instant At, double Watts);

/// <summary>A meter's newest powers, oldest first: a few, so that the sums of many meters can be of one instant.</summary>
internal sealed class PowerSamples
{
    private const int Most = 8;

    private readonly PowerSample[] _samples;

    private PowerSamples(PowerSample[] samples) => _samples = samples;

    public bool IsEmpty => _samples.Length == 0;

    public static PowerSamples Of(PowerSample sample) => new([sample]);

    public PowerSamples With(PowerSample sample) =>
        new([.. _samples.Where(one => one.At != sample.At).Append(sample).OrderBy(one => one.At).TakeLast(Most)]);

    public PowerSamples After(Instant instant) => new([.. _samples.Where(one => one.At > instant)]);

    /// <summary>The power at an instant: the newest told by then, or, when all are newer, the oldest.</summary>
    public double At(Instant instant) => _samples.LastOrDefault(one => one.At <= instant, _samples[0]).Watts;

    /// <summary>The instant of which most meters have told, the newest of several; null when there is no sample.</summary>
    public static Instant? BestInstant(IEnumerable<PowerSamples> meters) =>
        meters.SelectMany(samples => samples._samples.Select(one => one.At))
            .GroupBy(at => at)
            .OrderByDescending(at => at.Count()).ThenByDescending(at => at.Key)
            .Select(at => (Instant?)at.Key)
            .FirstOrDefault();
}
