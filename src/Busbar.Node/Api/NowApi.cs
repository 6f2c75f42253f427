using System.ComponentModel;
using Busbar.Node.Live;

namespace Busbar.Node.Api;

/// <summary>The community now, as sums that show nobody's life.</summary>
internal static class NowApi
{
    public static NowDocument Now(NodeParts parts, NodeOptions options) => new(
        Forms.Text(parts.Clock!.GetCurrentInstant()),
        [
            .. options.Community.Microgrids.Select(microgrid => Row(parts.Board!.Totals(microgrid.Id), microgrid.Id.Number, microgrid.Name)),
        ],
        Row(parts.Board!.Totals(microgrid: null), 0, options.Community.Name));

    private static PowerNow Row(LiveTotals totals, uint id, string name) => new(
        id,
        name,
        Forms.Text(totals.At),
        totals.ImportPower.Watts,
        -totals.ExportPower.Watts,
        totals.ImportPower.Watts - totals.ExportPower.Watts,
        Forms.Number(totals.TodayImport.MilliwattHours),
        Forms.Number(totals.TodayExport.MilliwattHours),
        totals.Meters,
        totals.Reporting);
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
    [property: Description("The instant of the powers; null when nobody told any lately.")] string? At,
    [property: Description("Sum of what houses take, in watts.")] double ImportW,
    [property: Description("Sum of what houses give, in watts, negative.")] double ExportW,
    [property: Description("Taken less given, import positive.")] double NetW,
    string TodayImportMwh,
    string TodayExportMwh,
    int Meters,
    [property: Description("How many of them told their power lately; the sums are theirs.")] int Reporting);
