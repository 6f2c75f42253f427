namespace Busbar.Simulation.Storage;

/// <summary>
/// Energy inside the simulation: a whole number of microwatt-hours, so that a step's sums hold exactly and only registers round.
/// Range ±9.2 TWh; beyond it throws.
/// </summary>
internal readonly record struct FineEnergy(long MicrowattHours)
{
    /// <summary>The energy of a power held for some seconds, rounded to the nearest microwatt-hour.</summary>
    public static FineEnergy Of(double watts, double seconds) => new((long)Math.Round(watts * seconds * (1_000_000 / 3600.0)));

    public static FineEnergy FromWattHours(double wattHours) => new((long)Math.Round(wattHours * 1_000_000));

    public double WattHours => MicrowattHours / 1e6;

    /// <summary>A part of it, 0 to 1 (held within), rounded to the nearest microwatt-hour.</summary>
    public FineEnergy Part(double part) => new((long)Math.Round(MicrowattHours * Math.Clamp(part, 0, 1)));

    /// <summary>The mean power over some seconds, W.</summary>
    public double MeanWatts(double seconds) => WattHours * 3600 / seconds;

    public static FineEnergy operator +(FineEnergy left, FineEnergy right) => new(left.MicrowattHours + right.MicrowattHours);

    public static FineEnergy operator -(FineEnergy left, FineEnergy right) => new(left.MicrowattHours - right.MicrowattHours);

    public static FineEnergy operator -(FineEnergy value) => new(-value.MicrowattHours);

    public static bool operator <(FineEnergy left, FineEnergy right) => left.MicrowattHours < right.MicrowattHours;

    public static bool operator >(FineEnergy left, FineEnergy right) => left.MicrowattHours > right.MicrowattHours;

    public static FineEnergy Least(FineEnergy left, FineEnergy right) => left < right ? left : right;

    public static FineEnergy Greatest(FineEnergy left, FineEnergy right) => left > right ? left : right;
}
