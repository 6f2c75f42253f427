using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Domain.History;

/// <summary>What a row of a history has to say beside its energy.</summary>
[Flags]
public enum HistoryMarks
{
    /// <summary>Both boundaries were read.</summary>
    Complete = 0,

    /// <summary>A register at one of its boundaries is an estimate, as the ledger has it.</summary>
    Estimated = 1,

    /// <summary>There is no register at its end: what was used in it is in the next row that has one.</summary>
    Missing = 2,

    /// <summary>It also holds what was used in rows before it that are missing.</summary>
    Gathered = 4,

    /// <summary>The readings begin or end inside it.</summary>
    Partial = 8,

    /// <summary>It lies before the first reading of the span, or after the last: nothing is known.</summary>
    Nothing = 16,

    /// <summary>The meter was changed in it: what the old one counted after its last reading is not in it.</summary>
    RegisterReset = 32,
}

/// <summary>One row of a history.</summary>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant after it.</param>
/// <param name="Energy">Import and export; null when nothing is known of it.</param>
/// <param name="Marks">What is to be said about it.</param>
public readonly record struct HistoryRow(Instant Start, Instant End, EnergySum? Energy, HistoryMarks Marks);

/// <summary>A history: rows without gaps, whose energies add up to the total exactly.</summary>
/// <param name="Rows">In order of time; one or more.</param>
/// <param name="Total">The differences of the meters' registers between the first and the last one known.</param>
/// <param name="First">The first instant of which a register is known; null when none is.</param>
/// <param name="Last">The last one.</param>
public sealed record HistoryTable(IReadOnlyList<HistoryRow> Rows, EnergySum Total, Instant? First, Instant? Last)
{
    /// <summary>The sum of histories over the same boundaries, such as of one premises' meters.</summary>
    /// <remarks>
    /// A row has the energy of those meters that have any there, and the marks of all. A meter that was not there yet, or is no
    /// longer, does not make the others' rows unknown.
    /// </remarks>
    /// <exception cref="ArgumentException">None, or of different boundaries.</exception>
    public static HistoryTable Sum(IReadOnlyList<HistoryTable> histories)
    {
        ArgumentNullException.ThrowIfNull(histories);
        if (histories.Count == 0)
            throw new ArgumentException("a sum needs a history", nameof(histories));
        var sum = histories[0];
        for (var i = 1; i < histories.Count; i++)
            sum = Add(sum, histories[i]);
        return sum;
    }

    private static HistoryTable Add(HistoryTable left, HistoryTable right)
    {
        if (left.Rows.Count != right.Rows.Count)
            throw new ArgumentException("histories of different boundaries are not added", nameof(right));
        var rows = new HistoryRow[left.Rows.Count];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = Add(left.Rows[i], right.Rows[i]);
        Instant? first = left.First is { } a && right.First is { } b ? Instant.Min(a, b) : left.First ?? right.First;
        Instant? last = left.Last is { } c && right.Last is { } d ? Instant.Max(c, d) : left.Last ?? right.Last;
        return new(rows, left.Total + right.Total, first, last);
    }

    private static HistoryRow Add(in HistoryRow left, in HistoryRow right)
    {
        if (left.Start != right.Start || left.End != right.End)
            throw new ArgumentException("histories of different boundaries are not added", nameof(right));
        var marks = left.Marks | right.Marks;
        if (left.Marks != HistoryMarks.Nothing || right.Marks != HistoryMarks.Nothing)
            marks &= ~HistoryMarks.Nothing;
        EnergySum? energy = left.Energy is { } a && right.Energy is { } b ? a + b : left.Energy ?? right.Energy;
        return new(left.Start, left.End, energy, marks);
    }
}
