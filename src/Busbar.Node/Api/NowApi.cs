using System.ComponentModel;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>The community now, as sums that show nobody's life.</summary>
internal static class NowApi
{
    public static NowDocument Now(NodeParts parts, NodeOptions options)
    {
        var now = parts.Clock!.GetCurrentInstant();
        var today = parts.Board!.DayStart;
        // The transformer counts the others' sum once more.
        var houses = parts.Houses!.All().Where(house => house.Kind != MeterKind.Transformer).ToLookup(house => house.Microgrid);
        var microgrids = options.Community.Microgrids.Select(microgrid => Sum(parts, houses[microgrid.Id], microgrid.Id.Number, microgrid.Name, now, today))
            .ToArray();
        return new(Forms.Text(now), microgrids, Sum(parts, houses.SelectMany(group => group), 0, options.Community.Name, now, today));
    }

    private static PowerNow Sum(NodeParts parts, IEnumerable<House> houses, uint id, string name, Instant now, Instant today)
    {
        var (import, export, meters, reporting) = (0.0, 0.0, 0, 0);
        var energy = default(EnergySum);
        foreach (var house in houses)
        {
            meters++;
            var live = parts.Board!.Of(house.Meter);
            if (live is { Last: { } last, DayStart: { } start } && last.Instant >= today)
            {
                var (taken, given) = last.Since(start);
                energy += new EnergySum(taken, given);
            }

            if (live.PowerWatts is not { } watts || HousesApi.IsStale(live, now))
                continue;
            reporting++;
            import += Math.Max(0, watts);
            export += Math.Min(0, watts);
        }

        return new(
            id, name, import, export, import + export, Forms.Number(energy.Import.MilliwattHours), Forms.Number(energy.Export.MilliwattHours), meters, reporting);
    }
}

/// <summary>The community now.</summary>
/// <param name="At">The instant of all of it.</param>
/// <param name="Microgrids">Each microgrid.</param>
/// <param name="Total">All of them.</param>
internal sealed record NowDocument(string At, IReadOnlyList<PowerNow> Microgrids, PowerNow Total);

/// <summary>What flows now and flowed today.</summary>
internal sealed record PowerNow(
    uint Id,
    string Name,
    [property: Description("Sum of what houses take, in watts.")] double ImportW,
    [property: Description("Sum of what houses give, in watts, negative.")] double ExportW,
    [property: Description("Taken less given, import positive.")] double NetW,
    string TodayImportMwh,
    string TodayExportMwh,
    int Meters,
    [property: Description("How many of them told their power lately; the sums are theirs.")] int Reporting);
