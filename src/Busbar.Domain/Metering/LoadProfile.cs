using Busbar.Domain.Quantities;

namespace Busbar.Domain.Metering;

/// <summary>
/// What a premises usually takes and gives in each hour of the UTC day, learned from its own measured intervals. Used to spread
/// energy over intervals without a reading. Floating point is enough: what comes of it is rounded once and then journaled.
/// </summary>
internal sealed class LoadProfile
{
    private const int Hours = 24;

    // A tenth of the new value each time: follows a season within weeks and forgives one odd day.
    private const double Weight = 0.1;

    public double[] Import { get; } = new double[Hours];

    public double[] Export { get; } = new double[Hours];

    public byte[] Seen { get; } = new byte[Hours];

    /// <summary>Learns a measured interval; the rates are kept per hour.</summary>
    public void Learn(Interval interval, EnergySum energy)
    {
        var hour = HourOf(interval);
        var perHour = 3600.0 / interval.Length.Seconds;
        var weight = Seen[hour] == 0 ? 1.0 : Weight;
        Import[hour] += weight * ((energy.Import.MilliwattHours * perHour) - Import[hour]);
        Export[hour] += weight * ((energy.Export.MilliwattHours * perHour) - Export[hour]);
        Seen[hour] = (byte)Math.Min(Seen[hour] + 1, byte.MaxValue);
    }

    /// <summary>What an interval usually comes to; an hour never seen is taken as the mean of those seen, or zero.</summary>
    public EnergySum Usual(Interval interval) => new(
        Energy.FromMilliwattHours((long)Rate(Import, interval)), Energy.FromMilliwattHours((long)Rate(Export, interval)));

    /// <summary>How an amount is spread over intervals: the import's and the export's share of each, in any unit.</summary>
    public (double Import, double Export) Share(Interval interval) => (Rate(Import, interval), Rate(Export, interval));

    private static int HourOf(Interval interval) => (int)(interval.Start.ToUnixTimeSeconds() / 3600 % Hours);

    private double Rate(double[] perHour, Interval interval)
    {
        var hour = HourOf(interval);
        var rate = Seen[hour] > 0 ? perHour[hour] : Mean(perHour);
        return rate * interval.Length.Seconds / 3600.0;
    }

    private double Mean(double[] perHour)
    {
        var (sum, count) = (0.0, 0);
        for (var hour = 0; hour < Hours; hour++)
        {
            if (Seen[hour] > 0)
                (sum, count) = (sum + perHour[hour], count + 1);
        }

        return count == 0 ? 0 : sum / count;
    }
}
