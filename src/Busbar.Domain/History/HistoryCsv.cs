using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Domain.History;

/// <summary>
/// A history as CSV (RFC 4180): one header line with the units, a line for each row, times of the zone with their offset, energy
/// in whole milliwatt-hours; empty where nothing is known.
/// </summary>
public static class HistoryCsv
{
    private static readonly OffsetDateTimePattern Time = OffsetDateTimePattern.Rfc3339;

    private static readonly HistoryMarks[] Marks =
        [.. Enum.GetValues<HistoryMarks>().Where(mark => mark != HistoryMarks.Complete)];

    /// <summary>Writes header and rows.</summary>
    /// <param name="writer">Gets the lines; not closed.</param>
    /// <param name="history">The history.</param>
    /// <param name="name">What it is of, in the first column of each row.</param>
    /// <param name="zone">The zone of the times.</param>
    public static void Write(TextWriter writer, HistoryTable history, string name, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(history);
        CsvText.WriteLine(writer, ["name", "start", "end", "import (mWh)", "export (mWh)", "notes"]);
        foreach (var row in history.Rows)
        {
            CsvText.WriteLine(
                writer,
                [
                    name,
                    Time.Format(row.Start.InZone(zone).ToOffsetDateTime()),
                    Time.Format(row.End.InZone(zone).ToOffsetDateTime()),
                    Number(row.Energy?.Import.MilliwattHours),
                    Number(row.Energy?.Export.MilliwattHours),
                    string.Join(' ', Marks.Where(mark => row.Marks.HasFlag(mark)).Select(mark => mark.ToString().ToLowerInvariant())),
                ]);
        }
    }

    private static string Number(long? milliwattHours) => milliwattHours?.ToString(CultureInfo.InvariantCulture) ?? "";
}
