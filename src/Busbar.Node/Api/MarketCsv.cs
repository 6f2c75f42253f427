using System.Globalization;
using Busbar.Domain.History;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Api;

/// <summary>Trades and prices as tables for spreadsheets (RFC 4180).</summary>
internal static class MarketCsv
{
    /// <summary>One purchase.</summary>
    public const string TradesExample =
        "opened,ended,stage,kind,seller,buyer,microgrid,energy (mWh),delivered (mWh),price (wei/kWh),share (wei),tax (wei),paid (wei),tax paid (wei),"
        + "refunded (wei),bought in,ended in\r\n"
        + "2026-06-21T23:45:00+05:30,2026-06-22T00:10:00+05:30,settled,advert,0x12c1,0x7af0,1,4000000,1960000,100000000000000000,400000000000000000,"
        + "8000000000000000,196000000000000000,3920000000000000,208080000000000000,0x6ae1,0x91b7\r\n";

    /// <summary>One hour.</summary>
    public const string PricesExample =
        "start,end,trades,energy (mWh),delivered (mWh),lowest (wei/kWh),highest (wei/kWh),average (wei/kWh)\r\n"
        + "2026-06-21T23:00:00+05:30,2026-06-22T00:00:00+05:30,1,4000000,1960000,100000000000000000,100000000000000000,100000000000000000\r\n";

    /// <summary>Writes header and lines of purchases.</summary>
    /// <param name="writer">Gets the lines; not closed.</param>
    /// <param name="trades">The purchases.</param>
    /// <param name="zone">The zone of the times.</param>
    public static void Write(TextWriter writer, IEnumerable<TradeRow> trades, DateTimeZone zone)
    {
        CsvText.WriteLine(writer, HeaderOf(TradesExample));
        foreach (var row in trades)
        {
            CsvText.WriteLine(
                writer,
                [
                    Local(row.Opened, zone),
                    Local(row.Ended?.At, zone),
                    row.Stage,
                    row.Kind,
                    row.Seller,
                    row.Buyer,
                    row.Microgrid.ToString(CultureInfo.InvariantCulture),
                    row.EnergyMwh,
                    row.DeliveredMwh,
                    row.PriceWei,
                    row.ShareWei,
                    row.TaxWei,
                    row.PaidWei,
                    row.PaidTaxWei,
                    row.RefundedWei ?? "",
                    row.Place.Transaction,
                    row.Ended?.Transaction ?? "",
                ]);
        }
    }

    /// <summary>Writes header and lines of prices.</summary>
    /// <param name="writer">Gets the lines; not closed.</param>
    /// <param name="rows">The prices.</param>
    /// <param name="zone">The zone of the times.</param>
    public static void Write(TextWriter writer, IEnumerable<PriceRow> rows, DateTimeZone zone)
    {
        CsvText.WriteLine(writer, HeaderOf(PricesExample));
        foreach (var row in rows)
        {
            CsvText.WriteLine(
                writer,
                [
                    Local(row.Start, zone),
                    Local(row.End, zone),
                    row.Trades.ToString(CultureInfo.InvariantCulture),
                    row.EnergyMwh,
                    row.DeliveredMwh,
                    row.LowestWei ?? "",
                    row.HighestWei ?? "",
                    row.AverageWei ?? "",
                ]);
        }
    }

    private static string[] HeaderOf(string example) => example[..example.IndexOf('\r', StringComparison.Ordinal)].Split(',');

    private static string Local(string? instant, DateTimeZone zone) => instant is null
        ? ""
        : OffsetDateTimePattern.Rfc3339.Format(InstantPattern.ExtendedIso.Parse(instant).Value.InZone(zone).ToOffsetDateTime());
}
