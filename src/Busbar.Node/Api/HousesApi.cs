using System.ComponentModel;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Busbar.Node.Live;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>The houses as they are now, as far as the caller may see them.</summary>
internal static class HousesApi
{
    // A house that says nothing for so long is shown as last seen, not as now.
    private static readonly Duration StaleAfter = Duration.FromMinutes(30);

    public static IReadOnlyList<HouseNow> Houses(NodeParts parts, RequestAccess access) =>
        [.. All(parts).Where(pair => access.Covers(pair.House.Premises)).Select(pair => pair.Now)];

    /// <summary>All houses, for those who choose among them themselves.</summary>
    public static IReadOnlyList<(House House, HouseNow Now)> All(NodeParts parts)
    {
        var now = parts.Clock!.GetCurrentInstant();
        var today = parts.Board!.DayStart;
        return [.. parts.Houses!.All().Select(house => (house, Now(parts, house, now, today)))];
    }

    public static bool IsStale(LiveMeter live, Instant now) => live.LastSeen is not { } heard || now - heard > StaleAfter;

    private static HouseNow Now(NodeParts parts, House house, Instant now, Instant today)
    {
        var live = parts.Board!.Of(house.Meter);
        var registers = live.Last?.Registers ?? default;
        var (import, export) = live is { Last: { } last, DayStart: { } start } && last.Instant >= today
            ? last.Since(start)
            : default;
        return new(
            house.Meter.ToString(),
            house.Kind.ToString().ToLowerInvariant(),
            house.Name,
            house.Microgrid.Number,
            house.Premises.ToString(),
            live.PowerWatts,
            Forms.Text(live.LastSeen),
            IsStale(live, now),
            SupplyApi.Relay(parts.Supply!.Of(house.Meter, now)),
            Forms.Number(import.MilliwattHours),
            Forms.Number(export.MilliwattHours),
            Forms.Number(registers.Import.MilliwattHours),
            Forms.Number(registers.Export.MilliwattHours),
            Forms.Text(live.Last?.Instant));
    }
}

/// <summary>A metering point now.</summary>
internal sealed record HouseNow(
    string Meter,
    [property: OneOf(typeof(MeterKind), Letters.Lower)] string Kind,
    string Name,
    uint Microgrid,
    string Premises,
    [property: Description("Power in watts, import positive; null when the meter says nothing.")] double? PowerW,
    string? LastSeen,
    bool Stale,
    [property: OneOf("closed", "open"), Description("What its relay reads back; null when it has none, or told of none.")] string? Relay,
    string TodayImportMwh,
    string TodayExportMwh,
    [property: Description("The import register in milliwatt-hours.")] string ImportMwh,
    [property: Description("The export register in milliwatt-hours.")] string ExportMwh,
    string? LastReading);
