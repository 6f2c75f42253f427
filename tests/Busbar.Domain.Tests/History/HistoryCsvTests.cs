using System.Globalization;
using Busbar.Domain.History;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Tests.History;

public sealed class HistoryCsvTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 1, 0, 0);

    [Fact]
    public void Write_Rows_WithUnitsOffsetsAndNotes()
    {
        var hour = Duration.FromHours(1);
        var rows = new HistoryRow[]
        {
            new(Start, Start + hour, new(Energy.FromMilliwattHours(1_500), Energy.Zero), HistoryMarks.Complete),
            new(Start + hour, Start + hour + hour, null, HistoryMarks.Missing | HistoryMarks.Partial),
        };
        Assert.Equal(
            "name,start,end,import (mWh),export (mWh),notes\r\n"
            + "\"House 1, left\",2026-03-01T05:30:00+05:30,2026-03-01T06:30:00+05:30,1500,0,\r\n"
            + "\"House 1, left\",2026-03-01T06:30:00+05:30,2026-03-01T07:30:00+05:30,,,missing partial\r\n",
            Written(rows, "House 1, left"));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("  =1+1", "'  =1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-2+3|cmd", "'-2+3|cmd")]
    [InlineData("\tx", "'\tx")]
    [InlineData("+\"a\"", "\"'+\"\"a\"\"\"")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("घर 1", "घर 1")]
    [InlineData("a\r\nb", "\"a\r\nb\"")]
    public void WriteLine_TextOfStrangers_IsNoFormula(string text, string field)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        CsvText.WriteLine(writer, [text, "1"]);
        Assert.Equal(field + ",1\r\n", writer.ToString());
    }

    private static string Written(HistoryRow[] rows, string name)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        HistoryCsv.Write(writer, new(rows, default, null, null), name, DateTimeZoneProviders.Tzdb["Asia/Kolkata"]);
        return writer.ToString();
    }
}
