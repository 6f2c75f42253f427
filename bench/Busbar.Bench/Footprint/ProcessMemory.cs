using System.Globalization;

namespace Busbar.Bench.Footprint;

/// <summary>What a process and those it started hold in memory, as the kernel counts it.</summary>
internal static class ProcessMemory
{
    /// <summary>Resident megabytes of a process and of all below it. Linux only.</summary>
    public static (double Own, double Below) Resident(int process)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => Path.GetFileName(folder))
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture))
            .ToDictionary(id => id, id => (int)(Field(id, "PPid:") ?? 0));
        return (Megabytes(process), parents.Keys.Where(id => IsBelow(id, process, parents)).Sum(Megabytes));
    }

    private static bool IsBelow(int id, int process, Dictionary<int, int> parents)
    {
        while (parents.TryGetValue(id, out var parent) && parent != 0)
        {
            if (parent == process)
                return true;
            id = parent;
        }

        return false;
    }

    private static double Megabytes(int process) => (Field(process, "VmRSS:") ?? 0) * 1024 / 1e6;

    // A process may end while it is looked at.
    private static long? Field(int process, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null ? null : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
