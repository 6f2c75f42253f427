using System.Text;
using Busbar.Tests;

namespace Busbar.Node.Tests.Billing;

/// <summary>The published slab tariffs of the measured data, each turned into YAML as a distributor would write it.</summary>
internal static class SlabTable
{
    /// <summary>The YAML of a tariff in the table.</summary>
    /// <remarks>A block's price is that of the energy inside it, also when more is used: the first 10 kWh of NEA 5 A stay free.</remarks>
    public static byte[] Yaml(string tariff)
    {
        var rows = File.ReadLines(SharedData.PathOf("tariffs", "slab_tariffs.csv")).Skip(1).Select(line => line.Split(','))
            .Where(row => row[0] == tariff).ToList();
        Assert.NotEmpty(rows);
        var text = new StringBuilder().Append($"name: {tariff}\ncurrency: {rows[0][8]}\nzone: Asia/Kathmandu\nvalidFrom: 2020-06-14\nperiod: 30 days\nslabs:\n");
        foreach (var row in rows)
        {
            text.Append(row[5].Length > 0 ? $"  - upTo: {row[5]}\n    price: {row[6]}\n" : $"  - price: {row[6]}\n");
            if (row[7].Length > 0)
                text.Append($"    fixedCharge: {row[7]}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
