using System.Globalization;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;

namespace Busbar.Store.Notifications;

/// <summary>A filter of offers in one text: <c>highest lowest least microgrid,microgrid</c>, a dash for none.</summary>
internal static class OfferRows
{
    private const string None = "-";

    public static string? Write(OfferFilter filter) => filter == new OfferFilter() ? null : string.Join(
        ' ',
        Text(filter.HighestPrice),
        Text(filter.LowestPrice),
        filter.LeastEnergy.MilliwattHours.ToString(CultureInfo.InvariantCulture),
        filter.Microgrids.Count == 0 ? None : string.Join(',', filter.Microgrids.Select(one => one.Number).Order().Select(one => one.ToString(CultureInfo.InvariantCulture))));

    public static OfferFilter Read(string text)
    {
        var parts = text.Split(' ');
        if (parts.Length != 4)
            throw new InvalidDataException($"{text} is no filter of offers");
        return new()
        {
            HighestPrice = PriceOf(parts[0]),
            LowestPrice = PriceOf(parts[1]),
            LeastEnergy = Energy.FromMilliwattHours(long.Parse(parts[2], CultureInfo.InvariantCulture)),
            Microgrids = parts[3] == None
                ? new HashSet<MicrogridId>()
                : [.. parts[3].Split(',').Select(one => new MicrogridId(uint.Parse(one, CultureInfo.InvariantCulture)))],
        };
    }

    private static string Text(Price? price) => price?.WeiPerKilowattHour.ToString(CultureInfo.InvariantCulture) ?? None;

    private static Price? PriceOf(string text) =>
        text == None ? null : Price.FromWeiPerKilowattHour(UInt128.Parse(text, CultureInfo.InvariantCulture));
}
