using Busbar.Domain.Quantities;

namespace Busbar.Domain.Billing;

/// <summary>Energy taken in by rate band.</summary>
/// <param name="First">Band 1.</param>
/// <param name="Second">Band 2.</param>
/// <param name="Third">Band 3.</param>
/// <param name="Fourth">Band 4.</param>
public readonly record struct BandEnergies(Energy First, Energy Second, Energy Third, Energy Fourth)
{
    /// <summary>All four together.</summary>
    public Energy Sum => First + Second + Third + Fourth;

    /// <summary>A band's energy by its place, 0 to 3.</summary>
    public Energy this[int band] => band switch
    {
        0 => First,
        1 => Second,
        2 => Third,
        3 => Fourth,
        _ => throw new ArgumentOutOfRangeException(nameof(band), band, "there are four bands, 0 to 3"),
    };

    /// <summary>Adds band by band.</summary>
    public static BandEnergies operator +(in BandEnergies left, in BandEnergies right) => new(
        left.First + right.First, left.Second + right.Second, left.Third + right.Third, left.Fourth + right.Fourth);

    /// <summary>All of an energy in one band.</summary>
    public static BandEnergies In(int band, Energy energy) => band switch
    {
        0 => new(energy, default, default, default),
        1 => new(default, energy, default, default),
        2 => new(default, default, energy, default),
        3 => new(default, default, default, energy),
        _ => throw new ArgumentOutOfRangeException(nameof(band), band, "there are four bands, 0 to 3"),
    };
}
