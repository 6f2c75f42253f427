using System.Diagnostics;

namespace Busbar.Bench.Web;

/// <summary>How long a question takes, asked one after another.</summary>
internal static class AskTimes
{
    private const int Rounds = 150;

    // The first few are the compiler's.
    private const int Before = 20;

    /// <summary>Milliseconds of each time, ascending.</summary>
    public static async Task<List<double>> OfAsync(Func<int, CancellationToken, Task> ask, CancellationToken cancellation)
    {
        var times = new List<double>();
        for (var i = -Before; i < Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await ask(Math.Abs(i), cancellation);
            if (i >= 0)
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        return times;
    }

    public static double At(List<double> sorted, double part) => sorted[(int)(sorted.Count * part)];
}
