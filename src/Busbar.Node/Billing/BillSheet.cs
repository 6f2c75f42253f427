using System.Globalization;
using System.Net;
using System.Text;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;
using Busbar.Node.Api;
using Busbar.Node.Notifications;
using NodaTime.Text;

namespace Busbar.Node.Billing;

/// <summary>A bill in a mail, line for line as the page shows it.</summary>
/// <param name="bill">The bill.</param>
/// <param name="house">Its premises' name.</param>
/// <param name="texts">The words.</param>
/// <param name="language">In which language.</param>
internal sealed class BillSheet(BillDocument bill, string house, NotificationTexts texts, NotificationLanguage language)
{
    private readonly string _coin = bill.Bill.Currency ?? texts.Word("frame.coin", language);

    /// <summary>As plain text; lines end with CR LF.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        foreach (var head in Heads())
            text.Append(head).Append("\r\n");
        text.Append("\r\n").Append(Word("registers")).Append("\r\n");
        foreach (var (name, from, to, between) in Registers())
            text.Append(CultureInfo.InvariantCulture, $"{name}: {from} → {to} = {between}\r\n");
        text.Append("\r\n");
        foreach (var (name, price, amount) in Lines())
            text.Append(name).Append(": ").Append(price.Length > 0 ? $"{price} = " : "").Append(amount).Append("\r\n");
        foreach (var note in Notes())
            text.Append("\r\n").Append(note).Append("\r\n");
        return text.ToString();
    }

    /// <summary>As HTML: two tables.</summary>
    public string Html()
    {
        var html = new StringBuilder();
        html.Append("<h2 style=\"font-size:1em\">").Append(string.Join("<br>", Heads().Select(Escape))).Append("</h2><table>");
        foreach (var (name, from, to, between) in Registers())
            html.Append(Row(name, from, to, between));
        html.Append("</table><table>");
        foreach (var (name, price, amount) in Lines())
            html.Append(Row(name, price, amount));
        html.Append("</table>");
        foreach (var note in Notes())
            html.Append("<p><small>").Append(Escape(note)).Append("</small></p>");
        return html.ToString();
    }

    private static string Row(string name, params ReadOnlySpan<string> figures)
    {
        var row = new StringBuilder("<tr><td>").Append(Escape(name)).Append("</td>");
        foreach (var figure in figures)
            row.Append("<td style=\"text-align:right;padding:2px 0 2px 12px;white-space:nowrap\">").Append(Escape(figure)).Append("</td>");
        return row.Append("</tr>").ToString();
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private IEnumerable<string> Heads()
    {
        yield return $"{Word("title")} {bill.Bill.Number.ToString(CultureInfo.InvariantCulture)}, {house}";
        if (bill is { Opening: { } opening, Closing: { } closing })
            yield return $"{DateOf(opening.Instant)} – {texts.LastDate(InstantPattern.ExtendedIso.Parse(closing.Instant).Value)}";
        if (bill.Tariff is { } tariff)
            yield return texts.Word("bill.tariff", language, ("name", tariff.Name));
    }

    private IEnumerable<(string Name, string From, string To, string Between)> Registers()
    {
        if (bill is not { Opening: { } opening, Closing: { } closing, Bill: { ImportMwh: { } imported, ExportMwh: { } exported } })
            yield break;
        yield return (Word("taken"), Kilowatts(opening.ImportMwh), Kilowatts(closing.ImportMwh), Kilowatts(imported));
        yield return (Word("given"), Kilowatts(opening.ExportMwh), Kilowatts(closing.ExportMwh), Kilowatts(exported));
    }

    private IEnumerable<(string Name, string Price, string Amount)> Lines()
    {
        var counted = Energy.Zero;
        foreach (var line in bill.Lines)
        {
            var name = line.Kind switch
            {
                "slab" => Slab(line, ref counted),
                "band" => texts.Word("bill.band", language, ("name", line.Name)),
                "tax" => texts.Word("bill.tax", language, ("name", line.Name), ("percent", line.Share == 0 ? "" : Percent(line.Share))),
                _ => Word(line.Kind),
            };
            var price = line is { EnergyMwh: { } energy, PriceWei: { } wei } ? $"{Kilowatts(energy)} × {Wei(wei)}" : "";
            yield return (name, price, Coins(line.AmountWei));
        }

        yield return (Word("total"), "", Coins(bill.TotalWei));
        if (bill.Bill.OutstandingWei != bill.TotalWei && !bill.TotalWei.StartsWith('-'))
            yield return (Word("toPay"), "", Coins(bill.Bill.OutstandingWei));
    }

    private IEnumerable<string> Notes()
    {
        if (bill.Closing is { Estimated: true })
            yield return Word("estimated");
        yield return texts.Word("bill.payHow", language, ("premises", bill.Premises));
    }

    private string Slab(BillLineDocument line, ref Energy counted)
    {
        var from = counted;
        counted += Mwh(line.EnergyMwh ?? "0");
        return texts.Word(
            "bill.slab", language, ("from", Figures.KilowattHours(from, 1, language)), ("to", Figures.KilowattHours(counted, 1, language)));
    }

    private string Word(string key) => texts.Word($"bill.{key}", language);

    private string DateOf(string instant) => texts.Date(InstantPattern.ExtendedIso.Parse(instant).Value);

    private string Kilowatts(string mwh) => Figures.KilowattHours(Mwh(mwh), 3, language);

    private string Coins(string wei) => Figures.Coins(Wei(wei), Figures.DecimalsFor(Wei(bill.TotalWei)), _coin, language);

    private static Coin Wei(string text) => Coin.FromWei(Int128.Parse(text, CultureInfo.InvariantCulture));

    private static Energy Mwh(string text) => Energy.FromMilliwattHours(long.Parse(text, CultureInfo.InvariantCulture));

    private static string Percent(int share) => (share / 100m).ToString("0.##", CultureInfo.InvariantCulture);
}
