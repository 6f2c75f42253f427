using Busbar.Domain.Quantities;

namespace Busbar.Simulation.Replay;

/// <summary>What is wrong in a replayed file. Stored and shown by name.</summary>
public enum ReplayProblemKind
{
    /// <summary>Not a problem; never reported.</summary>
    None = 0,

    /// <summary>The file cannot be opened, unpacked or read as UTF-8 text. Always stops.</summary>
    Unreadable,

    /// <summary>The column map is not valid. Always stops.</summary>
    BadMap,

    /// <summary>A column that the map names is not in the header, or stands there twice. Always stops.</summary>
    MissingColumn,

    /// <summary>Lines follow each other at another interval than the map says. Always stops.</summary>
    IntervalMismatch,

    /// <summary>No line could be used. Always stops.</summary>
    NoReadings,

    /// <summary>More values than may be held in memory, or a line too long. Always stops.</summary>
    TooLarge,

    /// <summary>The line has more or fewer columns than the header.</summary>
    WrongColumnCount,

    /// <summary>The time is not of the map's format.</summary>
    BadTime,

    /// <summary>The civil time does not exist in the zone: clocks were put forward over it.</summary>
    NonexistentTime,

    /// <summary>The time is no boundary of the community's intervals.</summary>
    MisalignedTime,

    /// <summary>A second line for the same time (and home).</summary>
    Repeat,

    /// <summary>A line for an earlier time than the one before (of the same home).</summary>
    OutOfOrder,

    /// <summary>Intervals without a line before this one. Their readings are missing; the line itself is used.</summary>
    Gap,

    /// <summary>An empty value, or an empty name of a home.</summary>
    MissingValue,

    /// <summary>The value is not a decimal number.</summary>
    NotANumber,

    /// <summary>The value has more decimals than can be kept exactly (18 of a kilowatt-hour).</summary>
    TooFine,

    /// <summary>An energy below zero.</summary>
    Negative,

    /// <summary>More energy than the given power could carry in an interval.</summary>
    Absurd,
}

/// <summary>One problem in a replayed file, told by its line.</summary>
/// <param name="Line">The line's number, the header being 1; 0 for the file as a whole.</param>
/// <param name="Meter">The meter whose value was refused, or null for a whole line.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Detail">The same in words, with the value as it stands in the file.</param>
/// <param name="Import">Import that was refused with it, rounded; 0 where the value is no number.</param>
/// <param name="Export">Export that was refused with it, rounded.</param>
public sealed record ReplayProblem(
    long Line, string? Meter, ReplayProblemKind Kind, string Detail, Energy Import = default, Energy Export = default)
{
    /// <summary>One line for a person.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"line {Line}" : "file";
        return Meter is null ? $"{place}: {Kind}: {Detail}" : $"{place}, {Meter}: {Kind}: {Detail}";
    }
}

/// <summary>A file that cannot be replayed, or not strictly. Trying again does not help.</summary>
public sealed class ReplayException : Exception
{
    /// <summary>Says why.</summary>
    public ReplayException(ReplayProblem problem, Exception? innerException = null)
        : base(problem.ToString(), innerException) => Problem = problem;

    /// <summary>The problem that stopped it.</summary>
    public ReplayProblem Problem { get; }
}
