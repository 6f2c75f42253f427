using System.Globalization;
using Busbar.Domain.History;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Api;

/// <summary>The cash book as a table for spreadsheets (RFC 4180).</summary>
internal static class CashCsv
{
    /// <summary>A book of one entry.</summary>
    public const string Example =
        "time,direction,means,number,house,premises,account,amount (wei),use,note,by,state,reference,block,transaction\r\n"
        + "2026-07-04T11:20:00+05:00,received,upi,418712345678,House 4,0x5f1c,0x90f8,250000000000000000,bills,,asha,booked,0x77ab,812,0x6ae1\r\n";

    private static readonly string[] Header = Example[..Example.IndexOf('\r', StringComparison.Ordinal)].Split(',');

    /// <summary>Writes header and lines.</summary>
    public static void Write(TextWriter writer, IEnumerable<CashRow> rows, DateTimeZone zone)
    {
        CsvText.WriteLine(writer, Header);
        foreach (var row in rows)
        {
            CsvText.WriteLine(
                writer,
                [
                    OffsetDateTimePattern.Rfc3339.Format(InstantPattern.ExtendedIso.Parse(row.At).Value.InZone(zone).ToOffsetDateTime()),
                    row.Direction,
                    row.Means ?? "",
                    row.Number ?? "",
                    row.Name,
                    row.Premises ?? "",
                    row.Account,
                    row.AmountWei,
                    row.Use ?? "",
                    row.Note,
                    row.By,
                    row.State,
                    row.Reference,
                    row.Place?.Block.ToString(CultureInfo.InvariantCulture) ?? "",
                    row.Place?.Transaction ?? "",
                ]);
        }
    }
}
