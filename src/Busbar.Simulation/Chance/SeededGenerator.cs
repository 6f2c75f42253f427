using System.Numerics;

namespace Busbar.Simulation.Chance;

/// <summary>
/// Numbers that look random and follow from a seed: xoshiro256** 1.0 (Blackman and Vigna, 2018), its state filled by SplitMix64.
/// The same on every machine and release, which a runtime's own generator does not promise. Not for secrets. Not thread safe.
/// </summary>
internal sealed class SeededGenerator
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    public SeededGenerator(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>A generator of its own for each pair of numbers under a seed: a house and a day, so that days can be made in any order.</summary>
    public static SeededGenerator For(ulong seed, ulong what, long when)
    {
        unchecked
        {
            var mixed = seed;
            mixed = SplitMix(ref mixed) ^ (what * 0x9E3779B97F4A7C15);
            mixed = SplitMix(ref mixed) ^ ((ulong)when * 0xD1B54A32D192ED03);
            return new SeededGenerator(SplitMix(ref mixed));
        }
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits()
    {
        unchecked
        {
            var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
            var shifted = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= shifted;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return result;
        }
    }

    /// <summary>From 0 up to but without 1, evenly, in steps of 2^-53.</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Evenly between two bounds.</summary>
    public double Between(double low, double high) => low + ((high - low) * NextUnit());

    /// <summary>A whole number from 0 up to but without the bound, evenly enough for a simulation (bias below bound / 2^64).</summary>
    public int Below(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>About normal with mean 0 and deviation 1, never beyond ±6: twelve even numbers added, less six.</summary>
    public double NextNormal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += NextUnit();
        return sum;
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = state;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
