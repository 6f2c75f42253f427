using System.ComponentModel;
using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Community;
using Busbar.Domain.Metering;
using Busbar.Node.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>Readings: taken by HTTP, listed, and proven.</summary>
internal static class ReadingsApi
{
    private const int MostRows = 500;
    private const int DefaultRows = 24;

    public static async Task<Results<Ok<IReadOnlyList<ReadingRow>>, ProblemHttpResult>> ReadingsAsync(
        NodeParts parts, NodeOptions options, RequestAccess access, string meter, int? limit, CancellationToken cancellation)
    {
        if (Find(parts, access, meter) is not { } house)
            return Problems.NotFound("no such meter");
        if (parts.Board!.Of(house.Meter).Last is not { } last)
            return TypedResults.Ok<IReadOnlyList<ReadingRow>>([]);
        var length = options.Community.Rules.Length;
        var rows = Math.Clamp(limit ?? DefaultRows, 1, MostRows);
        var to = length.Containing(last.Instant).End;
        var points = await parts.Store!.Readings.SeriesAsync(house.Meter, to - (length.Duration * (rows + 1)), to, cancellation);
        return TypedResults.Ok<IReadOnlyList<ReadingRow>>(
        [
            .. points.Where(point => length.IsBoundary(point.Instant)).Reverse().Take(rows).Select(point => new ReadingRow(
                Forms.Text(point.Instant),
                Forms.Number(point.Registers.Import.MilliwattHours),
                Forms.Number(point.Registers.Export.MilliwattHours),
                (point.Instant - length.Duration).ToUnixTimeSeconds())),
        ]);
    }

    public static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ProofAsync(
        NodeParts parts, NodeOptions options, RequestAccess access, string meter, long start, int? version, CancellationToken cancellation)
    {
        if (Find(parts, access, meter) is not { } house)
            return Problems.NotFound("no such meter");
        if (start is < 0 or > 253_402_300_799 || !options.Community.Rules.Length.IsBoundary(Instant.FromUnixTimeSeconds(start)))
            return Problems.BadRequest("start is no start of an interval in Unix seconds");
        var document = await parts.Proofs!.ProveAsync(house.Microgrid, house.Meter, Instant.FromUnixTimeSeconds(start), version, cancellation);
        return document is null
            ? Problems.NotFound("that interval is not closed yet, or the meter has no leaf in it")
            : TypedResults.Bytes(document.ToJson(), "application/json");
    }

    /// <summary>The house of a meter if the caller may see it; whether there is one is nobody else's business.</summary>
    public static House? Find(NodeParts parts, RequestAccess access, string meter) =>
        Address.TryParse(meter, out var key) && parts.Houses!.Find(new(key)) is { } house && access.Covers(house.Premises) ? house : null;

    public static async Task<Results<Ok, ProblemHttpResult>> TakeReadingAsync(NodeParts parts, HttpContext context, string meter, CancellationToken cancellation)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        const string scheme = "Bearer ";
        if (!Address.TryParse(meter, out var key) || !authorization.StartsWith(scheme, StringComparison.Ordinal)
            || !parts.Tokens!.IsValid(new(key), Encoding.ASCII.GetBytes(authorization[scheme.Length..])))
            return Problems.Problem(StatusCodes.Status401Unauthorized, "WrongToken", "the token is not that of this meter");
        var body = new byte[ReadingJson.MaximumSize + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
        if (length > ReadingJson.MaximumSize)
            return Problems.Problem(
                StatusCodes.Status413PayloadTooLarge, "Oversized", $"a reading has at most {ReadingJson.MaximumSize} bytes");
        await parts.Intake!.TakeAsync(new(key), body.AsMemory(0, length), cancellation);
        return TypedResults.Ok();
    }
}

/// <summary>A meter's registers at an interval's end.</summary>
internal sealed record ReadingRow(
    string Instant,
    string ImportMwh,
    string ExportMwh,
    [property: Description("The interval that ends with it, in Unix seconds: what a proof is asked for by.")] long IntervalStart);
