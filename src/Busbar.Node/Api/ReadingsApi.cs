using System.Text;
using Busbar.Cryptography;
using Busbar.Domain.Metering;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Busbar.Node.Api;

/// <summary>Readings: taken by HTTP, listed, and proven.</summary>
internal static class ReadingsApi
{
    private const int MostRows = 500;
    private const int DefaultRows = 24;

    public static async Task<IResult> ReadingsAsync(NodeParts parts, NodeOptions options, string meter, int? limit, CancellationToken cancellation)
    {
        if (!TryMeter(options, meter, out var id, out _))
            return Problems.NotFound("no such meter");
        if (parts.Board!.Of(id).Last is not { } last)
            return Results.Ok(Array.Empty<object>());
        var length = options.Community.Rules.Length;
        var rows = Math.Clamp(limit ?? DefaultRows, 1, MostRows);
        var to = length.Containing(last.Instant).End;
        var points = await parts.Store!.Readings.SeriesAsync(id, to - (length.Duration * (rows + 1)), to, cancellation);
        return Results.Ok(points.Where(point => length.IsBoundary(point.Instant)).Reverse().Take(rows).Select(point => new
        {
            instant = CommunityApi.Text(point.Instant),
            importMwh = CommunityApi.Number(point.Registers.Import.MilliwattHours),
            exportMwh = CommunityApi.Number(point.Registers.Export.MilliwattHours),
            intervalStart = (point.Instant - length.Duration).ToUnixTimeSeconds(),
            estimated = false,
        }));
    }

    public static async Task<IResult> ProofAsync(
        NodeParts parts, NodeOptions options, string meter, long start, int? version, CancellationToken cancellation)
    {
        if (!TryMeter(options, meter, out var id, out var microgrid))
            return Problems.NotFound("no such meter");
        if (start is < 0 or > 253_402_300_799 || !options.Community.Rules.Length.IsBoundary(Instant.FromUnixTimeSeconds(start)))
            return Problems.BadRequest("start is no start of an interval in Unix seconds");
        var document = await parts.Proofs!.ProveAsync(microgrid, id, Instant.FromUnixTimeSeconds(start), version, cancellation);
        return document is null
            ? Problems.NotFound("that interval is not closed yet, or the meter has no leaf in it")
            : Results.Bytes(document.ToJson(), "application/json");
    }

    public static async Task<IResult> TakeReadingAsync(NodeParts parts, HttpContext context, string meter, CancellationToken cancellation)
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
        return Results.Ok();
    }

    private static bool TryMeter(NodeOptions options, string text, out MeterId meter, out MicrogridId microgrid)
    {
        (meter, microgrid) = (default, default);
        if (!Address.TryParse(text, out var key))
            return false;
        var found = options.Community.AllMeters.FirstOrDefault(pair => pair.Meter.Meter.Key == key);
        if (found.Meter is null)
            return false;
        (meter, microgrid) = (found.Meter.Meter, found.Microgrid.Id);
        return true;
    }
}
