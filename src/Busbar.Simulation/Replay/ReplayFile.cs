using System.Runtime.InteropServices;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Simulation.Replay;

/// <summary>A meter that a file has energies of.</summary>
/// <param name="Name">The home's name as the file has it, with " PV" behind it for a plant's own meter.</param>
/// <param name="Kind">Premises or plant.</param>
public sealed record ReplayMeter(string Name, MeterKind Kind);

/// <summary>What a file holds, and what became of it; exact sums rounded once.</summary>
/// <param name="Accepted">The energy of all values that were taken.</param>
/// <param name="Refused">The energy of all values that were refused and are numbers, of either sign.</param>
/// <param name="AcceptedValues">How many meter intervals were taken.</param>
/// <param name="RefusedValues">How many meter intervals were refused.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReplayTotals(EnergySum Accepted, EnergySum Refused, long AcceptedValues, long RefusedValues);

/// <summary>
/// A recorded file as energies by meter and interval, in order of time. Holds everything in memory: 16 bytes a value. Immutable,
/// thread safe.
/// </summary>
public sealed class ReplayFile
{
    private readonly MeterSeries[] _series;
    private readonly long _first;

    internal ReplayFile(IntervalLength length, MeterSeries[] series, IReadOnlyList<ReplayProblem> problems, long problemCount, ReplayTotals totals)
    {
        Length = length;
        _series = series;
        Meters = [.. series.Select(one => one.Meter)];
        Problems = problems;
        ProblemCount = problemCount;
        Totals = totals;
        _first = series.Where(one => one.Count > 0).Min(one => one.First);
        Intervals = (int)(series.Max(one => one.Count == 0 ? _first : one.First + one.Count) - _first);
    }

    /// <summary>The length of its intervals.</summary>
    public IntervalLength Length { get; }

    /// <summary>Its meters: in the order of the header, or of their first lines.</summary>
    public IReadOnlyList<ReplayMeter> Meters { get; }

    /// <summary>The start of its first interval.</summary>
    public Instant Start => Instant.FromUnixTimeSeconds((_first - 1) * Length.Seconds);

    /// <summary>How many intervals there are from the first to the last, those without a line among them.</summary>
    public int Intervals { get; }

    /// <summary>The problems in the order of the lines, as many as were to be kept.</summary>
    public IReadOnlyList<ReplayProblem> Problems { get; }

    /// <summary>How many problems there are in all.</summary>
    public long ProblemCount { get; }

    /// <summary>What the file holds, and what became of it.</summary>
    public ReplayTotals Totals { get; }

    /// <summary>Reads a file, packed by gzip or not.</summary>
    /// <exception cref="ReplayException">The file cannot be used, or has a problem and was to be read strictly.</exception>
    public static ReplayFile Open(string path, ColumnMap map, ReplayOptions? options = null)
    {
        try
        {
            using var lines = LineReader.Open(path);
            return new ReplayReader(map, options ?? new ReplayOptions(), lines).Read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            throw new ReplayException(new(0, Meter: null, ReplayProblemKind.Unreadable, $"{path}: {failure.Message}"), failure);
        }
    }

    /// <summary>The energy of a meter in an interval, both by their places; false where it is missing.</summary>
    public bool TryGet(int interval, int meter, out EnergySum energy) => _series[meter].TryGet(_first + interval, out energy);

    /// <summary>The sum of a meter's energies, which is what its registers say at the end.</summary>
    public EnergySum TotalOf(int meter) => _series[meter].Total;
}
