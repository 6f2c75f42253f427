using System.Globalization;
using Busbar.Node.Community;
using Busbar.Node.Live;
using NodaTime;
using NodaTime.Text;

namespace Busbar.Node.Api;

/// <summary>The community and its houses as they are now.</summary>
internal static class CommunityApi
{
    // A house that says nothing for so long is shown as last seen, not as now.
    private static readonly Duration StaleAfter = Duration.FromMinutes(30);

    public static object Community(NodeParts parts, NodeOptions options)
    {
        var contracts = parts.Deployment!.Contracts;
        return new
        {
            name = options.Community.Name,
            zone = options.Community.Zone.Id,
            intervalMinutes = options.Community.Rules.Length.Minutes,
            chainId = contracts.ChainId,
            contracts = new
            {
                council = contracts.Council.ToString(),
                members = contracts.Members.ToString(),
                meters = contracts.Meters.ToString(),
                anchors = contracts.Anchors.ToString(),
            },
            microgrids = options.Community.Microgrids.Select(microgrid => new { id = microgrid.Id.Number, name = microgrid.Name }),
            demo = options.IsDemonstration,
            now = Text(parts.Clock!.GetCurrentInstant()),
        };
    }

    public static IEnumerable<object> Houses(NodeParts parts, NodeOptions options)
    {
        var now = parts.Clock!.GetCurrentInstant();
        var today = parts.Board!.DayStart;
        return options.Community.AllMeters.Select(pair => House(pair.Microgrid, pair.Meter, parts.Board.Of(pair.Meter.Meter), now, today));
    }

    public static string Text(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static object House(MicrogridDescription microgrid, MeterDescription meter, LiveMeter live, Instant now, Instant today)
    {
        var registers = live.Last?.Registers ?? default;
        var (import, export) = live is { Last: { } last, DayStart: { } start } && last.Instant >= today
            ? last.Since(start)
            : default;
        return new
        {
            meter = meter.Meter.ToString(),
            kind = meter.Kind.ToString().ToLowerInvariant(),
            name = meter.Name,
            microgrid = microgrid.Id.Number,
            powerW = live.PowerWatts,
            lastSeen = live.LastSeen is { } seen ? Text(seen) : null,
            stale = live.LastSeen is not { } heard || now - heard > StaleAfter,
            todayImportMwh = Number(import.MilliwattHours),
            todayExportMwh = Number(export.MilliwattHours),
            importMwh = Number(registers.Import.MilliwattHours),
            exportMwh = Number(registers.Export.MilliwattHours),
            lastReading = live.Last is { } newest ? Text(newest.Instant) : null,
        };
    }
}
