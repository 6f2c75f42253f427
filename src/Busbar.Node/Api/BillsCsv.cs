using System.Globalization;
using Busbar.Domain.History;
using Busbar.Ledger.Bills;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Api;

/// <summary>Bills as a table for spreadsheets (RFC 4180): a line for each line of each bill; of one that has none, one line.</summary>
internal static class BillsCsv
{
    /// <summary>One bill of one line.</summary>
    public const string Example =
        "bill,version,state,notes,start,end,line,name,energy (mWh),price (wei/kWh),share (1/10000),amount (wei),total (wei),outstanding (wei),due,deadline,block,transaction\r\n"
        + "1,1,open,,2026-06-01T00:00:00+05:30,2026-07-01T00:00:00+05:30,slab,,120000000,5000000000000000,0,600000000000000000,600000000000000000,600000000000000000,"
        + "2026-07-16T00:00:00+05:30,2026-07-31T00:00:00+05:30,41,0x6ae1\r\n";

    private static readonly string[] Header = Example[..Example.IndexOf('\r', StringComparison.Ordinal)].Split(',');

    /// <summary>Writes header and lines.</summary>
    /// <param name="writer">Gets the lines; not closed.</param>
    /// <param name="account">Whose bills; null for none.</param>
    /// <param name="forms">Makes documents of them.</param>
    /// <param name="zone">The zone of the times.</param>
    public static void Write(TextWriter writer, PremisesAccount? account, BillForms forms, DateTimeZone zone) => Write(
        writer,
        Enumerable.Range(1, account?.Bills.Count ?? 0).Reverse()
            .Select(number => forms.Document(account!, number, account!.Bills[number - 1].Count)),
        zone);

    /// <summary>Writes header and lines.</summary>
    /// <param name="writer">Gets the lines; not closed.</param>
    /// <param name="bills">The bills.</param>
    /// <param name="zone">The zone of the times.</param>
    public static void Write(TextWriter writer, IEnumerable<BillDocument> bills, DateTimeZone zone)
    {
        CsvText.WriteLine(writer, Header);
        foreach (var bill in bills)
        {
            var row = bill.Bill;
            IReadOnlyList<BillLineDocument> lines = bill.Lines.Count > 0 ? bill.Lines : [new("", "", null, null, 0, bill.TotalWei)];
            foreach (var line in lines)
            {
                CsvText.WriteLine(
                    writer,
                    [
                        Number(row.Number),
                        Number(row.Version),
                        row.State,
                        string.Join(' ', row.Flags),
                        Local(row.Start),
                        Local(row.End),
                        line.Kind,
                        line.Name,
                        line.EnergyMwh ?? "",
                        line.PriceWei ?? "",
                        Number(line.Share),
                        line.AmountWei,
                        row.AmountWei,
                        row.OutstandingWei,
                        Local(row.Due),
                        Local(row.Deadline),
                        row.Place.Block.ToString(CultureInfo.InvariantCulture),
                        row.Place.Transaction,
                    ]);
            }
        }

        string Local(string? instant) => instant is null ? ""
            : OffsetDateTimePattern.Rfc3339.Format(InstantPattern.ExtendedIso.Parse(instant).Value.InZone(zone).ToOffsetDateTime());
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
