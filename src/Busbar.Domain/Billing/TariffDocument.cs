using System.Globalization;
using System.Text;
using Busbar.Domain.Quantities;
using NodaTime;

namespace Busbar.Domain.Billing;

/// <summary>
/// The canonical text of a tariff: YAML with every member in a fixed order and form, so that a tariff has one text and one hash. Members
/// that have their default are left out.
/// </summary>
public static class TariffDocument
{
    /// <summary>The version of the form.</summary>
    public const int Form = 1;

    /// <summary>The text, its lines ended by a line feed.</summary>
    public static string Write(Tariff tariff)
    {
        ArgumentNullException.ThrowIfNull(tariff);
        var text = new StringBuilder();
        Line(text, "form", Form.ToString(CultureInfo.InvariantCulture));
        Line(text, "name", Quoted(tariff.Name));
        if (tariff.Currency is { } currency)
            Line(text, "currency", Quoted(currency));
        Line(text, "zone", Quoted(tariff.Zone.Id));
        Line(text, "validFrom", TariffText.Write(tariff.ValidFrom));
        if (tariff.ValidUntil is { } until)
            Line(text, "validUntil", TariffText.Write(until));
        if (tariff.Payee is { } payee)
            Line(text, "payee", Quoted(payee.ToString()));
        Span(text, "due", tariff.Due);
        Span(text, "grace", tariff.Grace);
        Span(text, "period", tariff.Period);
        Charge(text, "fixedCharge", tariff.FixedCharge);
        Charge(text, "minimumCharge", tariff.MinimumCharge);
        Slabs(text, tariff.Slabs);
        Bands(text, tariff.Bands);
        Calendar(text, tariff);
        Export(text, tariff);
        Taxes(text, tariff.Taxes);
        return text.ToString();
    }

    private static void Slabs(StringBuilder text, ValueList<Slab> slabs)
    {
        if (slabs.Count > 0)
            text.Append("slabs:\n");
        foreach (var slab in slabs)
        {
            if (slab.UpTo is { } limit)
                Line(text, "  - upTo", TariffText.Write(limit));
            Line(text, slab.UpTo is null ? "  - price" : "    price", slab.Price.ToString());
            Charge(text, "    fixedCharge", slab.FixedCharge);
        }
    }

    private static void Bands(StringBuilder text, ValueList<RateBand> bands)
    {
        if (bands.Count > 0)
            text.Append("bands:\n");
        foreach (var band in bands)
        {
            Line(text, "  - name", Quoted(band.Name));
            Line(text, "    price", band.Price.ToString());
            if (band.Times.Count > 0)
                text.Append("    when:\n");
            foreach (var times in band.Times)
            {
                Line(text, "      - days", $"[{string.Join(", ", TariffText.Write(times.Days))}]");
                if (times.Seasons.Count > 0)
                    Line(text, "        seasons", $"[{string.Join(", ", times.Seasons.Select(Quoted))}]");
                if (times.Hours.Count > 0)
                    Line(text, "        hours", $"[{string.Join(", ", times.Hours.Select(hours => Quoted(TariffText.Write(hours))))}]");
            }
        }
    }

    private static void Calendar(StringBuilder text, Tariff tariff)
    {
        if (tariff.Seasons.Count > 0)
            text.Append("seasons:\n");
        foreach (var season in tariff.Seasons)
        {
            Line(text, "  - name", Quoted(season.Name));
            Line(text, "    from", TariffText.Write(season.From));
            Line(text, "    to", TariffText.Write(season.To));
        }

        if (!tariff.Weekend.SequenceEqual([IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday]))
            Line(text, "weekend", $"[{string.Join(", ", tariff.Weekend.Select(TariffText.Write))}]");
        if (tariff.Holidays.Count > 0)
            text.Append("holidays:\n");
        foreach (var holiday in tariff.Holidays)
            text.Append("  - ").Append(TariffText.Write(holiday)).Append('\n');
    }

    private static void Export(StringBuilder text, Tariff tariff)
    {
        if (tariff.ExportPrice.IsZero && !tariff.CarriesEnergy)
            return;
        text.Append("export:\n");
        if (!tariff.ExportPrice.IsZero)
            Line(text, "  price", tariff.ExportPrice.ToString());
        if (tariff.CarriesEnergy)
            Line(text, "  carriesEnergy", "true");
    }

    private static void Taxes(StringBuilder text, ValueList<TaxLine> taxes)
    {
        if (taxes.Count > 0)
            text.Append("taxes:\n");
        foreach (var tax in taxes)
        {
            Line(text, "  - name", Quoted(tax.Name));
            if (tax.Share != 0)
                Line(text, "    percent", TariffText.WriteShare(tax.Share));
            if (!tax.PerKilowattHour.IsZero)
                Line(text, "    perKilowattHour", tax.PerKilowattHour.ToString());
        }
    }

    private static void Charge(StringBuilder text, string member, Coin charge)
    {
        if (charge != Coin.Zero)
            Line(text, member, charge.ToString());
    }

    private static void Span(StringBuilder text, string member, Duration span)
    {
        if (span != Duration.Zero)
            Line(text, member, TariffText.Write(span));
    }

    private static void Line(StringBuilder text, string member, string value) => text.Append(member).Append(": ").Append(value).Append('\n');

    // Names have printing characters only, so these two are all that must not stand as they are.
    private static string Quoted(string name) =>
        $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
