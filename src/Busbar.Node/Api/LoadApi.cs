using Busbar.Domain.Community;
using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>Load by place, as sums that tell nobody's life: a place of few premises is shown only together with others.</summary>
internal static class LoadApi
{
    private const int FewestPremises = 3;
    private const int MostRows = 800;

    public static async Task<Results<Ok<LoadDocument>, ProblemHttpResult>> ReadAsync(
        NodeParts parts, NodeOptions options, string? by, string? from, string? to, string? step, CancellationToken cancellation)
    {
        Func<House, string>? place = by switch { "district" => house => house.District, "feeder" => house => house.Feeder, _ => null };
        if (place is null)
            return Problems.BadRequest("by is district or feeder");
        if (!Choice.TryRead<HistoryStep>(step ?? "day", out var length) || length == HistoryStep.None)
            return Problems.BadRequest("step is interval, hour, day, month or year");
        if (Forms.Read(from) is not { } start || Forms.Read(to) is not { } end || end <= start)
            return Problems.BadRequest("from and to are instants such as 2026-01-31T00:00:00Z, to after from");
        var (zone, interval) = (options.Community.Zone, options.Community.Rules.Length);
        if (end - start > Duration.FromDays(3_700) || Rows(start, end, length, zone, interval) > MostRows)
            return Problems.BadRequest($"that would be more than {MostRows} rows for each place; take longer steps or a shorter time");
        var rows = new List<LoadRow>();
        foreach (var (name, houses) in Places(parts.Houses!.All().Where(house => house.Kind == MeterKind.Premises), place))
        {
            var history = await parts.Store!.Readings.HistoryAsync(
                new([.. houses.Select(house => house.Meter)], start, end, length, zone, interval), cancellation);
            rows.AddRange(history.Rows.Where(row => row.Energy is not null).Select(row => new LoadRow(
                name,
                houses.Count,
                Forms.Text(row.Start),
                Forms.Text(row.End),
                Forms.Number(row.Energy!.Value.Import.MilliwattHours),
                Forms.Number(row.Energy.Value.Export.MilliwattHours))));
        }

        return TypedResults.Ok(new LoadDocument(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(length.ToString()), zone.Id, rows));
    }

    /// <summary>The places with their houses; those of too few premises together, and left out when even together they are too few.</summary>
    internal static IReadOnlyList<(string? Name, IReadOnlyList<House> Houses)> Places(IEnumerable<House> houses, Func<House, string> place)
    {
        var large = new List<(string? Name, IReadOnlyList<House> Houses)>();
        var small = new List<House>();
        foreach (var group in houses.GroupBy(place, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            if (group.Key.Length > 0 && group.Count() >= FewestPremises)
                large.Add((group.Key, [.. group]));
            else
                small.AddRange(group);
        }

        // What is left out could be told by subtraction if anybody published the whole; nobody does.
        if (small.Count >= FewestPremises)
            large.Add((null, small));
        return large;
    }

    private static int Rows(Instant from, Instant to, HistoryStep step, DateTimeZone zone, IntervalLength length)
    {
        try
        {
            return HistoryCalendar.Boundaries(from, to, step, zone, length).Count - 1;
        }
        catch (ArgumentOutOfRangeException)
        {
            return int.MaxValue;
        }
    }
}

/// <summary>Load by place.</summary>
internal sealed record LoadDocument([property: OneOf(typeof(HistoryStep), Letters.Camel)] string Step, string Zone, IReadOnlyList<LoadRow> Rows);

/// <summary>A place's load in a step; its name is null for the places too small to be shown alone.</summary>
internal sealed record LoadRow(string? Place, int Premises, string Start, string End, string ImportMwh, string ExportMwh);
