using System.ComponentModel;
using System.Globalization;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.History;
using Busbar.Domain.Metering;
using Busbar.Ledger.Readings;
using Busbar.Node.Access;
using Busbar.Node.Api.Describing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>What premises or a meter took and gave over time.</summary>
internal static class HistoryApi
{
    /// <summary>What the table is, for the API's description.</summary>
    public static readonly Streamed Form = new(
        "text/csv",
        "A line for each row; times of the community's zone, empty where nothing is known (RFC 4180).",
        "name,start,end,import (mWh),export (mWh),notes\r\nHouse 7,2026-06-21T23:00:00+05:30,2026-06-22T00:00:00+05:30,312500,0,\r\n");

    public static async Task<Results<Ok<HistoryDocument>, ProblemHttpResult>> ReadAsync(
        NodeParts parts, NodeOptions options, RequestAccess access, [AsParameters] HistoryQuestion asked, CancellationToken cancellation)
    {
        if (!TryPlan(parts, options, access, asked, out var query, out _, out var refused))
            return refused!;
        var table = await parts.Store!.Readings.HistoryAsync(query!, cancellation);
        return TypedResults.Ok(new HistoryDocument(
            System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(query!.Step.ToString()),
            query.Zone.Id,
            [.. table.Rows.Select(Row)],
            new(
                Forms.Number(table.Total.Import.MilliwattHours),
                Forms.Number(table.Total.Export.MilliwattHours),
                await RegisterAsync(parts, query.Meters, table.First, cancellation),
                await RegisterAsync(parts, query.Meters, table.Last, cancellation))));
    }

    public static async Task<Results<ContentHttpResult, ProblemHttpResult>> CsvAsync(
        NodeParts parts, NodeOptions options, RequestAccess access, [AsParameters] HistoryQuestion asked, HttpContext context, CancellationToken cancellation)
    {
        if (!TryPlan(parts, options, access, asked, out var query, out var name, out var refused))
            return refused!;
        var table = await parts.Store!.Readings.HistoryAsync(query!, cancellation);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        HistoryCsv.Write(text, table, name, query!.Zone);
        context.Response.Headers.ContentDisposition = "attachment; filename=\"history.csv\"";
        return TypedResults.Content(text.ToString(), "text/csv", Encoding.UTF8);
    }

    private static bool TryPlan(
        NodeParts parts, NodeOptions options, RequestAccess access, HistoryQuestion asked, out HistoryQuery? query, out string name,
        out ProblemHttpResult? refused)
    {
        (query, name) = (null, "");
        var houses = asked.Meter is { } meter
            ? ReadingsApi.Find(parts, access, meter) is { } one ? [one] : []
            // The community's own meters are of no premises, and their sum would mean nothing.
            : Hash256.TryParse(asked.Premises, out var id) && id != Hash256.Zero
                ? parts.Houses!.All().Where(house => house.Premises.Value == id && access.Covers(house.Premises)).ToArray()
                : [];
        if (houses.Length == 0)
        {
            refused = Problems.NotFound("no such meter or premises");
            return false;
        }

        if (!Choice.TryRead<HistoryStep>(asked.Step, out var step) || step == HistoryStep.None)
        {
            refused = Problems.BadRequest("step is interval, hour, day, month or year");
            return false;
        }

        if (Forms.Read(asked.From) is not { } from || Forms.Read(asked.To) is not { } to || to <= from || to - from > Duration.FromDays(3_700))
        {
            refused = Problems.BadRequest("from and to are instants such as 2026-01-31T00:00:00Z, to after from and within ten years of it");
            return false;
        }

        var (zone, length) = (options.Community.Zone, options.Community.Rules.Length);
        try
        {
            _ = HistoryCalendar.Boundaries(from, to, step, zone, length);
        }
        catch (ArgumentOutOfRangeException)
        {
            refused = Problems.BadRequest($"that would be more than {HistoryCalendar.MaximumRows} rows; take longer steps or a shorter time");
            return false;
        }

        query = new([.. houses.Select(house => house.Meter)], from, to, step, zone, length);
        name = houses[0].Name;
        refused = null;
        return true;
    }

    private static HistoryLine Row(HistoryRow row) => new(
        Forms.Text(row.Start),
        Forms.Text(row.End),
        row.Energy is { } energy ? Forms.Number(energy.Import.MilliwattHours) : null,
        row.Energy is { } same ? Forms.Number(same.Export.MilliwattHours) : null,
        (row.Marks & ~(HistoryMarks.Estimated | HistoryMarks.Gathered)) == HistoryMarks.Complete,
        row.Marks.HasFlag(HistoryMarks.Estimated),
        [
            .. Enum.GetValues<HistoryMarks>().Where(mark => mark != HistoryMarks.Complete && row.Marks.HasFlag(mark))
                .Select(mark => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(mark.ToString())),
        ]);

    private static async Task<RegisterDocument?> RegisterAsync(
        NodeParts parts, IReadOnlyList<MeterId> meters, Instant? at, CancellationToken cancellation)
    {
        if (at is not { } instant)
            return null;
        var (import, export) = (0L, 0L);
        foreach (var meter in meters)
        {
            if (await parts.Store!.Readings.ReadingAsync(meter, instant, cancellation) is not { } signed)
                return null;
            import += signed.Reading.Registers.Import.MilliwattHours;
            export += signed.Reading.Registers.Export.MilliwattHours;
        }

        return new(Forms.Text(instant), Forms.Number(import), Forms.Number(export));
    }
}

/// <summary>Which history is asked for.</summary>
internal sealed record HistoryQuestion
{
    [Description("A meter's address; or give premises.")]
    [FromQuery(Name = "meter")]
    public string? Meter { get; init; }

    [Description("The id of premises: the sum of all its meters.")]
    [FromQuery(Name = "premises")]
    public string? Premises { get; init; }

    [Description("The first instant; rows begin at or before it.")]
    [FromQuery(Name = "from")]
    public string? From { get; init; }

    [Description("The first instant after the span; rows end at or after it.")]
    [FromQuery(Name = "to")]
    public string? To { get; init; }

    [Description("interval, hour, day, month or year.")]
    [FromQuery(Name = "step")]
    public string? Step { get; init; }
}

/// <summary>A history whose rows add up to the difference of its registers.</summary>
internal sealed record HistoryDocument([property: OneOf(typeof(HistoryStep), Letters.Camel)] string Step, string Zone, IReadOnlyList<HistoryLine> Rows, HistoryTotal Total);

/// <summary>A row of a history.</summary>
internal sealed record HistoryLine(
    string Start,
    string End,
    [property: Description("Null when nothing is known of it.")] string? ImportMwh,
    string? ExportMwh,
    [property: Description("A register is known at both ends.")] bool Complete,
    bool Estimated,
    [property: OneOf(typeof(HistoryMarks), Letters.Camel, nameof(HistoryMarks.Complete))] IReadOnlyList<string> Marks);

/// <summary>The sum of a history: the difference of the registers that are told beside it.</summary>
internal sealed record HistoryTotal(string ImportMwh, string ExportMwh, RegisterDocument? FromRegister, RegisterDocument? ToRegister);

/// <summary>Registers at an instant; of several meters their sum.</summary>
internal sealed record RegisterDocument(string At, string ImportMwh, string ExportMwh);
