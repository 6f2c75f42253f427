using System.Buffers;
using System.Globalization;

namespace Busbar.Domain.History;

/// <summary>
/// Lines of CSV as RFC 4180 has them: commas, quotes where needed, CR LF. A text that a spreadsheet would take for a formula gets
/// an apostrophe before it (OWASP, "CSV Injection"); plain numbers are left as they are.
/// </summary>
public static class CsvText
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r\n");

    /// <summary>Writes one line.</summary>
    public static void WriteLine(TextWriter writer, IReadOnlyList<string> fields)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(fields);
        for (var i = 0; i < fields.Count; i++)
        {
            if (i > 0)
                writer.Write(',');
            writer.Write(Field(fields[i]));
        }

        writer.Write("\r\n");
    }

    private static string Field(string text)
    {
        // Leading blanks do not keep a spreadsheet from seeing a formula.
        var first = text.AsSpan().TrimStart(' ');
        if (first.Length > 0 && Formula.Contains(first[0]) && !decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out _))
            text = "'" + text;
        return text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
