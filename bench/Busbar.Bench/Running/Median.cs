namespace Busbar.Bench.Running;

/// <summary>The middle of several runs: the machine's hiccups are at the ends.</summary>
internal static class Median
{
    public static double Of(IEnumerable<double> runs)
    {
        double[] sorted = [.. runs.Order()];
        return sorted[sorted.Length / 2];
    }
}
