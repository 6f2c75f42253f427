using System.ComponentModel;
using System.Globalization;
using Busbar.Domain.Metering;
using Busbar.Domain.Notifications;
using Busbar.Domain.Quantities;

namespace Busbar.Node.Api;

/// <summary>Which offers and wishes of neighbours somebody is told of.</summary>
internal sealed record OffersForm(
    [property: Description("No advert above it, a kWh; null for any.")] string? HighestPriceWei,
    [property: Description("No demand below it, a kWh; null for any.")] string? LowestPriceWei,
    [property: Description("Nothing smaller.")] string LeastMwh,
    [property: Description("Nothing from elsewhere; empty for anywhere.")] IReadOnlyList<uint> Microgrids)
{
    /// <summary>What is said of a filter that is none.</summary>
    public const string Rule = "offers has prices in wei a kWh or null, leastMwh of 0 or more, and at most 64 microgrids";

    /// <summary>A filter that lets everything through.</summary>
    public static OffersForm All { get; } = Of(new());

    /// <summary>A filter as it is shown.</summary>
    public static OffersForm Of(OfferFilter filter) => new(
        filter.HighestPrice?.WeiPerKilowattHour.ToString(CultureInfo.InvariantCulture),
        filter.LowestPrice?.WeiPerKilowattHour.ToString(CultureInfo.InvariantCulture),
        Forms.Number(filter.LeastEnergy.MilliwattHours),
        [.. filter.Microgrids.Select(one => one.Number).Order()]);

    /// <summary>The filter; null when this is none.</summary>
    public OfferFilter? Read()
    {
        if (Microgrids is not { Count: <= OfferFilter.MostMicrogrids } || Microgrids.Contains(0U)
            || !long.TryParse(LeastMwh, NumberStyles.None, CultureInfo.InvariantCulture, out var least)
            || !TryRead(HighestPriceWei, out var highest) || !TryRead(LowestPriceWei, out var lowest))
        {
            return null;
        }

        return new()
        {
            HighestPrice = highest,
            LowestPrice = lowest,
            LeastEnergy = Energy.FromMilliwattHours(least),
            Microgrids = Microgrids.Select(one => new MicrogridId(one)).ToHashSet(),
        };
    }

    private static bool TryRead(string? text, out Price? price)
    {
        price = null;
        if (text is null)
            return true;
        if (!UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var wei))
            return false;
        price = Price.FromWeiPerKilowattHour(wei);
        return true;
    }
}
