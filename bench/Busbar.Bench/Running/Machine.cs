using System.Globalization;

namespace Busbar.Bench.Running;

/// <summary>Names the machine, so that a figure can be read.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, memory, system.</summary>
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Field("/proc/cpuinfo", "model name") ?? "unknown processor"}, {Environment.ProcessorCount} cores, {Memory():0.#} GB, {System()}");

    private static double Memory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;

    private static string System() => Field("/etc/os-release", "PRETTY_NAME")?.Trim('"') ?? Environment.OSVersion.VersionString;

    private static string? Field(string file, string name)
    {
        if (!File.Exists(file))
            return null;
        var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line?[(line.IndexOfAny([':', '=']) + 1)..].Trim();
    }
}
