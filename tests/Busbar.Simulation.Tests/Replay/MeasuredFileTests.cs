using System.Globalization;
using System.IO.Compression;
using Busbar.Simulation.Replay;
using Busbar.Tests;
using NodaTime;

namespace Busbar.Simulation.Tests.Replay;

public class MeasuredFileTests
{
    [DataFact]
    public void Open_SwissQuarterHours_SumsToTheMilliwattHour()
    {
        var path = SharedData.PathOf("households_swiss_15min", "consumption_kwh_per_15min.csv.gz");
        var file = ReplayFile.Open(path, ColumnMapJson.Load(ColumnMapJson.WideQuarterHour));

        Assert.Equal(4704, file.Intervals);
        Assert.Equal(150, file.Meters.Count);
        Assert.Equal(Instant.FromUtc(2018, 10, 28, 23, 0), file.Start);
        Assert.Equal(705_600, file.Totals.AcceptedValues + file.Totals.RefusedValues);
        var rows = Rows(path);
        for (var meter = 0; meter < 150; meter++)
        {
            var sum = rows.Skip(1).Sum(row => Milliwatts(row[meter + 1]));
            var name = file.Meters[meter].Name;
            var refused = file.Problems.Where(problem => string.Equals(problem.Meter, name, StringComparison.Ordinal)).Sum(problem => problem.Import.MilliwattHours);
            Assert.Equal(Math.Round(sum), file.TotalOf(meter).Import.MilliwattHours + refused);
        }
    }

    [DataFact]
    public void Open_CalifornianHours_NetOfLoadAndPvToTheMilliwattHour()
    {
        var path = SharedData.PathOf("homes_pv_fontana_hourly", "load_pv_kwh_hourly.csv.gz");
        var map = ColumnMapJson.Load(ColumnMapJson.LongHourlyLoadPv);
        var file = ReplayFile.Open(path, map);
        var plain = ReplayFile.Open(path, map with { Zone = "Etc/GMT+8" });

        // Clock time without its changes: 24 hours each day, so one that is not in spring and one that is missing in autumn.
        Assert.Equal(8, file.Problems.Count(problem => problem.Kind is ReplayProblemKind.NonexistentTime));
        Assert.Equal(8, file.Problems.Count(problem => problem.Kind is ReplayProblemKind.Gap));
        Assert.Equal(16, file.ProblemCount);
        Assert.Equal(0, plain.ProblemCount);
        Assert.Equal((8760, 8), (plain.Intervals, plain.Meters.Count));
        var rows = Rows(path).Skip(1).ToLookup(row => row[0], StringComparer.Ordinal);
        for (var meter = 0; meter < 8; meter++)
        {
            var net = rows[plain.Meters[meter].Name].Select(row => Milliwatts(row[2]) - Milliwatts(row[3])).ToList();
            Assert.Equal(Math.Round(net.Sum(one => Math.Max(one, 0))), plain.TotalOf(meter).Import.MilliwattHours);
            Assert.Equal(Math.Round(net.Sum(one => Math.Max(-one, 0))), plain.TotalOf(meter).Export.MilliwattHours);
        }

        Assert.Equal(plain.Totals.Accepted.Net, file.Totals.Accepted.Net + file.Totals.Refused.Net);
    }

    private static decimal Milliwatts(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) * 1_000_000;

    private static List<string[]> Rows(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var rows = new List<string[]>();
        while (reader.ReadLine() is { } line)
            rows.Add(line.Split(','));
        return rows;
    }
}
