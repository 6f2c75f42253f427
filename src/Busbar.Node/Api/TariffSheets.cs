using System.ComponentModel;
using System.Text.Json;
using Busbar.Domain.Billing;
using Busbar.Node.Api.Describing;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>A tariff as people know it from their bill.</summary>
internal sealed record TariffSheetDocument(
    string Name,
    string? Currency,
    string Zone,
    [property: Description("The first day on which a period may begin by it.")] string FirstDay,
    [property: Description("The first day on which none may any more; null is without end.")] string? EndDay,
    string FixedChargeWei,
    string MinimumChargeWei,
    string ExportPriceWei,
    [property: Description("Exported energy is carried over as energy.")] bool CarriesEnergy,
    [property: Description("From a bill until it is due.")] uint DueSeconds,
    [property: Description("From the due date until the permit ends.")] uint GraceSeconds,
    [property: Description("The period that charges and slabs are meant for; 0 when they are never prorated.")] uint PeriodSeconds,
    IReadOnlyList<SlabDocument> Slabs,
    [property: Description("The first whose times an instant is in is its band; the last is for all other times.")]
    IReadOnlyList<RateBandDocument> Bands,
    IReadOnlyList<SeasonDocument> Seasons,
    [property: OneOf("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), Description("The days of the week's end.")]
    IReadOnlyList<string> Weekend,
    [property: Description("Days that are neither weekdays nor of the weekend.")] IReadOnlyList<string> Holidays,
    IReadOnlyList<TaxDocument> Taxes)
{
    /// <summary>The sheet of a tariff.</summary>
    public static TariffSheetDocument Of(Tariff tariff) => new(
        tariff.Name,
        tariff.Currency,
        tariff.Zone.Id,
        TariffText.Write(tariff.ValidFrom),
        tariff.ValidUntil is { } until ? TariffText.Write(until) : null,
        BillingApi.Wei(tariff.FixedCharge),
        BillingApi.Wei(tariff.MinimumCharge),
        BillingApi.Wei(tariff.ExportPrice),
        tariff.CarriesEnergy,
        Seconds(tariff.Due),
        Seconds(tariff.Grace),
        Seconds(tariff.Period),
        [
            .. tariff.Slabs.Select(slab => new SlabDocument(
                slab.UpTo is { } limit ? Forms.Number(limit.MilliwattHours) : null, BillingApi.Wei(slab.Price), BillingApi.Wei(slab.FixedCharge))),
        ],
        [.. tariff.Bands.Select(band => new RateBandDocument(band.Name, BillingApi.Wei(band.Price), [.. band.Times.Select(Time)]))],
        [.. tariff.Seasons.Select(season => new SeasonDocument(season.Name, TariffText.Write(season.From), TariffText.Write(season.To)))],
        [.. tariff.Weekend.Select(day => JsonNamingPolicy.CamelCase.ConvertName(day.ToString()))],
        [.. tariff.Holidays.Select(TariffText.Write)],
        [.. tariff.Taxes.Select(tax => new TaxDocument(tax.Name, tax.Share, BillingApi.Wei(tax.PerKilowattHour)))]);

    private static BandTimeDocument Time(BandTime time) => new(
        [
            .. new[] { DayKinds.Weekday, DayKinds.Weekend, DayKinds.Holiday }.Where(kind => time.Days.HasFlag(kind))
                .Select(kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())),
        ],
        [.. time.Seasons],
        [.. time.Hours.Select(TariffText.Write)]);

    private static uint Seconds(Duration span) => (uint)(span.BclCompatibleTicks / NodaConstants.TicksPerSecond);
}

/// <summary>A rate band: a price for some hours of some days.</summary>
internal sealed record RateBandDocument(
    string Name,
    [property: Description("On top of the slabs where there are any.")] string PriceWei,
    [property: Description("Any of these; empty for all times that the bands before it leave.")] IReadOnlyList<BandTimeDocument> Times);

/// <summary>Some hours of some days; what is empty is any.</summary>
internal sealed record BandTimeDocument(
    [property: OneOf("weekday", "weekend", "holiday")] IReadOnlyList<string> Days,
    [property: Description("By name.")] IReadOnlyList<string> Seasons,
    [property: Description("Such as 16:00-21:00; over midnight when the second is not later.")] IReadOnlyList<string> Hours);

/// <summary>A part of the year that comes again each year.</summary>
internal sealed record SeasonDocument(
    string Name,
    [property: Description("Its first day, month and day.")] string FirstDay,
    [property: Description("Its last day, inclusive.")] string LastDay);
