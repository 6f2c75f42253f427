using System.Numerics;

namespace Busbar.Bench.Mqtt;

/// <summary>Times counted in buckets an eighth of a power of two wide (at most 12 % off), from a microsecond up. Thread safe.</summary>
internal sealed class LatencyHistogram
{
    private const int Steps = 8;
    private readonly long[] _counts = new long[Steps * 40];

    public void Add(TimeSpan time) => Interlocked.Increment(ref _counts[Bucket((ulong)Math.Max(1, time.TotalMicroseconds))]);

    /// <summary>The upper edge of the bucket that holds this part of all times; zero when there are none.</summary>
    public TimeSpan At(double part)
    {
        var wanted = (long)Math.Ceiling(_counts.Sum() * part);
        for (var i = 0; i < _counts.Length && wanted > 0; i++)
        {
            wanted -= _counts[i];
            if (wanted <= 0)
                return TimeSpan.FromMicroseconds(UpperEdge(i));
        }

        return TimeSpan.Zero;
    }

    private static int Bucket(ulong microseconds)
    {
        var power = BitOperations.Log2(microseconds);
        var step = (int)(((microseconds - (1UL << power)) * Steps) >> power);
        return Math.Min((power * Steps) + step, (Steps * 40) - 1);
    }

    private static double UpperEdge(int bucket) => Math.Pow(2, bucket / Steps) * (1 + (((bucket % Steps) + 1) / (double)Steps));
}
